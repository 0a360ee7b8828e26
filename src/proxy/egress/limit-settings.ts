import { z } from 'zod'
import { parseDuration } from '../../base/index.ts'
import { allowedHost, deniedHost } from './host-settings.ts'

const duration = z.string().transform(parseDuration)
const size = z.string().transform(parseSize)
// A kilobyte is less than a handshake; a terabyte an hour is no limit.
const bytes = size.pipe(z.int().min(1_000).max(1_000_000_000_000))

/** `egress.agents.NAME`, `egress.skills.NAME`. */
export const ownLists = z.strictObject({
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

/** `egress.limits` */
export const limits = z.strictObject({
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

/** `egress.alerts` */
export const alerts = z.strictObject({
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

const bytesPer = { KB: 1000, MB: 1_000_000, GB: 1_000_000_000 } as const

/** Reads `64MB`. Decimal units; `null` when it is not a size or has no unit. */
function parseSize(text: string): number | null {
  const match = /^(\d{1,9})(KB|MB|GB)$/.exec(text)
  return match ? Number(match[1]) * bytesPer[match[2] as keyof typeof bytesPer] : null
}
