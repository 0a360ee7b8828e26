import { HardshellError, messageOf, nonce, type Clock, type Random, type Secret } from '../../base/index.ts'
import type { KeyIssuer, KeyVerdict } from './issuer.ts'
import type { RotationJournal, RotationOutcome, RotationRecord, RotationStep } from './record.ts'

/** What a rotation works with. */
export interface RotationPorts {
  clock: Clock
  random: Random
  journal: RotationJournal
  /** The key in use, as the store has it now and not as it was remembered; `null`: there is none of that name. */
  current(name: string): Promise<Secret | null>
  /** Why the store of this name would not take a new version; `null`: it would. */
  obstacle(name: string): Promise<string | null>
  /** Makes it the current version in the store the name belongs to. */
  store(name: string, secret: Secret): Promise<void>
  /** Everything that takes the key from here on takes the new one. @returns why one of those will not; `null`: all do */
  reload(name: string): Promise<string | null>
  /** Resolves when no request that began with the old key is under way, or rejects when that takes too long. */
  drained(name: string): Promise<void>
  /** A live call with this very key. */
  check(name: string, secret: Secret, keyId: string | null): Promise<KeyVerdict>
  issuerOf(name: string): KeyIssuer
  /** Every step, for the log; never a value. */
  onStep(record: RotationRecord, detail: string): Promise<void>
  pause(ms: number): Promise<void>
}

export interface RotationRequest {
  name: string
  by: string
  /** A key made by a person; `null`: the issuer makes one. */
  accepted: Secret | null
}

/**
 * Rotates one key: make or take a new one → store → reload → a live call with it → end the old one → a live call
 * with the old one that fails. A new key that does not work is thrown away and the old one put back; requests under
 * way keep theirs until they end. Whatever stops it, `resume` goes on from the last step written down.
 *
 * @throws HardshellError `secrets.missing`, `secrets.store-read-only`, `secrets.rotation-under-way`, `secrets.rotation-by-hand`,
 *   `secrets.rotation-same-key`; failures on the way are outcomes
 */
export async function rotate(request: RotationRequest, ports: RotationPorts): Promise<RotationOutcome> {
  const record = await begin(request, ports)
  if (request.accepted) return await from('minted', { ...record, fresh: request.accepted }, ports)
  return await goOn(record, ports)
}

/** Takes up what a crash or a failure left. @param only one name; left out: all */
export async function resume(ports: RotationPorts, only?: string): Promise<RotationOutcome[]> {
  const open = (await ports.journal.open()).filter(({ name }) => only === undefined || name === only)
  const outcomes: RotationOutcome[] = []
  for (const record of open) outcomes.push(await goOn(record, ports))
  return outcomes
}

/** A person ended the old key: proves it and closes the rotation. @throws HardshellError `secrets.rotation-none` */
export async function confirmRevoked(name: string, ports: RotationPorts): Promise<RotationOutcome> {
  const record = (await ports.journal.open()).find((one) => one.name === name && one.step === 'validated')
  if (!record) {
    throw new HardshellError('secrets.rotation-none', `no rotation of ${name} waits for its old key to be ended`, {
      hint: 'hardshell secrets list',
    })
  }
  return await goOn({ ...record, revokedByHand: true }, ports)
}

async function begin({ name, by, accepted }: RotationRequest, ports: RotationPorts): Promise<RotationRecord> {
  if ((await ports.journal.open()).some((record) => record.name === name)) {
    throw new HardshellError('secrets.rotation-under-way', `a rotation of ${name} is not finished`, {
      hint: `hardshell secrets rotate ${name} --resume`,
    })
  }
  const issuer = ports.issuerOf(name)
  const old = await ports.current(name)
  if (!old) throw new HardshellError('secrets.missing', `there is no secret ${name} to rotate`, { hint: 'hardshell secrets list' })
  if (!accepted && !issuer.mint) {
    throw new HardshellError('secrets.rotation-by-hand', `a new ${name} is made by a person: ${issuer.byHand.mint}`, {
      hint: `hardshell secrets rotate ${name} --accept < new-key`,
    })
  }
  if (accepted && accepted.reveal() === old.reveal()) {
    throw new HardshellError('secrets.rotation-same-key', `this is the key that ${name} holds already`)
  }
  const obstacle = await ports.obstacle(name)
  if (obstacle !== null) throw new HardshellError('secrets.store-read-only', obstacle, { hint: `hardshell secrets put ${name}, and take it out of there` })
  const record: RotationRecord = {
    id: nonce(ports.random),
    name,
    issuer: issuer.kind,
    step: 'minting',
    startedAt: new Date(ports.clock.now()).toISOString(),
    by,
    // Asked for while the old key still works: afterwards nothing may be found by it.
    oldKeyId: (await issuer.identify?.(old)) ?? null,
    newKeyId: null,
    old,
    fresh: null,
    failure: null,
    revokedByHand: false,
  }
  await ports.journal.save(record)
  return record
}

