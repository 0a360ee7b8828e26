import type { AuditSink } from '../auditlog/index.ts'
import { HardshellError, systemClock, systemRandom, type OutboundTls, type Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import type { ModelProxy } from '../proxy/model/index.ts'
import {
  adminHttp,
  confirmRevoked,
  issuerOf,
  resume,
  rotate,
  type LeasedSecret,
  type LocalStore,
  type RotationOutcome,
  type RotationPorts,
  type Secrets,
} from '../secrets/index.ts'
import { checkKey } from './credentials.ts'
import { gatewayTokenIssuer, gatewayTokenName, type GatewayToken } from './gateway-token.ts'
import { journalIn } from './gateway-token-file.ts'
import type { GatewayView } from './proofs.ts'

/** What the operator and the jobs may do with keys. */
export interface Rotations {
  /** What would happen, step by step; nothing is done. */
  plan(names: readonly string[]): Promise<RotationPlan[]>
  /** @param accepted a key made by a person, for one name */
  rotate(names: readonly string[], by: string, accepted: Secret | null): Promise<RotationOutcome[]>
  /** Goes on with what is not finished. */
  resume(name?: string): Promise<RotationOutcome[]>
  confirmRevoked(name: string): Promise<RotationOutcome>
  /** Every key the configuration says how to rotate, and OpenClaw's own token. */
  names(): string[]
}

export interface RotationPlan {
  name: string
  issuer: string
  store: string
  /** Sentences, in order. */
  steps: string[]
}

export interface RotationInput {
  config: Config
  secrets: Secrets & { local: LocalStore }
  log: AuditSink
  model: Pick<ModelProxy, 'active'>
  /** What proofs look for in the gateway: the new key is one of them from then on. */
  providerKeys: Map<string, Secret>
  /** OpenClaw's own token and the gateway that takes another one. */
  keys: { gateway: GatewayToken }
  gateway: Pick<GatewayView, 'port' | 'ready' | 'takeToken'>
  tls: OutboundTls
  /** A key became another one. */
  onRotated(): Promise<void>
}

// Answers may take ten minutes; whoever holds the old key longer than that keeps it waiting, and resume goes on.
const drainMs = 600_000

export function createRotations(input: RotationInput): Rotations {
  const ports = portsOf(input)
  const oneByOne = inTurn()
  return {
    plan: async (names) => await Promise.all(names.map(async (name) => await plan(known(name), input, ports))),
    rotate: async (names, by, accepted) => await oneByOne(async () => {
      if (accepted && names.length !== 1) {
        throw new HardshellError('secrets.rotation-same-key', 'one new key rotates one secret', { hint: 'hardshell secrets rotate NAME --accept' })
      }
      const outcomes: RotationOutcome[] = []
      for (const name of names) outcomes.push(await rotateOne({ name: known(name), by, accepted }, ports))
      return outcomes
    }),
    resume: async (name) => await oneByOne(async () => await resume(ports, name === undefined ? name : known(name))),
    confirmRevoked: async (name) => await oneByOne(async () => await confirmRevoked(known(name), ports)),
    names: () => [...new Set([...Object.keys(input.config.rotation), gatewayTokenName].map(known))],
  }
}

/** Case does not matter in names; what lies in the drawer for ourselves lies there under one spelling. */
function known(name: string): string {
  return name.toUpperCase() === gatewayTokenName ? gatewayTokenName : name
}

/** Two rotations at once would both take the same step of the same record. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return async (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return await mine
  }
}

/** One name's failure must not keep the others from being rotated. */
async function rotateOne(request: Parameters<typeof rotate>[0], ports: RotationPorts): Promise<RotationOutcome> {
  try {
    return await rotate(request, ports)
  } catch (error) {
    if (!(error instanceof HardshellError)) throw error
    return { state: 'refused', name: request.name, detail: error.hint ? `${error.message}; ${error.hint}` : error.message }
  }
}

function portsOf({ config, secrets, log, model, providerKeys, keys, gateway, onRotated, tls }: RotationInput): RotationPorts {
  const find = async (name: string): Promise<Secret | null> => (await secrets.find(name))?.secret ?? null
  const leased = (name: string): LeasedSecret | null => secrets.stores.map((store) => store.leased?.(name)).find(Boolean) ?? null
  const own = (name: string): boolean => name === gatewayTokenName
  const issuer = (name: string): ReturnType<typeof issuerOf> =>
    own(name) ? gatewayTokenIssuer(gateway) : issuerOf(name, config.rotation, { find, leased, http: adminHttp(tls), clock: systemClock })
  return {
    clock: systemClock,
    random: systemRandom,
    journal: journalIn(secrets.local),
    async current(name) {
      if (own(name)) return await secrets.local.get(name) // the drawer alone counts, as at the start
      await secrets.refresh(name) // what is remembered may be minutes old, and an operator changed it since
      return await find(name)
    },
    async obstacle(name) {
      if (own(name)) {
        if (gateway.ready()) return null
        throw new HardshellError('guard.gateway-token', 'the gateway does not run right now, so nobody would take another token', { hint: 'hardshell status' })
      }
      const kind = (await secrets.storeOf(name))?.kind
      return kind === 'environment' || kind === 'files' ? `${name} comes from ${kind === 'files' ? 'a file' : 'the environment'}, which is changed where it was made` : null
    },
    async store(name, secret) {
      if (own(name)) return await secrets.local.put(name, secret)
      const store = await secrets.storeOf(name)
      if (!store) throw new HardshellError('secrets.missing', `no store would take ${name}`, { hint: 'hardshell secrets list' })
      await store.put(name, secret)
    },
    async reload(name) {
      if (own(name)) {
        const refusal = await takeGatewayToken((await secrets.local.get(name))!, keys.gateway, gateway)
        await onRotated()
        return refusal
      }
      // User and password of one pair change together.
      for (const one of new Set([name, ...(leased(name)?.names.map((other) => other.toUpperCase()) ?? [])])) {
        await secrets.refresh(one)
        const fresh = await find(one)
        if (fresh && providerKeys.has(one)) providerKeys.set(one, fresh)
      }
      await onRotated()
      return null
    },
    drained: async (name) => (own(name) ? undefined : await drained(model)), // whoever is past the gateway's login stays in
    check: async (name, secret, keyId) => (await issuer(name).check?.(secret, keyId)) ?? (await checkKey(config, { name, secret }, tls)),
    issuerOf: issuer,
    async onStep(record, detail) {
      await log.append({ event_type: 'config_change', rule: 'secrets.rotation', user: record.by, target: `secret ${record.name}`, result_summary: detail, detail: { rotation: record.id, step: record.step } })
    },
    pause: async (ms) => await new Promise((resolve) => setTimeout(resolve, ms)),
  }
}

/** Callers wait meanwhile. @returns why the gateway does not take it; it may have to, and be asked to go back, later */
async function takeGatewayToken(fresh: Secret, token: GatewayToken, gateway: RotationInput['gateway']): Promise<string | null> {
  try {
    await token.replace(fresh, async () => await gateway.takeToken(fresh))
    return null
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'guard.gateway-token') return error.message
    throw error
  }
}

