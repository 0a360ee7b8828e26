import { HardshellError, messageOf, type Clock } from '../../base/index.ts'
import { activate } from './activation.ts'
import type { BootUndo } from './boot-undo.ts'
import { isUntouched, keepBeside, undoStep, type Foreign } from './do-step.ts'
import type { Records, Run, Standing, StepWord } from './record.ts'
import type { Roots, Site } from './site.ts'
import { isPathStep, type KeptStep } from './step.ts'

/** What taking back needs: it has to work without the plan, the facts and the person that made the run. */
export interface UndoPorts {
  records: Records
  clock: Clock
  handsFor(roots: Roots): Site['hands']
  boot: BootUndo
  /** Changes with every start of the machine. */
  bootId(): string
}

/** What came of an undo. */
export interface UndoneRun {
  id: string
  /** It was so already; nothing was done. */
  already: boolean
  /** What could not be put back, one sentence each. */
  left: readonly string[]
}

/**
 * Puts back everything a run changed, byte for byte, with mode and owner.
 * @param force put ours back over what somebody else has written since; theirs is kept beside as `NAME.replaced-RUN`
 * @throws HardshellError `posture.changed-meanwhile` naming every such file, nothing undone; `posture.run-unknown`
 */
export async function undoRun(id: string, force: boolean, ports: UndoPorts): Promise<UndoneRun> {
  const found = await ports.records.read(id)
  if (found === null) throw new HardshellError('posture.run-unknown', `there is no harden run ${id}`, { hint: 'hardshell harden list' })
  if (found.standing.state === 'undone') return { id, already: true, left: [] }
  if (!force && found.standing.state !== 'undoing') await refuseForeign(found.run, ports)
  return { id, already: false, left: await takeBack(found, force ? { foreign: 'keep-beside', giveUp: true } : { foreign: 'leave', giveUp: false }, ports) }
}

async function refuseForeign(run: Run, ports: UndoPorts): Promise<void> {
  const hands = ports.handsFor(run.roots)
  const foreign: string[] = []
  for (const [index, step] of run.steps.entries()) {
    if (isPathStep(step) && !(await isUntouched(run, index, hands))) foreign.push(step.path)
  }
  if (foreign.length === 0) return
  throw new HardshellError('posture.changed-meanwhile', `changed by somebody else since run ${run.id}, so nothing is put back: ${foreign.join(', ')}`, {
    hint: `look at them, undo later runs first (hardshell harden list), or: hardshell harden undo ${run.id} --force`,
  })
}

/** How far an undo goes. */
export interface Manner {
  foreign: Foreign
  /** Whether what cannot be put back is left for good; otherwise the run stays open, and the next call tries again. */
  giveUp: boolean
}

/**
 * Takes a run back as far as it came, from its end to its beginning. May be stopped at any moment and called again.
 * @returns what was left to others, one sentence each
 * @throws HardshellError `posture.not-applied` when something could not be put back and nobody gave it up
 */
export async function takeBack({ run, words, standing }: { run: Run; words: ReadonlyMap<number, StepWord>; standing: Standing }, { foreign, giveUp }: Manner, ports: UndoPorts): Promise<readonly string[]> {
  const { records } = ports
  const hands = ports.handsFor(run.roots)
  const theirs = standing.state === 'undoing' ? new Set<number>() : await writtenByOthers(run, hands, foreign)
  await records.setStanding(run.id, { state: 'undoing', deadlineAt: null, left: [] })
  const left: string[] = []
  const failed: string[] = []
  for (const index of [...run.steps.keys()].reverse()) {
    try {
      if (theirs.has(index)) left.push(`${(run.steps[index] as KeptStep).path} is not put back: somebody else has changed it since`)
      if (theirs.has(index) || !(await mayBeOurs(run, index, { words, hands }))) continue
      const result = await undoStep(run, index, foreign, { records, hands })
      await records.note(run.id, index, 'undone')
      if (result !== 'back') left.push(result.left)
    } catch (error) {
      failed.push(messageOf(error)) // what can be put back is put back
    }
  }
  left.push(...(await tellReaders(run, hands)))
  if (failed.length > 0 && !giveUp) {
    throw new HardshellError('posture.not-applied', `not everything could be put back: ${failed.join('; ')}`, { hint: `hardshell harden undo ${run.id} tries again, with --force it gives these up` })
  }
  left.push(...failed)
  await records.setStanding(run.id, { state: 'undone', deadlineAt: null, left })
  if (run.withinMs !== null) await ports.boot.remove()
  return left
}

/** Files our commands wrote and somebody else after them. Told before an undo begins: it runs commands that write them again. */
async function writtenByOthers(run: Run, hands: Site['hands'], foreign: Foreign): Promise<ReadonlySet<number>> {
  const theirs = new Set<number>()
  for (const [index, step] of run.steps.entries()) {
    if (step.kind !== 'kept' || (await isUntouched(run, index, hands))) continue
    if (foreign === 'leave') theirs.add(index)
    else await keepBeside(run, step, hands.host!)
  }
  return theirs
}

/**
 * A step counts as begun when the journal says so, or says so of a later step: a journal that lost lines at its end
 * lost them from the end. Beyond that, files show themselves whether they were changed.
 */
async function mayBeOurs(run: Run, index: number, { words, hands }: { words: ReadonlyMap<number, StepWord>; hands: Site['hands'] }): Promise<boolean> {
  const word = words.get(index)
  if (word !== undefined) return word === 'intended' || word === 'done'
  if ([...words.keys()].some((later) => later > index)) return true
  const { kind } = run.steps[index]!
  return (kind === 'content' || kind === 'rights' || kind === 'kept') && (await isUntouched(run, index, hands))
}

async function tellReaders({ steps }: Run, hands: Site['hands']): Promise<string[]> {
  if (hands.host?.live !== true) return []
  const why = await activate(steps, hands.host)
  return why === null ? [] : [why]
}

/**
 * Takes back what nobody finished or confirmed: a run somebody died in, one whose time is over, one from before a
 * restart of the machine. Called before anything new is begun. To be called by whoever holds the lock.
 * @returns the runs that were taken back; a run that still waits stays as it is
 */
export async function settleRuns(ports: UndoPorts): Promise<readonly UndoneRun[]> {
  const settled: UndoneRun[] = []
  for (const id of [...(await ports.records.ids())].reverse()) {
    const found = await ports.records.read(id)
    if (found === null) await ports.records.drop(id)
    else if (isUnsettled(found, ports)) settled.push({ id, already: false, left: await takeBack(found, { foreign: 'leave', giveUp: false }, ports) })
  }
  return settled
}

function isUnsettled({ run, standing }: { run: Run; standing: Standing }, { clock, bootId }: Pick<UndoPorts, 'clock' | 'bootId'>): boolean {
  if (standing.state === 'applying' || standing.state === 'undoing') return true
  return standing.state === 'pending' && (run.bootId !== bootId() || clock.now() >= (standing.deadlineAt ?? 0))
}
