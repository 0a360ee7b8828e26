import { isDeepStrictEqual } from 'node:util'
import { HardshellError } from '../../base/index.ts'
import { digestOf, type Hands, type Rights, type Seen } from './hands.ts'
import type { Run, Records } from './record.ts'
import type { Site } from './site.ts'
import { isPathStep, type CommandStep, type Content, type ContentStep, type KeptStep, type PathStep, type RightsStep, type Step } from './step.ts'

/** Name of the file beside a target that becomes it; a later call finds it by the run and takes it away. */
export function neighbourOf(run: Run, step: number): string {
  // A dot: sshd, sudo, cron, sysctl and their like read no such file in their folders.
  return `.hardshell-${run.id}-${step}`
}

/**
 * Makes one step: said first, done, said again. Nothing is done where the place is not as it was planned on.
 * @throws HardshellError `posture.changed-meanwhile`, `posture.not-applied`, `posture.not-ours`
 */
export async function doStep(run: Run, index: number, content: Buffer | null, { records, hands }: { records: Records; hands: Site['hands'] }): Promise<void> {
  const step = run.steps[index]!
  if (!isPathStep(step)) {
    await records.note(run.id, index, 'intended')
    await command(step.do, hands.host!)
    return await records.note(run.id, index, 'done')
  }
  if (step.kind === 'kept') return await records.note(run.id, index, 'done')
  const own = hands[step.on]!
  if (step.kind === 'folder' && (await cameWithPackage(run, index, own))) return await records.note(run.id, index, 'void')
  await refuseChanged(step, own)
  await records.note(run.id, index, 'intended')
  try {
    await made(step, { own, neighbour: neighbourOf(run, index), content })
  } catch (error) {
    // A folder somebody made in between is theirs.
    if (step.kind === 'folder') await records.note(run.id, index, 'void')
    throw error
  }
  await records.note(run.id, index, 'done')
}

/** A package this run has installed may bring a folder that was to be made: it stays the package's, and goes with it. */
async function cameWithPackage(run: Run, index: number, own: Hands): Promise<boolean> {
  const step = run.steps[index] as Extract<Step, { kind: 'folder' }>
  if (!run.steps.slice(0, index).some((earlier) => earlier.kind === 'command' && earlier.do[1] === 'install')) return false
  const seen = await own.look(step.path, 'rights')
  // Anybody else's folder, or one others write in, is no place for what goes into it.
  return seen?.kind === 'folder' && seen.uid === step.after.uid && seen.gid === step.after.gid && (seen.mode & 0o022 & ~step.after.mode) === 0
}

async function made(step: Exclude<PathStep, KeptStep>, { own, neighbour, content }: { own: Hands; neighbour: string; content: Buffer | null }): Promise<void> {
  if (step.kind === 'folder') return await own.makeFolder(step.path, step.after)
  if (step.kind === 'rights') return await own.grant(step.path, step.of, step.after)
  if (step.after === null) return await own.remove(step.path)
  await own.place(step.path, neighbour, { ...step.after, bytes: content! })
  try {
    // Once more, as close before as it gets.
    await refuseChanged(step, own)
    await own.swap(step.path, neighbour)
  } catch (error) {
    await own.discard(step.path, neighbour)
    throw error
  }
}

async function refuseChanged(step: Exclude<PathStep, KeptStep>, own: Hands): Promise<void> {
  if (isAs(await own.look(step.path, step.kind === 'content' ? 'bytes' : 'rights'), step.kind === 'folder' ? null : step.before)) return
  throw new HardshellError('posture.changed-meanwhile', `${step.path} was changed by somebody else since the plan was made`, { hint: 'hardshell harden' })
}

async function command(words: readonly string[], host: Hands): Promise<void> {
  const ran = await host.run(words)
  if (ran === null) throw new HardshellError('posture.not-applied', `${words[0]} is not installed`, { hint: `apt-get install ${words[0]}` })
  if (ran.status !== 0) throw new HardshellError('posture.not-applied', `${words.join(' ')} ended with ${ran.status}: ${(ran.err || ran.out).trim().slice(0, 600)}`)
}

/** What `undoStep` found: `back` as it was before, `theirs` somebody else's, `stuck` a command or folder that does not go away. */
export type Undone = 'back' | { left: string }

/** What to do with a place somebody else changed since: leave it to them, or put ours back and keep theirs beside. */
export type Foreign = 'leave' | 'keep-beside'

/**
 * Takes one step back, whether it was made, half made or not at all: what is there decides, not the journal.
 * Idempotent.
 */
