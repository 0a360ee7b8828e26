import { z } from 'zod'
import { parseListen } from '../../base/index.ts'
import { allowedHost, deniedHost, privatePlace } from './host-settings.ts'
import { identityOf } from './identity.ts'
import { inspectSettings } from './inspect/settings.ts'
import { alerts, limits, ownLists } from './limit-settings.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))

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
    for (const [section, owners] of Object.entries({ agents, skills })) {
      const names = Object.keys(owners).map((name) => name.toLowerCase())
      const twice = Object.keys(owners).find((name, at) => names.indexOf(name.toLowerCase()) < at)
      // One of the two would hold, and nobody could say which.
      if (twice !== undefined) context.addIssue({ code: 'custom', path: [section, twice], message: 'is there in another spelling already: capitals make no difference' })
    }
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
