import { openAuditLog, type AuditLog } from '../auditlog/index.ts'
import { formatMoney, HardshellError, systemClock, type Listen, type Secret } from '../base/index.ts'
import { createMeter, migrations as budgetMigrations, type Meter } from '../budget/index.ts'
import type { Config } from '../config/index.ts'
import { findSecrets, pendingSecretLength, redactSecrets } from '../content/index.ts'
import { servePlugin, type Closable } from '../control/index.ts'
import { createKillSwitch, createTokenBook, migrations as identityMigrations, type KillSwitch } from '../identity/index.ts'
import { probeProvider } from '../openclaw/index.ts'
import { decide, expandToolGroups, type PolicyFacts } from '../policy/index.ts'
import { createPulse, type Pulse } from '../proof/index.ts'
import { createEgressProxy, type EgressProxy } from '../proxy/egress/index.ts'
import { createTurnBook, type TurnBook } from '../proxy/index.ts'
import { createIngress, type Ingress } from '../proxy/ingress/index.ts'
import { createModelProxy, type ModelProxy } from '../proxy/model/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { modelCallers } from './callers.ts'
import type { UserId } from './gateway-user.ts'
import { createJudge } from './judge.ts'
import { forModelProxy, limitsOf, pricesOf } from './metering.ts'
import { tokenEntry, type OwnKeys } from './own-keys.ts'
import type { StatePaths } from './paths.ts'
import { recordProof, surfacesFor, type GatewayView } from './proofs.ts'
import type { ProviderSet } from './providers.ts'

/** What a guard is made of. */
export interface WireInput {
  paths: StatePaths
  config: Config
  keys: OwnKeys
  /** Bearer tokens of api.yaml, resolved. */
  apiTokens: readonly { name: string; permissions: readonly string[]; secret: Secret }[]
  providers: ProviderSet
  /** Real provider keys by name, to look for them where they must not be. */
  providerKeys: ReadonlyMap<string, Secret>
  user: UserId | null
  /** The gateway as far as proofs and the front door need it; its process starts later. */
  gateway: GatewayView
  listen: { ingress: Listen; model: Listen; egress: Listen }
}

/** The rooms, connected and listening. */
export interface Wired {
  log: AuditLog
  store: Store
  meter: Meter
  killSwitch: KillSwitch
  turns: TurnBook
  pulse: Pulse
  model: ModelProxy
  egress: EgressProxy
  ingress: Ingress
  at: { ingress: Listen; model: Listen; egress: Listen }
  /** Cuts what is under way for one agent, or for all. @returns how many */
  cut(agentId: string | null, reason: string): number
  close(): Promise<void>
}

