import { z } from 'zod'
import { isIP } from 'node:net'
import { parseHostRule } from '../host-policy.ts'

/** `1MiB`, `500KB`. @returns bytes, or `null` */
function parseSize(text: string): number | null {
  const match = /^(\d{1,9})\s*(KB|MB|KiB|MiB)$/.exec(text.trim())
  const factor = { KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 * 1024 }[match?.[2] ?? '']
  return match && factor !== undefined ? Number(match[1]) * factor : null
}

const host = z
  .string()
  .refine(isName, 'a host is written as a name, name:port or *.example.com: an address is not opened')

const credential = z.strictObject({
  secret: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'a secret is named with letters, digits and underscores')
    .describe('name of the secret that is put in')
    .meta({ enforced: true }),
  header: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header has a name without spaces')
    .refine((name) => !framing.test(name), 'this header frames the request: nothing is put into it')
    .transform((name) => name.toLowerCase())
    .prefault('authorization')
    .describe('the one header it is put into, in place of its sentinel')
    .meta({ enforced: true }),
})

// Whoever may write into these decides where a request ends, where it goes, or who reads it.
const framing = /^(host|connection|content-length|transfer-encoding|content-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

const inspected = z.strictObject({
  host: host.describe('whose TLS is opened').meta({ unit: 'host', enforced: true }),
  methods: z
    .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
    .min(1)
    .optional()
    .describe('methods that may be used; left out: all of these')
    .meta({ enforced: true }),
  paths: z
    .array(z.string().regex(/^\/[A-Za-z0-9._~!$&'()*+,;=:@/-]*$/, 'a path begins with / and has no query and no percent signs'))
    .min(1)
    .optional()
    .describe('paths that may be asked for, each with what is below it; left out: all')
    .meta({ enforced: true }),
  max_body: z
    .string()
    .transform(parseSize)
    .pipe(z.int().min(0).max(16 * 1024 * 1024))
    .prefault('1MiB')
    .describe('largest body of a request, as sent and unpacked; looking through a megabyte takes about a second')
    .meta({ unit: 'size', enforced: true }),
  secrets: z
    .enum(['block', 'redact', 'allow'])
    .default('block')
    .describe('what becomes of a request that carries a secret: refused, its body redacted, or let through')
    .meta({ enforced: true }),
  answers: z
    .enum(['redact', 'allow'])
    .default('redact')
    .describe('secrets in answers that are text: taken out, or let through; credentials put in here are always taken out')
    .meta({ enforced: true }),
  credentials: z
    .array(credential)
    .default([])
    .describe('secrets the guard puts into requests to this host, where the agent only holds a sentinel'),
})

/** `egress.inspect`: hosts whose TLS is opened, by the authority of this installation. */
export const inspectSettings = z
  .array(inspected)
  .default([])
  .refine((all) => new Set(all.map(({ host: name }) => name.toLowerCase())).size === all.length, 'a host stands here twice')
  .describe('hosts whose TLS the guard opens to judge methods, paths and bodies')

/** One of them, as the configuration hands it out. */
export type InspectSetting = Frozen<z.output<typeof inspected>>

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

function isName(text: string): boolean {
  try {
    return isIP(parseHostRule(text).host) === 0
  } catch {
    return false
  }
}