export async function undoStep(run: Run, index: number, foreign: Foreign, { records, hands }: { records: Records; hands: Site['hands'] }): Promise<Undone> {
  const step = run.steps[index]!
  if (!isPathStep(step)) return await undoCommand(step, hands.host!)
  const own = hands[step.on]!
  if (step.kind === 'folder') return (await own.removeFolder(step.path)) ? 'back' : { left: `${step.path} stays: somebody has put something into it` }
  const seen = await lookAgain(step, own)
  if (step.kind !== 'rights') await own.discard(step.path, neighbourOf(run, index))
  if (typeof seen === 'string') return { left: seen }
  if (isAs(seen, step.before)) return 'back'
  if (step.kind === 'rights') return await undoRights(step, seen, { own, foreign })
  // What commands wrote, their undo has written again by now: `takeBack` looked before.
  if (step.kind !== 'kept' && !isOurs(seen, step, run.amended[index])) {
    if (foreign === 'leave') return { left: `${step.path} stays as it is: somebody else has changed it since` }
    if (seen !== null) await beside(run, step, { seen, own })
  }
  if (step.before === null) await own.remove(step.path)
  else {
    await own.place(step.path, neighbourOf(run, index), { ...step.before, bytes: await records.backup(run, index) })
    await own.swap(step.path, neighbourOf(run, index))
  }
  return 'back'
}

/** Where somebody has put a link or a device meanwhile, nothing is put back, whatever is asked. */
async function lookAgain(step: ContentStep | RightsStep | KeptStep, own: Hands): Promise<Seen | null | string> {
  try {
    return await own.look(step.path, step.kind === 'rights' ? 'rights' : 'bytes')
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'posture.not-ours') return error.message
    throw error
  }
}

async function undoRights(step: RightsStep, seen: Seen | null, { own, foreign }: { own: Hands; foreign: Foreign }): Promise<Undone> {
  if (seen === null) return { left: `${step.path} is gone: its rights cannot be put back` }
  if (!isBetween(seen, step) && foreign === 'leave') return { left: `the rights of ${step.path} stay as they are: somebody else has changed them since` }
  await own.grant(step.path, step.of, step.before)
  return 'back'
}

/** Owner and mode are two calls: whoever died between them left one of each. */
function isBetween(seen: Rights, { before, after }: RightsStep): boolean {
  // A change of owner takes the set-user bits away (chown(2)).
  const modes = [before.mode, after.mode, before.mode & 0o1777, after.mode & 0o1777]
  return modes.includes(seen.mode) && [before.uid, after.uid].includes(seen.uid) && [before.gid, after.gid].includes(seen.gid)
}

/** Keeps a copy of what stands there now beside it. */
export async function keepBeside(run: Run, step: KeptStep, own: Hands): Promise<void> {
  const seen = await own.look(step.path)
  if (seen !== null) await beside(run, step, { seen, own })
}

async function beside(run: Run, step: ContentStep | KeptStep, { seen, own }: { seen: Seen; own: Hands }): Promise<void> {
  const kept = `${step.path}.replaced-${run.id}`
  if ((await own.look(kept, 'rights')) !== null) return
  const name = kept.slice(kept.lastIndexOf('/') + 1)
  await own.place(kept, `.${name}`, { mode: 0o600, uid: seen.uid, gid: seen.gid, bytes: seen.bytes! })
  await own.swap(kept, `.${name}`)
}

async function undoCommand(step: CommandStep, host: Hands): Promise<Undone> {
  const words = step.do.join(' ')
  if (step.undo === null) return { left: `nothing takes "${words}" back` }
  let ran = await host.run(step.undo)
  // Whoever was killed in an installation left dpkg in the middle of it, and apt does nothing before that is ended (apt-get(8)).
  if (ran?.err.includes('dpkg --configure -a') === true) {
    await host.run(['dpkg', '--configure', '-a'])
    ran = await host.run(step.undo)
  }
  if (ran?.status === 0) return 'back'
  return { left: `"${step.undo.join(' ')}" did not take "${words}" back: ${ran === null ? 'not installed' : (ran.err || ran.out).trim().slice(0, 300)}` }
}

/** Is this place one that `undoStep` would put back without asking? */
export async function isUntouched(run: Run, index: number, hands: Site['hands']): Promise<boolean> {
  const step = run.steps[index]!
  if (!isPathStep(step) || step.kind === 'folder') return true
  const seen = await lookAgain(step, hands[step.on]!)
  if (typeof seen === 'string') return false
  if (isAs(seen, step.before)) return true
  return step.kind === 'rights' ? seen !== null && isBetween(seen, step) : isOurs(seen, step, run.amended[index])
}

function isOurs(seen: Seen | null, step: ContentStep | KeptStep, amended: readonly string[] | undefined): boolean {
  // While a run is not finished its commands may have written anything.
  if (step.kind === 'kept' && amended === undefined) return true
  const after = step.kind === 'kept' ? undefined : step.after
  if (seen === null) return after === null
  const digest = digestOf(seen.bytes!)
  return digest === after?.sha256 || (amended?.includes(digest) ?? false)
}

function isAs(seen: Seen | null, meant: Rights | Content | null): boolean {
  if (seen === null || meant === null) return seen === null && meant === null
  const rights: Rights = { mode: seen.mode, uid: seen.uid, gid: seen.gid }
  return isDeepStrictEqual(rights, { mode: meant.mode, uid: meant.uid, gid: meant.gid }) && (!('sha256' in meant) || digestOf(seen.bytes!) === meant.sha256)
}