/** Connects everybody. The one file that knows everyone; it decides nothing. */
export async function wire(input: WireInput): Promise<Wired> {
  const { paths, config, keys } = input
  const clock = systemClock
  const closing: (() => Promise<void> | void)[] = []
  try {
    const log = await openAuditLog({ path: config.audit.log_path ?? paths.auditLog, rotateBytes: config.audit.rotation.max_size }, { clock })
    closing.unshift(() => log.close())
    const store = openStore({ path: paths.database, migrations: [...budgetMigrations, ...identityMigrations] })
    closing.unshift(() => store.close())
    const killSwitch = createKillSwitch({ db: store.db }, { clock })
    const meter = createMeter({ db: store.db, limits: limitsOf(config), prices: await pricesOf(config) }, { clock })
    for (const { id, costMicroUsd } of meter.recovered) {
      const reason = `a call of a guard that died was charged at its worst case, ${formatMoney(costMicroUsd)}`
      await log.append({ event_type: 'model_request', visit: id, cost_micro_usd: costMicroUsd, rule: 'budget.recovered', reason })
    }
    const turns = createTurnBook(clock)
    const at = { ...input.listen }

    const pulse: Pulse = createPulse(
      surfacesFor(input, { log, turns, at }),
      // A turn of the real gateway takes a second when warm, ten and more on a loaded machine right after its start.
      { everyMs: config.proof.every, surfaceTimeoutMs: 60_000 },
      { clock, record: (surface, nonce, turnedRed) => recordProof(log, surface, nonce, turnedRed) },
    )
    closing.unshift(() => pulse.stop())
    const deniedTools = expandToolGroups(config.tools.deny)
    const facts = (agentId: string | null, isProbe: boolean): PolicyFacts => ({
      stopped: killSwitch.isStopped(agentId),
      unproven: pulse.unproven(),
      isProbe,
      forbiddenNonces: pulse.runningNonces(),
      deniedTools,
    })

    const model = createModelProxy(
      { providers: input.providers.forProxy },
      {
        audit: log,
        clock,
        turns,
        meter: forModelProxy(meter, log),
        authenticate: modelCallers(keys, input.providers.forProxy.map(({ name }) => name)),
        decide: (act) => decide(act, facts(act.agentId, act.provider === probeProvider)),
        content: { redactSecrets, findSecrets, pendingSecretLength },
      },
    )
    closing.unshift(() => model.close())
    const egress = createEgressProxy(
      {
        allowedHosts: config.egress.allowed_hosts,
        deniedHosts: config.egress.denied_hosts,
        allowPrivate: config.egress.allow_private,
        connectTimeoutMs: 10_000,
        // Long polls of chat channels stay silent for up to a minute; five leave room.
        idleTimeoutMs: 300_000,
        maxConnections: 1024,
      },
      // A proof's own host never resolves and is on no list: letting it past the gate shows the list at work.
      { audit: log, clock, decide: (act) => decide(act, facts(act.agentId, pulse.runningNonces().some((nonce) => act.host.startsWith(nonce)))) },
    )
    closing.unshift(() => egress.close())
    const visitors = createTokenBook([
      tokenEntry('operator', ['read', 'write', 'admin'], keys.operator),
      ...input.apiTokens.map(({ name, permissions, secret }) => tokenEntry(name, permissions, secret)),
    ])
    const ingress = createIngress(
      {
        gateway: { host: '127.0.0.1', port: input.gateway.port },
        // 10 MiB carries pictures in a chat; OpenClaw itself stops at 30 MB.
        maxBodyBytes: 10 * 1024 * 1024,
        headerTimeoutMs: 10_000,
        requestTimeoutMs: 60_000,
        // A turn with tools is silent for minutes; OpenClaw's own agent time-out is ten.
        idleTimeoutMs: 600_000,
        maxConnections: 1024,
      },
      { audit: log, clock, authenticate: (token) => visitors.authenticate(token), gatewayToken: () => keys.gateway, device: () => keys.device },
    )
    closing.unshift(() => ingress.close())

    at.model = await listenAt(input.listen.model, 'models.listen', model)
    at.egress = await listenAt(input.listen.egress, 'egress.listen', egress)
    at.ingress = await listenAt(input.listen.ingress, 'server.listen', ingress)
    const plugin: Closable = await servePlugin(
      paths.pluginSocket,
      createJudge({ audit: log, turns, facts, redact: redactSecrets, onHello: () => pulse.forget('the plugin was loaded anew') }),
      input.user,
    )
    closing.unshift(() => plugin.close())

    const cut = (agentId: string | null, reason: string): number => {
      const wanted = (id: string | null | undefined): boolean => agentId === null || id?.toLowerCase() === agentId.toLowerCase()
      const calls = model.cut((visit) => visit.who?.name === 'gateway' && wanted(visit.turn?.agentId), reason)
      return calls + (agentId === null ? egress.cut(() => true, reason) : 0)
    }
    const close = async (): Promise<void> => {
      for (const end of closing.splice(0)) await end()
    }
    return { log, store, meter, killSwitch, turns, pulse, model, egress, ingress, at, cut, close }
  } catch (error) {
    for (const end of closing.splice(0)) await end()
    throw error
  }
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
