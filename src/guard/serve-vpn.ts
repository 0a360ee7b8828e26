import type { AuditSink } from '../auditlog/index.ts'
import type { Config } from '../config/index.ts'
import type { Decision } from '../policy/index.ts'
import { createVpnWatch, refuseWithoutVpn, tellVpn, type VpnPorts } from './vpn-watch.ts'

/** `require_vpn` where one proxy runs alone: the same condition as for the whole guard. */
export interface HeldVpn {
  /** `null` while the tunnel is up, or where none is required. Cheap: asked per request. */
  refuses(): Decision | null
  /** Looks again and again from now on. @param cut ends what is under way */
  watch(cut: (reason: string) => number): void
  stop(): void
}

/**
 * @param what is not started without the tunnel, for the log
 * @throws HardshellError `guard.vpn-down`
 */
export async function holdVpn(config: Pick<Config, 'require_vpn'>, log: AuditSink, what: string, ports?: VpnPorts): Promise<HeldVpn> {
  const vpn = createVpnWatch(config, ports)
  await refuseWithoutVpn({ vpn, log }, what)
  return {
    refuses() {
      const closed = vpn?.closedBy()
      return closed ? { allow: false, ...closed } : null
    },
    watch: (cut) => vpn?.start((verdict) => void tellVpn(verdict, { log, cut: (_, reason) => cut(reason) })),
    stop: () => vpn?.stop(),
  }
}
