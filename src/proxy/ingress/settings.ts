import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { parseListen } from '../../base/index.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))
const absolutePath = z.string().regex(/^\/./, 'an absolute path is needed')
const cidr = z.string().refine((text) => ipaddr.isValidCIDR(text), 'an address range is written 10.0.0.0/8 or fd00::/8')

/** `server`: the front door. */
export const serverSettings = z
  .strictObject({
    listen: listen
      // Not OpenClaw's 18789, and outside the ports it counts up from there (18790 to 18899).
      .prefault('127.0.0.1:18700')
      .describe('address of the front door')
      .meta({ unit: 'listen', enforced: true }),
    cert: absolutePath.optional().describe('file of the TLS certificate chain, PEM').meta({ enforced: false }),
    key: absolutePath.optional().describe('file of the private key of `server.cert`, PEM').meta({ enforced: false }),
    auto_renew: z
      .boolean()
      .default(false)
      .describe("get and renew the certificate from Let's Encrypt")
      .meta({ enforced: false }),
  })
  .superRefine(({ cert, key }, context) => {
    if ((cert === undefined) === (key === undefined)) return
    const [there, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    const message = `\`server.${there}\` needs \`server.${missing}\` beside it`
    context.addIssue({ code: 'custom', path: [there], message })
  })
  .prefault({})
  .describe('the front door')

/** `api.rate_limiting`: how often one caller may ask. */
export const rateLimitingSettings = z
  .strictObject({
    enabled: z.boolean().default(true).describe('limit the rate of requests').meta({ enforced: false }),
    requests_per_minute: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(60)
      .describe('steady rate of one caller')
      .meta({ unit: 'requests per minute', enforced: false }),
    burst: z
      .int()
      .min(1)
      .max(100_000)
      .default(10)
      .describe('requests beyond the steady rate that are let through at once')
      .meta({ unit: 'requests', enforced: false }),
  })
  .prefault({})
  .describe('rate limits at the front door')

/** `api.ip_allowlist`: from where one may come at all. */
export const ipAllowlistSettings = z
  .strictObject({
    enabled: z.boolean().default(false).describe('refuse callers from elsewhere').meta({ enforced: false }),
    cidrs: z
      .array(cidr)
      .default([])
      .describe('address ranges callers may come from')
      .meta({ unit: 'cidr', enforced: false }),
  })
  .superRefine(({ enabled, cidrs }, context) => {
    if (!enabled || cidrs.length > 0) return
    const message = 'an allow list without `cidrs` would lock everybody out'
    context.addIssue({ code: 'custom', path: ['enabled'], message })
  })
  .prefault({})
  .describe('address ranges accepted at the front door')

const inboundPort = z
  .strictObject({
    port: z.int().min(1).max(65_535).describe('port that may be reached').meta({ unit: 'port' }),
    protocol: z.enum(['tcp', 'udp']).default('tcp').describe('protocol of the port'),
    from: cidr.optional().describe('address range that may reach it; left out: anybody').meta({ unit: 'cidr' }),
    comment: z.string().optional().describe('what the port is for'),
  })
  .meta({ enforced: false })

/** `ports`: what the firewall of the host lets in; everything else is denied. */
export const portSettings = z.array(inboundPort).default([]).describe('ports the firewall of the host lets in')
