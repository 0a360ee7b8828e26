import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createOutboundTls, Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { checkKey, verifyCredentials } from './credentials.ts'
import { chooseProviders } from './providers.ts'

type Entry = Omit<Config['models']['providers'][string], 'forward_headers'> & { forward_headers: string[] }
const entry = (more: Partial<Entry>): Entry => ({
  api: 'openai-completions',
  base_url: 'https://host.example/v1',
  usage_in_stream: 'ask',
  forward_headers: [],
  key: '$A_KEY',
  models: [{ id: 'm', context_window: undefined, max_tokens: undefined }],
  ...more,
})
const configOf = (providers: Record<string, Entry>) => ({ models: { providers } }) as unknown as Config
const tls = createOutboundTls()
const find = async (name: string): Promise<Secret | null> => (name === 'A_KEY' ? new Secret('good-key') : null)

describe('the providers of the settings', () => {
  it('are known to the model proxy by its words and to OpenClaw by its own', async () => {
    const { forProxy, forOpenClaw } = await chooseProviders(
      configOf({
        chat: entry({ usage_in_stream: 'never' }),
        responses: entry({ api: 'openai-responses', base_url: 'https://host.example/v1/' }),
        claude: entry({ api: 'anthropic-messages', base_url: 'https://host.example/' }),
        gemini: entry({ api: 'google-generative-ai', base_url: 'https://host.example/v1beta' }),
        other: entry({ base_url: 'https://host.example/api/paas/v4' }),
      }),
      { get: find, current: find },
    )
    expect(forProxy.slice(0, 5).map(({ api, baseUrl, usageInStream }) => [api, baseUrl, usageInStream])).toEqual([
      ['openai-chat', 'https://host.example', 'never'],
      ['openai-responses', 'https://host.example', 'ask'],
      ['anthropic-messages', 'https://host.example', 'ask'],
      ['google-generative', 'https://host.example', 'ask'],
      ['openai-chat', 'https://host.example/api/paas/v4', 'ask'],
    ])
    expect(forOpenClaw.map(({ api }) => api).slice(0, 4)).toEqual(['openai-completions', 'openai-responses', 'anthropic-messages', 'google-generative-ai'])
  })

  it('are those whose key is at hand when none is named', async () => {
    const gemini = async (name: string): Promise<Secret | null> => (name === 'GEMINI_API_KEY' ? new Secret('key') : null)
    const { forOpenClaw } = await chooseProviders(configOf({}), { get: gemini, current: gemini })
    expect(forOpenClaw).toMatchObject([{ name: 'google', api: 'google-generative-ai', models: [{ id: 'gemini-2.5-flash' }, {}, {}] }])
  })
})

const open: { close(): void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** A provider that takes one key, in the header its API has for it. */
async function providerTaking(key: string): Promise<{ url: string; seen: IncomingMessage['headers'][]; paths: string[] }> {
  const seen: IncomingMessage['headers'][] = []
  const paths: string[] = []
  const server = createServer((request, reply) => {
    seen.push(request.headers)
    paths.push(request.url!)
    const { authorization, 'x-api-key': claude, 'x-goog-api-key': google } = request.headers
    const good = [authorization, claude, google].some((value) => value === key || value === `Bearer ${key}`)
    // Google does not say 401.
    reply.writeHead(good ? 200 : google === undefined ? 401 : 400).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, paths }
}

describe('a key is tried', () => {
  it.each([
    ['openai-completions', '/v1', '/v1/models', 'authorization'],
    ['openai-responses', '/v1', '/v1/models', 'authorization'],
    ['anthropic-messages', '', '/v1/models', 'x-api-key'],
    ['google-generative-ai', '/v1beta', '/v1beta/models', 'x-goog-api-key'],
    ['openai-completions', '/api/paas/v4', '/api/paas/v4/models', 'authorization'],
  ] as const)('at a provider of %s under %j by asking for its models', async (api, base, path, header) => {
    const { url, seen, paths } = await providerTaking('good-key')
    const config = configOf({ it: entry({ api, base_url: url + base }) })
    expect(await verifyCredentials(config, { find, tls })).toEqual([{ name: 'A_KEY', ok: true, detail: 'accepted by it' }])
    expect(paths).toEqual([path])
    expect(seen[0]).toHaveProperty(header)
    expect(await checkKey(config, { name: 'A_KEY', secret: new Secret('old-key') }, tls)).toEqual({ verdict: 'refused' })
    expect(await checkKey(config, { name: 'A_KEY', secret: new Secret('good-key') }, tls)).toEqual({ verdict: 'accepted' })
  })

  it('and stays unknown when nobody answers, or nobody takes it', async () => {
    const config = configOf({ it: entry({ base_url: 'http://127.0.0.1:1/v1' }) })
    expect(await checkKey(config, { name: 'A_KEY', secret: new Secret('x') }, tls)).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('it could not be asked') })
    expect(await checkKey(config, { name: 'OTHER', secret: new Secret('x') }, tls)).toEqual({ verdict: 'unknown', why: 'no provider is configured with $OTHER' })
    expect(await verifyCredentials(config, { find: async () => null, tls })).toEqual([{ name: 'A_KEY', ok: false, detail: 'not found in any store' }])
  })
})