/**
 * Waits for every model call that is under way now: those that begin later take the new key. Calls with other
 * providers' keys are waited for too: the proxy does not tell which key a call took, and waiting costs nobody an answer.
 */
async function drained(model: Pick<ModelProxy, 'active'>): Promise<void> {
  const before = new Set(model.active().map(({ id }) => id))
  const until = performance.now() + drainMs
  while (model.active().some(({ id }) => before.has(id))) {
    if (performance.now() > until) throw new Error('calls with the old key are still under way')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const gatewayTokenPlan: RotationPlan = {
  name: gatewayTokenName,
  issuer: 'openclaw_gateway',
  store: 'local',
  steps: [
    'make a new token, and put it into the drawer of the guard',
    'write it into openclaw.json; new requests wait at the front door until the gateway takes it, for seconds, 30 at most',
    'ask the gateway with it; a token it does not take is thrown away, and the old one put back in both places',
    'show by a live call that the gateway refuses the old one, and prove every surface anew',
  ],
}

async function plan(name: string, { secrets }: RotationInput, ports: RotationPorts): Promise<RotationPlan> {
  if (name === gatewayTokenName) return gatewayTokenPlan
  const issuer = ports.issuerOf(name)
  const store = await secrets.storeOf(name)
  const found = await secrets.find(name)
  return {
    name,
    issuer: issuer.kind,
    store: store?.kind ?? 'none',
    steps: [
      found ? `take the key in use from ${found.place}` : `stop: there is no secret ${name}`,
      issuer.mint ? `have ${issuer.kind} make a new one` : `take a new one from you (--accept): ${issuer.byHand.mint}`,
      'try it with a live call',
      `store it in ${store?.kind ?? 'none'} and have every call from then on take it`,
      'try it again as it comes from the store; a key that fails is thrown away and the old one put back',
      'wait for calls under way with the old one',
      issuer.revoke ? `have ${issuer.kind} end the old one` : `wait for you to end the old one: ${issuer.byHand.revoke}`,
      'show by a live call that the old one is refused',
    ],
  }
}
