import { z } from 'zod'
import { parseDuration, parseListen } from '../../base/index.ts'
import { parsePrivateAllowance } from './addresses.ts'
import { parseHostRule } from './host-policy.ts'
import { identityOf } from './identity.ts'
import { inspectSettings } from './inspect/settings.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))

const hostForms = 'a host is written host, host:port, *.example.com or as an address: no scheme, no path'

const allowedName = z
  .string()
  .refine((text) => text.trim() !== '*', {
    error: 'allowing every host is no allow list: name the hosts, or a domain as *.example.com',
    abort: true,
  })
  .refine((text) => isReadable(() => parseHostRule(text)), hostForms)

const allowedHost = z.union([
  allowedName,
  z
    .strictObject({
      host: allowedName.describe('the host, in the forms a host alone is written in').meta({ unit: 'host' }),
      methods: z
        .array(z.string().regex(/^[A-Za-z]{3,20}$/, 'a method is a word such as GET'))
        .min(1)
        .optional()
        .describe('the only methods that may be used, where they can be seen: plain HTTP and inspected TLS; a tunnel nobody can look into is refused then'),
      paths: z
        .array(z.string().regex(/^\/[\x21-\x7e]*$/, 'a path begins with /'))
        .min(1)
        .optional()
        .describe('beginnings of the only paths that may be asked for, where they can be seen'),
      protocol: z
        .enum(['web', 'tcp'])
        .optional()
        .describe('`tcp` lets anything flow through a tunnel to the written port, such as a database; otherwise it has to be TLS or HTTP for the host'),
    })
    .refine((entry) => isReadable(() => parseHostRule(entry)), '`protocol: tcp` needs a host with a port, and can have no methods or paths'),
])

const deniedHost = z.string().refine((text) => text.trim() === '*' || isReadable(() => parseHostRule(text)), hostForms)

const privatePlace = z
  .string()
  .refine(
    (text) => isReadable(() => parsePrivateAllowance([text])),
    'write an address range such as 10.0.0.0/8, an address or a host name',
  )

const duration = z.string().transform(parseDuration)
const size = z.string().transform(parseSize)
// A kilobyte is less than a handshake; a terabyte an hour is no limit.
const bytes = size.pipe(z.int().min(1_000).max(1_000_000_000_000))

const ownLists = z.strictObject({
  allowed_hosts: z
    .array(allowedHost)
    .default([])
    .describe('hosts it may reach beyond those everybody may')
    .meta({ unit: 'host', enforced: true }),
  denied_hosts: z
    .array(deniedHost)
    .default([])
    .describe('hosts it may not reach although others may; `*`: none but its own `allowed_hosts`')
    .meta({ unit: 'host', enforced: true }),
  connections: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('connections it may have open at once, instead of `limits.connections_per_identity`')
    .meta({ enforced: true }),
  bytes_per_hour: bytes
    .optional()
    .describe('bytes it may move within an hour, both ways together, instead of `limits.bytes_per_hour`')
    .meta({ unit: 'size', enforced: true }),
})

const limits = z.strictObject({
  connect_timeout: duration
    .pipe(z.int().min(100).max(120_000))
    .prefault('10s')
    .describe('how long looking a name up, and then connecting, may take')
    .meta({ unit: 'duration', enforced: true }),
  opening_timeout: duration
    .pipe(z.int().min(100).max(120_000))
    .prefault('10s')
    .describe('how long a client may take to say what it wants, and then to begin')
    .meta({ unit: 'duration', enforced: true }),
  idle_timeout: duration
    .pipe(z.int().min(1_000).max(86_400_000))
    // Long polls of chat channels stay silent for up to a minute; five leave room.
    .prefault('5m')
    .describe('silence in both directions that ends a connection')
    .meta({ unit: 'duration', enforced: true }),
  lifetime: duration
    .pipe(z.int().min(1_000))
    .optional()
    .describe('how long a connection may last however busy it is; left out: no end')
    .meta({ unit: 'duration', enforced: true }),
  connections: z
    .int()
    .min(1)
    .max(100_000)
    .default(1024)
    .describe('connections of all together')
    .meta({ enforced: true }),
  connections_per_identity: z
    .int()
    .min(1)
    .max(100_000)
    .default(512)
    .describe('connections one agent, one skill or the gateway may have open at once')
    .meta({ enforced: true }),
  bytes_per_connection: bytes
    .optional()
    .describe('bytes through one connection, both ways together; left out: no limit')
    .meta({ unit: 'size', enforced: true }),
  bytes_per_hour: bytes
    .optional()
    .describe('bytes one agent, one skill or the gateway may move within an hour; left out: no limit')
    .meta({ unit: 'size', enforced: true }),
})

const alerts = z.strictObject({
  new_destination: z
    .boolean()
    .default(true)
    .describe('an alert in the log when somebody is let to a host for the first time')
    .meta({ enforced: true }),
  upload: bytes
    // A repository or a mailbox is more; a request with a picture is less.
    .prefault('20MB')
    .describe('an alert in the log when one of them sends so much to one host within an hour')
    .meta({ unit: 'size', enforced: true }),
})

