import { migrations as alertsMigrations, type Alerts } from '../alerts/index.ts'
import { openAuditLog, type AuditLog } from '../auditlog/index.ts'
import { formatMoney, HardshellError, systemClock, type Listen, type OutboundTls, type Secret } from '../base/index.ts'
import { createMeter, migrations as budgetMigrations, type Meter, type Recovery } from '../budget/index.ts'
import type { Config } from '../config/index.ts'
import { servePlugin, type Closable } from '../control/index.ts'
import { createKillSwitch, migrations as identityMigrations, type KillSwitch } from '../identity/index.ts'
import { createLoopWatch, expandToolGroups, type LoopLimits, type PolicyFacts } from '../policy/index.ts'
import { createPulse, type Pulse } from '../proof/index.ts'
import { createEgressCredentials, egressMigrations, type EgressCredentials, type EgressProxy } from '../proxy/egress/index.ts'
import type { DnsFilter } from '../proxy/dns/index.ts'
import { createTurnBook, type TurnBook } from '../proxy/index.ts'
import type { Ingress } from '../proxy/ingress/index.ts'
import type { ModelProxy } from '../proxy/model/index.ts'
import { migrations as scheduleMigrations } from '../schedule/index.ts'
import type { LocalStore, Secrets } from '../secrets/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { openGuardAlerts } from './alerts.ts'
import { namesInForce, type NamesInForce } from './approved-names.ts'
import { cellStrangers } from './cells.ts'
import { openDoors, type Doors } from './doors.ts'
import type { UserId } from './gateway-user.ts'
import { createJudge } from './judge.ts'
import { startJobs } from './jobs.ts'
import { openDns } from './dns.ts'
import { openGuardInspection, type GuardInspection } from './inspection.ts'
import { knowSecrets, openContent } from './known-secrets.ts'
import { createLineage } from './lineage.ts'
import { credentialOf, egressOptions } from './egress.ts'
import { limitsOf, ofWhom, pricesOf } from './metering.ts'
import type { TrustEvents } from './outbound-tls.ts'
import type { OwnKeys } from './own-keys.ts'
import type { StatePaths } from './paths.ts'
import { createProbeTurns } from './probe-turn.ts'
import { recordProof, surfacesFor, type GatewayView } from './proofs.ts'
import type { ProviderSet } from './providers.ts'
import { createRotations, type Rotations } from './rotation.ts'
import { containedTools, openGuardSandbox, type GuardSandbox } from './sandbox.ts'
import type { SecretEvents } from './secrets.ts'
import { createVpnWatch, tellVpn, type VpnWatch } from './vpn-watch.ts'

/** What a guard is made of. */
export interface WireInput {
  paths: StatePaths
  config: Config
  keys: OwnKeys
  /** Bearer tokens of api.yaml, resolved. */
  apiTokens: readonly { name: string; permissions: readonly string[]; secret: Secret }[]
  providers: ProviderSet
  /** The stores, and what they report until the log is open. */
  secrets: Secrets & { local: LocalStore }
  secretEvents: SecretEvents
  /** How everything connects to elsewhere, and what is said of its authorities until the log is open. */
  tls: OutboundTls
  trustEvents: TrustEvents
  /** Real provider keys by name, to look for them where they must not be. */
  providerKeys: Map<string, Secret>
  user: UserId | null
  /** The gateway as far as proofs and the front door need it; its process starts later. */
  gateway: GatewayView
  listen: { ingress: Listen; model: Listen; egress: Listen; dns: Listen }
}

/** The rooms, connected and listening. */
export interface Wired {
  log: AuditLog
  store: Store
  meter: Meter
  killSwitch: KillSwitch
  turns: TurnBook
  pulse: Pulse
  alerts: Alerts
  rotations: Rotations
  model: ModelProxy
  egress: EgressProxy
  egressCredentials: EgressCredentials
  /** `null`: no host is inspected. */
  inspection: GuardInspection | null
  ingress: Ingress
  /** `null`: switched off. */
  dns: DnsFilter | null
  /** Which names it resolves, by the lists in force. */
  names: NamesInForce
  /** `null`: no VPN is required. */
  vpn: VpnWatch | null
  /** Secrets have changed: what the stores hold now is not to be shown either. */
  knowAgain(): Promise<void>
  sandbox: GuardSandbox
  at: { ingress: Listen; model: Listen; egress: Listen; dns: Listen }
  /** Cuts what is under way for one agent, or for all. @returns how many */
  cut(agentId: string | null, reason: string): number
  close(): Promise<void>
}

