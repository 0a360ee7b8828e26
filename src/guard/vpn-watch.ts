import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { AuditSink, NewEntry } from '../auditlog/index.ts'
import { formatDuration, HardshellError, messageOf, systemClock, type Clock } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { judgeVpn, readTunnels, routeTo, type RequiredRoute, type TunnelFacts, type VpnCondition, type VpnVerdict } from '../host/index.ts'
import type { Pulse } from '../proof/index.ts'

/** Keeps an eye on the tunnel `require_vpn` names. */
export interface VpnWatch {
  /** The rule that closes everything right now, or `null`. Cheap: asked per request. Stale is closed. */
  closedBy(): { rule: string; reason: string } | null
  /** Looks now. */
  check(): Promise<VpnVerdict>
  /** Looks again and again; `onChange` is told when it comes or goes. */
  start(onChange: (verdict: VpnVerdict) => void): void
  stop(): void
}

export interface VpnPorts {
  clock: Clock
  readTunnels(): Promise<TunnelFacts>
  routesOf(routes: readonly string[]): Promise<RequiredRoute[]>
}

const systemPorts: VpnPorts = { clock: systemClock, readTunnels, routesOf }

// One look may take this long on a loaded machine; who does not know closes.
const lookTimeoutMs = 10_000

/** @returns `null` when no VPN is required */
export function createVpnWatch({ require_vpn: wanted }: Pick<Config, 'require_vpn'>, ports: VpnPorts = systemPorts): VpnWatch | null {
  if (wanted === undefined) return null
  const { clock } = ports
  const maxAgeMs = wanted.check_every * 2 + lookTimeoutMs
  let [seen, seenAt]: [VpnVerdict | null, number] = [null, -Infinity]
  let [timer, looking, onChange]: [NodeJS.Timeout | undefined, boolean, (verdict: VpnVerdict) => void] = [undefined, false, () => undefined]

  const check = async (): Promise<VpnVerdict> => {
    const begunAt = clock.monotonicMs()
    const verdict = await look(wanted, ports)
    // What a slow look saw is older than what a later one has said since. It counts from its beginning for that reason.
    if (begunAt < seenAt) return verdict
    const before = seen
    seen = verdict
    seenAt = begunAt
    if (before !== null && before.up !== verdict.up) onChange(verdict)
    return verdict
  }
  return {
    check,
    closedBy() {
      if (seen === null) return { rule: 'vpn.unknown', reason: 'the VPN was not looked at yet (require_vpn in network.yaml)' }
      if (!seen.up) return { rule: 'vpn.down', reason: `the VPN is down: ${seen.reason} (require_vpn in network.yaml)` }
      const ageMs = clock.monotonicMs() - seenAt
      if (ageMs > maxAgeMs) return { rule: 'vpn.unknown', reason: `the VPN was last looked at ${formatDuration(ageMs)} ago` }
      return null
    },
    start(told) {
      onChange = told
      timer ??= setInterval(() => {
        if (looking) return
        looking = true
        void check().catch(() => undefined).finally(() => (looking = false))
      }, wanted.check_every)
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}

async function look(wanted: NonNullable<Config['require_vpn']>, ports: VpnPorts): Promise<VpnVerdict> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${formatDuration(lookTimeoutMs)}`)), lookTimeoutMs)
  })
  try {
    const read = async (): Promise<VpnVerdict> => {
      const [facts, routes] = await Promise.all([ports.readTunnels(), ports.routesOf(wanted.routes)])
      const condition: VpnCondition = { kind: wanted.kind, interface: wanted.interface ?? null, maxHandshakeAgeMs: wanted.max_handshake_age, routes }
      return judgeVpn(condition, facts, ports.clock.now())
    }
    return await Promise.race([read(), late])
  } catch (error) {
    return { up: false, reason: `its state cannot be read: ${messageOf(error)}`, hint: 'wg show; tailscale status' }
  } finally {
    clearTimeout(timer)
  }
}

/** A tunnel that went down ends what is under way, an alert says so, and the proofs are made anew either way. */
export async function tellVpn(verdict: VpnVerdict, { log, pulse, cut }: { log: AuditSink; pulse?: Pick<Pulse, 'prove'>; cut(agentId: null, reason: string): number }): Promise<void> {
  if (!verdict.up) cut(null, `the VPN went down: ${verdict.reason}`)
  const entry: NewEntry = verdict.up
    ? { event_type: 'lifecycle', rule: 'vpn.up', reason: `the VPN is back: ${verdict.detail}` }
    : { event_type: 'alert', severity: 'critical', surface: 'vpn', rule: 'vpn.down', reason: `the VPN went down: ${verdict.reason}; nothing leaves until it is back` }
  // The paths are closed with or without the line.
  await log.append(entry).catch(() => undefined)
  await pulse?.prove()
}

/**
 * Where a VPN is required, OpenClaw is not even started without it: it would ask for names at once.
 * @throws HardshellError `guard.vpn-down`
 */
export async function refuseWithoutVpn({ vpn, log }: { vpn: Pick<VpnWatch, 'check'> | null; log: AuditSink }, what = 'OpenClaw'): Promise<void> {
  const verdict = await vpn?.check()
  if (verdict === undefined || verdict.up) return
  await log.append({ event_type: 'lifecycle', severity: 'critical', decision: 'deny', rule: 'vpn.down', reason: `${what} is not started: ${verdict.reason}` })
  throw new HardshellError('guard.vpn-down', `the VPN is down: ${verdict.reason} (require_vpn in network.yaml)`, { hint: verdict.hint })
}

/** Addresses and routes of what `require_vpn.routes` lists; a network is asked for by its first address. */
async function routesOf(routes: readonly string[]): Promise<RequiredRoute[]> {
  return await Promise.all(
    routes.map(async (text) => {
      const [host = ''] = text.split('/')
      const addresses = isIP(host) === 0 ? await lookup(host, { all: true }).then((all) => all.map(({ address }) => address), () => []) : [host]
      return { text, targets: await Promise.all(addresses.map(async (address) => ({ address, fact: await routeTo(address) }))) }
    }),
  )
}