/** `egress`: where agents and tools may connect to. A host must be allowed by name to be reachable at all. */
export const egressSettings = z
  .strictObject({
    listen: listen
      .prefault('127.0.0.1:18702')
      .describe('address of the egress proxy')
      .meta({ unit: 'listen', enforced: true }),
    mode: z
      .enum(['enforce', 'report', 'learn'])
      .default('enforce')
      .describe(
        'what the lists mean: `enforce` refuses what they do not name; `report` and `learn` let it pass and note it, ' +
          'denied hosts and private addresses excepted (`hardshell egress propose` makes a list of what was learnt)',
      )
      .meta({ enforced: true }),
    allowed_hosts: z
      .array(allowedHost)
      .default([])
      .describe('hosts everybody may reach, on 443 and 80 unless a port is written; also as `{host, methods, paths, protocol}`')
      .meta({ unit: 'host', enforced: true }),
    denied_hosts: z
      .array(deniedHost)
      .default(['*'])
      .describe('hosts nobody may reach even if allowed; `*`, all that is not allowed by name, holds always')
      .meta({ unit: 'host', enforced: true }),
    allow_private: z
      .array(privatePlace)
      .default([])
      .describe('private address ranges, addresses and names that allowed hosts may lead to')
      .meta({ unit: 'host', enforced: true }),
    agents: z
      .record(
        z.string().refine((id) => identityOf(id) !== null, 'an agent id has letters, digits, `_` and `-`'),
        ownLists,
      )
      .default({})
      .describe('id of an agent → its own lists and limits, for connections with its credential'),
    skills: z
      .record(
        z.string().refine((name) => identityOf('any', name) !== null, 'a skill is named in letters, digits, `.`, `_` and `-`'),
        ownLists,
      )
      .default({})
      .describe("name of a skill → its own lists and limits, on top of its agent's, for connections with its credential"),
    unidentified: z
      .enum(['gateway', 'refuse'])
      .default('gateway')
      .describe(
        'connections without a credential: `gateway` gives them what everybody has; `refuse` wants a credential of ' +
          'everybody, the gateway included, which then has one in its configuration',
      )
      .meta({ enforced: true }),
    do_without: z
      .array(z.string().min(1))
      .default([])
      .describe('hosts a channel or tool of the installation would need and is to do without: the start is not refused for them')
      .meta({ unit: 'host', enforced: true }),
    dangerously_allow_ech: z
      .boolean()
      .default(false)
      .describe('let pass TLS that hides its server name (ECH): a host on a shared server can then be any other one')
      .meta({ enforced: true }),
    inspect: inspectSettings,
    limits: limits.prefault({}),
    alerts: alerts.prefault({}),
    dns_over_https: z
      .boolean()
      .default(false)
      .describe('resolve names over HTTPS (`dns.https_servers`), unseen by the local network')
      .meta({ enforced: true }),
  })
  .superRefine(({ unidentified, agents, skills }, context) => {
    if (unidentified === 'refuse') return
    // Without a credential one would have what everybody has: more than what was meant for this one.
    for (const [section, owners] of Object.entries({ agents, skills })) {
      for (const [name, { denied_hosts: denied }] of Object.entries(owners)) {
        if (denied.length === 0) continue
        const message = 'narrows nothing while a connection without a credential has what everybody has: set `egress.unidentified: refuse`'
        context.addIssue({ code: 'custom', path: [section, name, 'denied_hosts'], message })
      }
    }
  })
  .prefault({})
  .describe('outbound connections')

/** `tls`: how connections are encrypted, both ways. */
export const tlsSettings = z
  .strictObject({
    min_version: z
      .enum(['1.2', '1.3'])
      .default('1.2')
      .describe('oldest accepted TLS version')
      .meta({ enforced: true }),
    preferred_version: z
      .enum(['1.2', '1.3'])
      .default('1.3')
      .describe('newest TLS version offered, which is spoken with every server that can')
      .meta({ enforced: true }),
    verify_certificates: z
      .literal(true)
      .default(true)
      .describe('refuse certificates that do not verify')
      .meta({
        enforced: true,
        refusal: 'verification cannot be switched off: put the certificate of a private authority into `tls.ca_bundle`',
      }),
    ca_bundle: z
      .string()
      .regex(/^\/./, 'an absolute path is needed')
      .optional()
      .describe('file of the accepted certificate authorities, PEM; left out: the list of Mozilla, as Node carries it')
      .meta({ enforced: true }),
  })
  .refine(({ min_version, preferred_version }) => min_version <= preferred_version, {
    error: 'is older than `tls.min_version`, so that no version is left to speak',
    path: ['preferred_version'],
  })
  .prefault({})
  .describe('encryption of connections')

/** The proxy's own reader decides: what it would choke on at the start is a mistake in the file. */
function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

const bytesPer = { KB: 1000, MB: 1_000_000, GB: 1_000_000_000 } as const

/** Reads `64MB`. Decimal units; `null` when it is not a size or has no unit. */
function parseSize(text: string): number | null {
  const match = /^(\d{1,9})(KB|MB|GB)$/.exec(text)
  return match ? Number(match[1]) * bytesPer[match[2] as keyof typeof bytesPer] : null
}
