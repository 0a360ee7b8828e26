import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { parseDuration } from '../base/index.ts'

const place = z.string().refine(
  (text) => isIP(text) !== 0 || ipaddr.isValidCIDR(text) || /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i.test(text),
  'write an address range such as 10.8.0.0/16, an address or a host name',
)

/** `require_vpn`: OpenClaw starts only while this tunnel is up, and stops reaching anything when it goes down. */
export const requireVpnSettings = z
  .strictObject({
    kind: z.enum(['wireguard', 'tailscale', 'any']).default('any').describe('which kind of tunnel counts').meta({ enforced: true }),
    interface: z
      .string()
      .regex(/^[A-Za-z0-9_.=+-]{1,15}$/, 'a name of an interface has at most 15 letters, digits and _.=+-')
      .optional()
      .describe('name of its interface, such as wg0; left out: any')
      .meta({ enforced: true }),
    max_handshake_age: z
      .string()
      .transform(parseDuration)
      // WireGuard gives a session up after 180 s without a new handshake (REJECT_AFTER_TIME, whitepaper section 6.1).
      .pipe(z.int().min(60_000).max(86_400_000))
      .prefault('3m')
      .describe('a WireGuard peer that was last heard of longer ago is taken for gone')
      .meta({ unit: 'duration', enforced: true }),
    routes: z
      .array(place)
      .max(32)
      .default([])
      .describe('networks, addresses and names that must be reached through the tunnel')
      .meta({ unit: 'host', enforced: true }),
    check_every: z
      .string()
      .transform(parseDuration)
      .pipe(z.int().min(1000).max(60_000))
      .prefault('5s')
      .describe('time between two looks at the tunnel')
      .meta({ unit: 'duration', enforced: true }),
  })
  .optional()
  .describe('the VPN without which nothing leaves')
