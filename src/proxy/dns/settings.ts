import { isIP } from 'node:net'
import { z } from 'zod'
import { parseDuration, parseListen } from '../../base/index.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))

/** `10.0.0.2`, `10.0.0.2:5353`, `fd00::53`, `[fd00::53]:5353`: the port is 53 unless it is written. */
const server = z
  .string()
  .transform((text) => (isIP(text.trim()) === 0 ? parseListen(text) : { host: text.trim(), port: 53 }))
  .pipe(z.object({ host: z.string(), port: z.int().min(1) }))

const seconds = (max: number) => z.string().transform(parseDuration).pipe(z.int().min(0).max(max))

const httpsServer = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/ })
      .describe('address of the service, https:// only (RFC 8484)')
      .meta({ unit: 'url', enforced: true }),
    addresses: z
      .array(z.string().refine((text) => isIP(text) !== 0, 'an address is written 9.9.9.9 or 2620:fe::fe'))
      .default([])
      .describe('where its host is, so that nobody has to be asked for it first')
      .meta({ enforced: true }),
  })
  .superRefine(({ url, addresses }, context) => {
    const host = URL.canParse(url) ? new URL(url).hostname.replaceAll(/[[\]]/g, '') : ''
    if (addresses.length > 0 || isIP(host) !== 0) return
    context.addIssue({ code: 'custom', path: ['addresses'], message: `name the addresses of ${host}: a resolver cannot be asked where the resolver is` })
  })

// Operators, addresses and names as the operators publish them (quad9.net, developers.cloudflare.com/1.1.1.1).
const knownHttpsServers = [
  { url: 'https://dns.quad9.net/dns-query', addresses: ['9.9.9.9', '149.112.112.112'] },
  { url: 'https://cloudflare-dns.com/dns-query', addresses: ['1.1.1.1', '1.0.0.1'] },
]

/** `dns`: which names resolve for agents and tools. Those of `egress.allowed_hosts` do, all others are refused. */
export const dnsSettings = z
  .strictObject({
    enabled: z.boolean().default(true).describe('run the DNS filter').meta({ enforced: true }),
    listen: listen
      .prefault('127.0.0.1:18703')
      .describe('address of the DNS filter, UDP and TCP; port 53 of the gateway is led here by the kernel')
      .meta({ unit: 'listen', enforced: true }),
    dangerously_listen_beyond_loopback: z
      .boolean()
      .default(false)
      .describe('let `dns.listen` be an address other machines may reach')
      .meta({ enforced: true }),
    servers: z
      .array(server)
      .max(8)
      .default([])
      .describe('resolvers to ask for approved names; left out: those of /etc/resolv.conf')
      .meta({ unit: 'address', enforced: true }),
    https_servers: z
      .array(httpsServer)
      .min(1)
      .max(8)
      .prefault(knownHttpsServers)
      .describe('whom to ask with `egress.dns_over_https`'),
    refuse_with: z
      .enum(['refused', 'nxdomain'])
      .default('refused')
      .describe('answer for names nobody approved; nxdomain ends retries of programs that take a refusal for a pause')
      .meta({ enforced: true }),
    record_types: z
      .array(z.enum(['A', 'AAAA', 'HTTPS', 'SVCB', 'MX', 'TXT']))
      .default(['A', 'AAAA'])
      .describe('types of records that are passed; MX and TXT can carry more than addresses, both ways')
      .meta({ enforced: true }),
    min_ttl: seconds(300_000).prefault('5s').describe('an answer is kept at least this long').meta({ unit: 'duration', enforced: true }),
    max_ttl: seconds(86_400_000).prefault('1h').describe('an answer is kept at most this long').meta({ unit: 'duration', enforced: true }),
    cache_entries: z.int().min(0).max(100_000).default(4096).describe('answers that are kept').meta({ unit: 'answers', enforced: true }),
    queries_per_second: z
      .int()
      .min(1)
      .max(1_000_000)
      // A page opened by an agent asks for some tens of names; all children of one gateway share its address.
      .default(500)
      .describe('questions one address may ask; more are dropped')
      .meta({ unit: 'questions per second', enforced: true }),
    tunnelling: z
      .enum(['alert', 'block'])
      .default('alert')
      .describe('what follows when questions look like data carried out: an alert, or refusal of that domain as well')
      .meta({ enforced: true }),
  })
  .superRefine(({ min_ttl, max_ttl }, context) => {
    if (min_ttl <= max_ttl) return
    context.addIssue({ code: 'custom', path: ['min_ttl'], message: '`dns.min_ttl` must not be longer than `dns.max_ttl`' })
  })
  .prefault({})
  .describe('names that resolve for agents and tools')
