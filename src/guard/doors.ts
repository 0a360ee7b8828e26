import type { AuditLog } from '../auditlog/index.ts'
import { systemClock, type Listen } from '../base/index.ts'
import type { Meter } from '../budget/index.ts'
import { createTokenBook } from '../identity/index.ts'
import { probeProvider } from '../openclaw/index.ts'
import { decide, type Act, type Decision, type LoopWatch, type PolicyFacts } from '../policy/index.ts'
import type { Pulse } from '../proof/index.ts'
import { createEgressProxy, sqliteAccounts, type EgressCredentials, type EgressProxy, type Inspection } from '../proxy/egress/index.ts'
import type { TurnBook } from '../proxy/index.ts'
import { mayUse } from '../secrets/index.ts'
import { createIngress, type Ingress, type IngressOptions } from '../proxy/ingress/index.ts'
import { createModelProxy, type ModelProxy } from '../proxy/model/index.ts'
import { modelCallers } from './callers.ts'
import type { GuardContent } from './content.ts'
import type { Store } from '../store/index.ts'
import { egressOptions } from './egress.ts'
import { forModelProxy } from './metering.ts'
import { tokenEntry } from './own-keys.ts'
import type { WireInput } from './wire.ts'

/** The three proxies a guard stands with. */
export interface Doors {
  model: ModelProxy
  egress: EgressProxy
  ingress: Ingress
}

/** What the doors ask before they let anybody through. */
interface Rooms extends WireInput {
  log: AuditLog
  meter: Meter
  turns: TurnBook
  loops: LoopWatch
  content: GuardContent
  pulse: Pulse
  store: Store
  egressCredentials: EgressCredentials
  /** How the way out resolves names; left out: by the system's resolver. */
  lookUp?: ((host: string) => Promise<string[]>) | undefined
  /** `null`: no host is inspected. */
  inspection: Inspection | null
  facts(agentId: string | null, isProbe: boolean): PolicyFacts
}

/** Makes the three; nobody listens yet. @param own told of each at once, so that a failure half way leaves none behind */
export function openDoors(rooms: Rooms, own: (door: { close(): Promise<void> }) => void): Doors {
  const doors = { model: modelDoor(rooms), egress: egressDoor(rooms), ingress: ingressDoor(rooms) }
  for (const door of Object.values(doors)) own(door)
  return doors
}

function modelDoor({ log, meter, turns, keys, providers, facts, config, loops, content, tls }: Rooms): ModelProxy {
  return createModelProxy(
    { providers: providers.forProxy },
    {
      audit: log,
      clock: systemClock,
      turns,
      meter: forModelProxy(meter, log, providers.forProxy),
      authenticate: modelCallers(keys, providers.forProxy.map(({ name }) => name)),
      decide: (act) => decideModelCall(act, { facts, loops, config, providers }),
      content: content.model,
      outboundTls: tls,
    },
  )
}

function decideModelCall(act: Act & { kind: 'call-model' }, { facts, loops, config, providers }: Pick<Rooms, 'facts' | 'loops' | 'config' | 'providers'>): Decision {
  const isProbe = act.provider === probeProvider
  const decision = decide(act, facts(act.agentId, isProbe))
  if (isProbe || !decision.allow) return decision
  const secretName = providers.secretNames.get(act.provider)
  const scope = secretName === undefined ? null : mayUse(config.secrets.scopes, secretName, { agentId: act.agentId, skill: null })
  if (scope && !scope.allow) return scope
  if (act.runId === null) return decision
  return loops.model({ runId: act.runId, sessionKey: act.sessionKey ?? '', fingerprint: act.fingerprint }, systemClock.monotonicMs()) ?? decision
}

function egressDoor({ log, config, pulse, facts, store, egressCredentials, inspection, lookUp }: Rooms): EgressProxy {
  // A proof's own host never resolves and is on no list: letting it past the gate shows the list at work.
  const isProbe = (host: string): boolean => pulse.runningNonces().some((nonce) => host === `${nonce}.hardshell-probe.invalid`)
  return createEgressProxy(
    egressOptions(config),
    {
      audit: log,
      clock: systemClock,
      decide: (act) => decide(act, facts(act.agentId, isProbe(act.host))),
      authenticate: (name, token) => egressCredentials.authenticate(name, token),
      accounts: sqliteAccounts(store.db),
      ...(inspection && { inspection }),
      ...(lookUp && { resolve: lookUp }),
    },
  )
}

function ingressDoor({ log, keys, apiTokens, gateway }: Rooms): Ingress {
  const visitors = createTokenBook([
    tokenEntry('operator', ['read', 'write', 'admin'], keys.operator),
    ...apiTokens.map(({ name, permissions, secret }) => tokenEntry(name, permissions, secret)),
  ])
  return createIngress(
    ingressOptions({ host: '127.0.0.1', port: gateway.port }),
    {
      audit: log,
      clock: systemClock,
      authenticate: (token) => visitors.authenticate(token),
      gatewayToken: () => keys.gateway.settled(),
      device: () => keys.device,
      // While the gateway is down its port is anybody's: nothing with its token on it is sent there.
      decide: () =>
        gateway.ready()
          ? { allow: true, rule: 'default.allow', reason: 'the permission is there' }
          : { allow: false, rule: 'gateway.down', reason: 'OpenClaw is not running right now; it is started again' },
    },
  )
}

/** Limits of the front door, in a guard and alone. */
export function ingressOptions(gateway: Listen): IngressOptions {
  return {
    gateway,
    // 10 MiB carries pictures in a chat; OpenClaw itself stops at 30 MB.
    maxBodyBytes: 10 * 1024 * 1024,
    headerTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
    // A turn with tools is silent for minutes; OpenClaw's own agent time-out is ten.
    idleTimeoutMs: 600_000,
    maxConnections: 1024,
  }
}
