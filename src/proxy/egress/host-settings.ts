import { z } from 'zod'
import { parsePrivateAllowance } from './addresses.ts'
import { parseHostRule } from './host-policy.ts'

const hostForms = 'a host is written host, host:port, *.example.com or as an address: no scheme, no path'

const allowedName = z
  .string()
  .refine((text) => text.trim() !== '*', {
    error: 'allowing every host is no allow list: name the hosts, or a domain as *.example.com',
    abort: true,
  })
  .refine((text) => isReadable(() => parseHostRule(text)), hostForms)

/** One entry of a list of allowed hosts. */
export const allowedHost = z.union([
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

/** One entry of a list of denied hosts; `*` among them. */
export const deniedHost = z.string().refine((text) => text.trim() === '*' || isReadable(() => parseHostRule(text)), hostForms)

/** One entry of `allow_private`. */
export const privatePlace = z
  .string()
  .refine(
    (text) => isReadable(() => parsePrivateAllowance([text])),
    'write an address range such as 10.0.0.0/8, an address or a host name',
  )

/** The proxy's own reader decides: what it would choke on at the start is a mistake in the file. */
function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