/** Connects everybody. The one file that knows everyone; it decides nothing. */
export async function wire(input: WireInput): Promise<Wired> {
  const { paths, config } = input
  const clock = systemClock
  const closing: (() => Promise<void> | void)[] = []
  try {
    const { log, firstSeq } = await openLog(input)
    closing.unshift(() => log.close())
    for (const events of [input.secretEvents, input.trustEvents]) events.connect(log)
    const fresh = input.secrets.keepFresh()
    closing.unshift(() => fresh.stop(), () => input.secrets.close())
    const store = openStore({ path: paths.database, migrations: [...budgetMigrations, ...identityMigrations, ...scheduleMigrations, ...egressMigrations, ...alertsMigrations] })
    closing.unshift(() => store.close())
    const killSwitch = createKillSwitch({ db: store.db }, { clock })
    const meter = await openMeter(config, store, log)
    closing.unshift(() => meter.close())
    const turns = createTurnBook(clock)
    const content = await openContent(input)
    const alerts = openGuardAlerts(input, { log, firstSeq, db: store.db, redact: content.redact }, (end) => closing.unshift(end))
    const loops = createLoopWatch(loopLimitsOf(config))
    const at = { ...input.listen }
    const probes = createProbeTurns(input.gateway, input.keys.gateway)
    const egressCredentials = createEgressCredentials(input.keys.egress)
    const inspection = await openGuardInspection(input, { audit: log, content: content.inspect })
    const sandbox = await openGuardSandbox(input, { audit: log, egress: () => at.egress, proxyCredential: (agentId) => credentialOf(egressCredentials, agentId) })
    closing.unshift(() => sandbox.close())
    const vpn = createVpnWatch(config)
    closing.unshift(() => vpn?.stop())
    const pulse: Pulse = createPulse(
      surfacesFor(input, { vpn, log, turns, probes, at, sandbox }),
      // A turn of the real gateway takes a second when warm, ten and more on a loaded machine right after its start.
      { everyMs: config.proof.every, surfaceTimeoutMs: 60_000 },
      { clock, record: (surface, nonce, turnedRed) => recordProof(log, surface, nonce, turnedRed) },
    )
    closing.unshift(() => pulse.stop())
    const deniedTools = expandToolGroups(sandbox.missing ? [...config.tools.deny, ...containedTools] : config.tools.deny)
    const facts = (agentId: string | null, isProbe: boolean): PolicyFacts => ({
      stopped: killSwitch.isStopped(agentId) ?? vpn?.closedBy() ?? null,
      unproven: pulse.unproven(),
      isProbe,
      forbiddenNonces: pulse.runningNonces(),
      deniedTools,
    })

    const names = namesInForce(egressOptions(config))
    const dns = openDns({ config, names, log, tls: input.tls, runningNonces: () => pulse.runningNonces(), facts, isStranger: cellStrangers(paths, input.user) })
    closing.unshift(() => dns?.close())
    const doors: Doors = openDoors({ ...input, lookUp: unseenLookUp(config, dns), log, meter, turns, loops, content, pulse, store, egressCredentials, inspection: inspection?.inspection ?? null, facts }, (door) => closing.unshift(() => door.close()))
    const { model, egress, ingress } = doors
    at.model = await listenAt(input.listen.model, 'models.listen', model)
    at.egress = await listenAt(input.listen.egress, 'egress.listen', egress)
    at.ingress = await listenAt(input.listen.ingress, 'server.listen', ingress)
    if (dns) at.dns = await listenAt(input.listen.dns, 'dns.listen', dns)
    const plugin: Closable = await servePlugin(
      paths.pluginSocket,
      createJudge({ audit: log, clock, turns, lineage: createLineage(), loops, facts, redact: content.redact, judgeMessage: content.judgeMessage, isProbe: (sessionKey) => probes.isProbe(sessionKey), onHello: (pid) => {
        if (pid !== input.gateway.pid()) return // a command of OpenClaw's loads the plugin too
        pulse.forget('the plugin was loaded anew')
        if (input.gateway.ready()) void pulse.prove() // while it starts, its being ready begins the proof
      } }),
      input.user,
    )
    closing.unshift(() => plugin.close())

    const knowAgain = async (): Promise<void> => await knowSecrets(content, input)
    const rotations = createRotations({ ...input, log, model, onRotated: knowAgain })
    const jobs = startJobs(config.jobs, { db: store.db, log, rotations })
    closing.unshift(() => jobs.stop())

    const cut = cutterOf(doors)
    await vpn?.check()
    vpn?.start((verdict) => void tellVpn(verdict, { log, pulse, cut }))
    const close = async (): Promise<void> => {
      for (const end of closing.splice(0)) await end()
    }
    return { log, store, meter, killSwitch, turns, pulse, alerts, knowAgain, rotations, model, egress, egressCredentials, inspection, ingress, dns, names, vpn, sandbox, at, cut, close }
  } catch (error) {
    for (const end of closing.splice(0)) await end()
    throw error
  }
}

