import { z } from 'zod'
import { parseListen } from '../../base/index.ts'
import { parsePrivateAllowance } from './addresses.ts'
import { parseHostRule } from './host-policy.ts'

const listen = z.string().transform(parseListen).pipe(z.object({ host: z.string(), port: z.int() }))

const hostForms = 'a host is written host, host:port, *.example.com or as an address: no scheme, no path'

const allowedHost = z
  .string()
  .refine((text) => text.trim() !== '*', {
    error: 'allowing every host is no allow list: name the hosts, or a domain as *.example.com',
    abort: true,
  })
  .refine((text) => isReadable(() => parseHostRule(text)), hostForms)

const deniedHost = z.string().refine((text) => text.trim() === '*' || isReadable(() => parseHostRule(text)), hostForms)

const privatePlace = z
  .string()
  .refine(
    (text) => isReadable(() => parsePrivateAllowance([text])),
    'write an address range such as 10.0.0.0/8, an address or a host name',
  )

/** `egress`: where agents and tools may connect to. A host must be allowed by name to be reachable at all. */
export const egressSettings = z
  .strictObject({
    listen: listen
      .prefault('127.0.0.1:18702')
      .describe('address of the egress proxy')
      .meta({ unit: 'listen', enforced: true }),
    allowed_hosts: z
      .array(allowedHost)
      .default([])
      .describe('hosts that may be reached, on 443 and 80 unless a port is written')
      .meta({ unit: 'host', enforced: true }),
    denied_hosts: z
      .array(deniedHost)
      .default(['*'])
      .describe('hosts that may not be reached even if allowed; `*`, all that is not allowed by name, holds always')
      .meta({ unit: 'host', enforced: true }),
    allow_private: z
      .array(privatePlace)
      .default([])
      .describe('private address ranges, addresses and names that allowed hosts may lead to')
      .meta({ unit: 'host', enforced: true }),
    dns_over_https: z
      .boolean()
      .default(false)
      .describe('resolve names over HTTPS, unseen by the local network')
      .meta({ enforced: false }),
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
      .meta({ enforced: false }),
    preferred_version: z
      .enum(['1.2', '1.3'])
      .default('1.3')
      .describe('TLS version offered first')
      .meta({ enforced: false }),
    verify_certificates: z
      .literal(true)
      .default(true)
      .describe('refuse certificates that do not verify')
      .meta({
        enforced: false,
        refusal: 'verification cannot be switched off: put the certificate of a private authority into `tls.ca_bundle`',
      }),
    ca_bundle: z
      .string()
      .regex(/^\/./, 'an absolute path is needed')
      .optional()
      .describe('file of accepted certificate authorities, PEM; left out: those of the system')
      .meta({ enforced: false }),
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