/** One step after the other from where the record stands; what throws leaves the record where it is. */
async function goOn(record: RotationRecord, ports: RotationPorts): Promise<RotationOutcome> {
  try {
    return await steps[record.step](record, ports)
  } catch (error) {
    const detail = `stopped after "${record.step}": ${messageOf(error)}`
    await ports.onStep(record, detail)
    return { state: 'stuck', name: record.name, detail }
  }
}

async function from(step: RotationStep, record: RotationRecord, ports: RotationPorts, detail = step as string): Promise<RotationOutcome> {
  const next = { ...record, step }
  await ports.journal.save(next)
  await ports.onStep(next, detail)
  return await goOn(next, ports)
}

type Advance = (record: RotationRecord, ports: RotationPorts) => Promise<RotationOutcome>

const steps: Readonly<Record<RotationStep, Advance>> = {
  async minting(record, ports) {
    const issuer = ports.issuerOf(record.name)
    if (!issuer.mint) {
      await ports.journal.drop(record.id) // it crashed before the accepted key was written down
      return { state: 'rolled-back', name: record.name, detail: 'the new key was lost; nothing changed' }
    }
    const label = `hardshell-${record.id.slice(0, 12)}`
    await issuer.sweep?.(label) // one that was made before a crash, and whose value nobody received
    const { secret, keyId } = await issuer.mint(label)
    return await from('minted', { ...record, fresh: secret, newKeyId: keyId }, ports)
  },
  async minted(record, ports) {
    if (ports.issuerOf(record.name).goodWhenMinted) {
      // Before anything relies on it: a key that does not work never reaches the store.
      const verdict = await patiently(record, record.fresh!, 'accepted', ports)
      if (verdict.verdict !== 'accepted') return await rollBack(record, why('the new key', verdict), ports)
    }
    if (!(await holdsOurs(record, ports))) return await giveWay(record, ports)
    await ports.store(record.name, record.fresh!)
    return await from('stored', record, ports)
  },
  async stored(record, ports) {
    const refusal = await ports.reload(record.name)
    return refusal === null ? await from('reloaded', record, ports) : await rollBack(record, refusal, ports)
  },
  async reloaded(record, ports) {
    const inUse = await ports.current(record.name)
    if (!(await holdsOurs(record, ports))) return await giveWay(record, ports)
    if (inUse?.reveal() !== record.fresh!.reveal()) return await rollBack(record, 'the store does not give the new key', ports)
    const verdict = await patiently(record, inUse, 'accepted', ports)
    if (verdict.verdict !== 'accepted') return await rollBack(record, why('the new key', verdict), ports)
    return await from('validated', record, ports)
  },
  async validated(record, ports) {
    const issuer = ports.issuerOf(record.name)
    if (!issuer.revoke && !record.revokedByHand) {
      const detail = `the new key is in use; now end the old one: ${issuer.byHand.revoke}; then: hardshell secrets rotate ${record.name} --revoked`
      return { state: 'waiting', name: record.name, detail }
    }
    await ports.drained(record.name)
    if (issuer.madeByStore && !(await holdsOurs(record, ports))) return await giveWay(record, ports)
    const inUse = await ports.current(record.name)
    if (!record.revokedByHand && inUse?.reveal() === record.old.reveal()) return await rollBack(record, 'somebody put the old key back', ports)
    if (!record.revokedByHand) await issuer.revoke!({ keyId: record.oldKeyId, secret: record.old })
    return await from('revoked', record, ports)
  },
  async revoked(record, ports) {
    if (ports.issuerOf(record.name).madeByStore && !(await holdsOurs(record, ports))) return await giveWay(record, ports)
    const verdict = await patiently(record, record.old, 'refused', ports)
    if (verdict.verdict === 'accepted') throw new Error('the old key still works')
    if (verdict.verdict === 'unknown') throw new Error(`nobody could be asked whether the old key is refused: ${verdict.why}`)
    await ports.journal.drop(record.id)
    const detail = 'the new key is accepted, the old one refused'
    await ports.onStep(record, detail)
    return { state: 'rotated', name: record.name, detail }
  },
  async 'rolling-back'(record, ports) {
    if (!(await holdsOurs(record, ports))) return await giveWay(record, ports)
    await ports.store(record.name, record.old)
    const refusal = await ports.reload(record.name)
    if (refusal !== null) throw new Error(refusal)
    return await endWithout(record, `${record.failure}; the old key is back in use`, ports)
  },
}

