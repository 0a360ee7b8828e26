import { isIP } from 'node:net'
import { z } from 'zod'
import { isPublicAddress, parseListen } from '../../base/index.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))

const model = z.union([
  z
    .string()
    .min(1)
    .transform((id) => ({ id, context_window: undefined, max_tokens: undefined })),
  z.strictObject({
    id: z.string().min(1).describe('name of the model at the provider'),
    context_window: z
      .int()
      .min(1)
      .max(100_000_000)
      .optional()
      .describe('tokens the model can read')
      .meta({ unit: 'tokens' }),
    max_tokens: z
      .int()
      .min(1)
      .max(10_000_000)
      .optional()
      .describe('tokens the model may write')
      .meta({ unit: 'tokens' }),
  }),
])

const httpsOnly = 'keys travel over https only (http is accepted for addresses of this machine or network)'

const provider = z.strictObject({
  api: z
    .enum(['openai-completions', 'openai-responses', 'anthropic-messages', 'google-generative-ai'])
    .describe('protocol the provider speaks, in the words of OpenClaw')
    .meta({ enforced: true }),
  usage_in_stream: z
    .enum(['ask', 'never'])
    .default('ask')
    .describe(
      'whether streams of `openai-completions` are asked what they cost; `never` for servers that refuse ' +
        '`stream_options`: their streams are charged by their bytes',
    )
    .meta({ enforced: true }),
  forward_headers: z
    .array(z.string().regex(/^[a-z0-9_-]{1,64}$/, 'a header is named in lower case: letters, digits, `-`, `_`'))
    .default([])
    .describe('request headers of clients that go on to this provider, beside those model APIs are known to read')
    .meta({ enforced: true }),
  base_url: z
    .url({ protocol: /^https?$/ })
    .refine(isEncryptedOrPrivate, httpsOnly)
    .describe('address of the provider')
    .meta({ unit: 'url', enforced: true }),
  key: z
    .string()
    .regex(/^\$[A-Za-z_]\w*$/)
    .optional()
    .describe('the real key, as a reference to a secret; left out: the server needs none')
    .meta({ unit: 'reference', enforced: true }),
  models: z
    .array(model)
    .default([])
    .describe('models OpenClaw is offered, by name or as `{id, context_window, max_tokens}`')
    .meta({ enforced: true }),
})

const providerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'a provider is named in lower case: letters, digits, `_`, `-`')

/** `models`: the providers behind the model proxy. Agents see the proxy and a virtual key, never these. */
export const modelSettings = z
  .strictObject({
    listen: listen
      .prefault('127.0.0.1:18701')
      .describe('address of the model proxy')
      .meta({ unit: 'listen', enforced: true }),
    providers: z
      .record(providerName, provider)
      .default({})
      .describe('name of a provider → how to reach it; none: those whose key is in the environment'),
  })
  .prefault({})
  .describe('model providers')

function isEncryptedOrPrivate(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return true // not an address at all: the schema says so itself
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return url.protocol === 'https:' || host === 'localhost' || (isIP(host) !== 0 && !isPublicAddress(host))
}