/** @returns also where it ended: alerts of this start are not those of before */
async function openLog({ config, paths }: WireInput): Promise<{ log: AuditLog; firstSeq: number }> {
  const log = await openAuditLog({ path: config.audit.log_path ?? paths.auditLog, rotateBytes: config.audit.rotation.max_size }, { clock: systemClock })
  return { log, firstSeq: (log.head()?.seq ?? -1) + 1 }
}

function cutterOf({ model, egress }: Pick<Doors, 'model' | 'egress'>): Wired['cut'] {
  return (agentId, reason) => {
    const wanted = (id: string | null | undefined): boolean => agentId === null || id?.toLowerCase() === agentId.toLowerCase()
    const calls = model.cut((visit) => visit.who?.name === 'gateway' && wanted(visit.turn?.agentId), reason)
    // What nobody can attribute may be the agent's as well: whoever else it was connects again.
    return calls + egress.cut((connection) => connection.agentId === null || wanted(connection.agentId), reason)
  }
}

/** Names over HTTPS, also where the egress proxy resolves them itself. */
function unseenLookUp({ egress }: Config, dns: DnsFilter | null): ((host: string) => Promise<string[]>) | undefined {
  return dns && egress.dns_over_https ? (host) => dns.lookUp(host) : undefined
}

function loopLimitsOf({ loops }: Config): LoopLimits {
  return {
    identicalCalls: loops.identical_calls,
    identicalRequests: loops.identical_requests,
    actionsPerMinute: loops.actions_per_minute,
    turnsPerTask: loops.turns_per_task,
    handOffs: loops.hand_offs,
  }
}

async function openMeter(config: Config, store: Store, log: AuditLog): Promise<Meter> {
  const prices = await pricesOf(config)
  const stale = prices.staleWarning(systemClock.now())
  if (stale !== null) await log.append({ event_type: 'alert', severity: 'warning', rule: 'budget.prices-stale', reason: stale })
  const onRecovered = (found: Recovery): void => void recordRecovered(found, log).catch(() => undefined)
  const meter = createMeter({ db: store.db, limits: limitsOf(config), prices }, { clock: systemClock, onRecovered })
  await recordRecovered({ calls: [...meter.recovered], writtenOff: [...meter.writtenOff] }, log)
  return meter
}

async function listenAt(listen: Listen, setting: string, server: { listen(at: Listen): Promise<Listen> }): Promise<Listen> {
  try {
    return await server.listen(listen)
  } catch (cause) {
    throw new HardshellError('guard.port-in-use', `cannot listen on ${listen.host}:${listen.port} (${setting})`, {
      hint: `choose another port: ${setting} in config.yaml or network.yaml`,
      cause,
    })
  }
}

async function recordRecovered({ calls, writtenOff }: Recovery, log: AuditLog): Promise<void> {
  for (const { id, costMicroUsd } of calls) {
    const reason = `a call of a guard that died was charged by what was seen of it, ${formatMoney(costMicroUsd)}`
    await log.append({ event_type: 'model_request', visit: id, cost_micro_usd: costMicroUsd, rule: 'budget.recovered', reason })
  }
  for (const { limit, key, costMicroUsd } of writtenOff) {
    const reason = `a guard that died may have spent ${formatMoney(costMicroUsd)} of the ${limit} budget${ofWhom(limit, key)} without writing it down; it is counted as spent`
    await log.append({ event_type: 'alert', severity: 'warning', rule: 'budget.written-off', cost_micro_usd: costMicroUsd, reason, ...(key && { detail: { of: key } }) })
  }
}