/** Whether the key in use is one of the two this rotation knows, and not one that somebody put there since it began. */
async function holdsOurs({ name, old, fresh }: RotationRecord, ports: RotationPorts): Promise<boolean> {
  const inUse = await ports.current(name)
  return inUse !== null && [old, fresh].some((key) => key?.reveal() === inUse.reveal())
}

/** A rotation may take days when it stands still: what the operator did to the name meanwhile counts, and the store is left alone. */
async function giveWay(record: RotationRecord, ports: RotationPorts): Promise<RotationOutcome> {
  if (ports.issuerOf(record.name).madeByStore) return await takeGiven(record, ports)
  await ports.reload(record.name)
  return await endWithout(record, `${record.name} was changed by somebody else meanwhile, which stands; the key from before the rotation was not ended`, ports)
}

/** The store gave another key by itself, as after a restart: that one is the new one, and both of before are ended. */
async function takeGiven(record: RotationRecord, ports: RotationPorts): Promise<RotationOutcome> {
  const issuer = ports.issuerOf(record.name)
  const fresh = await ports.current(record.name)
  if (!fresh) throw new Error(`the store gives no ${record.name} any more`)
  if (record.newKeyId !== null) await issuer.revoke!({ keyId: record.newKeyId, secret: record.fresh! })
  const newKeyId = (await issuer.identify?.(fresh)) ?? null
  return await from('stored', { ...record, fresh, newKeyId, failure: null }, ports, 'the store gave another key meanwhile, which is taken')
}

/** Ends the new key and the record. A key that a person made is theirs to end. */
async function endWithout(record: RotationRecord, detail: string, ports: RotationPorts): Promise<RotationOutcome> {
  const issuer = ports.issuerOf(record.name)
  if (record.newKeyId !== null) await issuer.revoke?.({ keyId: record.newKeyId, secret: record.fresh! })
  await ports.journal.drop(record.id)
  await ports.onStep(record, detail)
  return { state: 'rolled-back', name: record.name, detail }
}

async function rollBack(record: RotationRecord, failure: string, ports: RotationPorts): Promise<RotationOutcome> {
  return await from('rolling-back', { ...record, failure }, ports, failure)
}

// New keys take seconds to be known everywhere, ended ones too; AWS speaks of eventual consistency and names no time.
// A key somebody hands in has been known for a while.
const pausesMs = { made: [1000, 2000, 4000, 8000], handed: [1000], ended: [1000, 2000, 4000, 8000, 15_000] } as const

/** Asks until the verdict is the one wanted, or the pauses are used up; what was said last. */
async function patiently({ name, newKeyId, oldKeyId }: RotationRecord, secret: Secret, wanted: 'accepted' | 'refused', ports: RotationPorts): Promise<KeyVerdict> {
  const keyId = wanted === 'refused' ? oldKeyId : newKeyId // what is to be accepted is the new one
  let verdict = await ports.check(name, secret, keyId)
  for (const ms of pausesMs[wanted === 'refused' ? 'ended' : newKeyId === null ? 'handed' : 'made']) {
    if (verdict.verdict === wanted) return verdict
    await ports.pause(ms)
    verdict = await ports.check(name, secret, keyId)
  }
  return verdict
}

function why(what: string, verdict: KeyVerdict): string {
  return verdict.verdict === 'unknown' ? `${what} could not be tried: ${verdict.why}` : `${what} is refused`
}
