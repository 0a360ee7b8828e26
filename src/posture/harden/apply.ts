import { HardshellError, messageOf } from '../../base/index.ts'
import { parts, type Part } from '../change.ts'
import { gather } from '../gather.ts'
import { judge, planFor } from '../judge.ts'
import { activate, testsFor } from './activation.ts'
import { doStep, neighbourOf, undoStep } from './do-step.ts'
import { digestOf, type Rights } from './hands.ts'
import { keptNow, withWritten } from './kept.ts'
import { needsOf, patienceMs, type HardenPlan } from './plan.ts'
import type { HardenPorts } from './ports.ts'
import type { Run } from './record.ts'
import { without } from './smaller.ts'
import { isFinal, type ContentStep, type Step } from './step.ts'
import { takeBack } from './undo.ts'
import type { Answers, Watch } from './watch.ts'

/** What came of an apply. */
export interface Applied {
  id: string
  /** Checks that pass now. */
  mended: readonly string[]
  /** Checks whose change was taken back again, and why. */
  takenBack: readonly { check: string; why: string }[]
  /** When it takes itself back unless confirmed, ms of wall time; `null`: it stays. */
  confirmBy: number | null
}

/**
 * Does what a plan says: the way back and the timer first, then part by part, each tested before its readers are told
 * and asked whether it still answers after, then every check judged anew. Killed at any step it is taken back by the
 * timer or by the next call.
 * @throws HardshellError when a change could not be made; everything is as before then
 */
export async function applyPlan(plan: HardenPlan, withinMs: number, { watch, ...ports }: HardenPorts & { watch: Watch }): Promise<Applied> {
  const run = await begin(plan, withinMs, ports)
  const work: Work = { plan, run, ports, watch, before: await watch.answers(), takenBack: [], undone: new Set() }
  try {
    if (plan.lockout) await ports.armDeadMan(run.id)
    for (const part of parts) await applyPart(part, work)
    await verify(work)
    return await stay(work)
  } catch (error) {
    const left = await giveBack(work)
    throw stopped(error, left)
  }
}

interface Work {
  readonly plan: HardenPlan
  run: Run
  readonly ports: HardenPorts
  readonly watch: Watch
  readonly before: Answers
  readonly takenBack: { check: string; why: string }[]
  /** Numbers of steps that were taken back already. */
  readonly undone: Set<number>
}

async function begin(plan: HardenPlan, withinMs: number, ports: HardenPorts): Promise<Run> {
  const { choice, site, steps, draft, lockout } = plan
  const run: Run = { id: ports.newId(), at: ports.clock.now(), by: ports.by, profile: choice.profile, roots: site.roots, bootId: ports.bootId(), withinMs: lockout ? withinMs : null, steps, amended: {} }
  const backups = new Map<number, Uint8Array>()
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'content' && step.before !== null) backups.set(index, draft.formerly(step)!.bytes!)
    if (step.kind === 'kept') backups.set(index, await keptNow(step, site.hands.host!))
  }
  await ports.records.begin(run, backups)
  return run
}

/** The steps of a part; whatever its test or somebody's silence says against them takes them back and stops nothing else. */
async function applyPart(part: Part, work: Work): Promise<void> {
  const mine = indexesOf(work.run, (step) => step.part === part)
  const steps = mine.map((index) => work.run.steps[index]!)
  if (steps.length === 0) return
  const sound = await soundBefore(steps, work)
  for (const index of mine) await attempt(index, work)
  const why = (await testProblem(steps, sound, work)) ?? (await told(steps, work)) ?? (await work.watch.lost(work.before, part))
  if (why !== null) await dropPart(mine, why, work)
}

/** One step. A command that fails, or is nobody's any more, costs its own checks and stops no other. */
async function attempt(index: number, work: Work): Promise<void> {
  const { run, plan, ports: { records }, takenBack, undone } = work
  const step = run.steps[index]!
  const gone = goneOf(work)
  if (step.kind === 'command' && step.checks.every((check) => gone.has(check))) {
    // Else an undo runs the way back of what was never done.
    await records.note(run.id, index, 'void')
    return void undone.add(index)
  }
  try {
    await doStep(run, index, step.kind === 'content' && step.after !== null ? plan.draft.contentOf(step) : null, { records, hands: plan.site.hands })
  } catch (error) {
    if (step.kind !== 'command' || !(error instanceof HardshellError)) throw error
    const result = await undoStep(run, index, 'leave', { records, hands: plan.site.hands })
    // Half a firewall is nothing to go on with.
    if (result !== 'back' && !isFinal(step) && (step.part === 'firewall' || step.part === 'ssh')) throw error
    await records.note(run.id, index, 'undone')
    undone.add(index)
    takenBack.push(...step.checks.map((check) => ({ check, why: error.message })))
  }
}

async function dropPart(mine: readonly number[], why: string, work: Work): Promise<void> {
  const steps = mine.map((index) => work.run.steps[index]!)
  for (const index of [...mine].reverse()) await drop(index, work)
  await told(steps, work)
  for (const check of new Set(steps.flatMap(({ checks }) => checks))) work.takenBack.push({ check, why })
}

async function told(steps: readonly Step[], { plan }: Work): Promise<string | null> {
  const { host } = plan.site.hands
  return host?.live === true ? await activate(steps, host) : null
}

/** Which tests hold before the change: what was broken already is not held against it. */
async function soundBefore(steps: readonly Step[], work: Work): Promise<ReadonlySet<string>> {
  const sound = new Set<string>()
  for (const { command, before } of liveTests(steps, work)) {
    if (!before || (await failureOf(command, work)) === null) sound.add(command.join(' '))
  }
  if (touchesConfig(steps, work) && (await work.watch.configProblem()) === null) sound.add(configTest)
  return sound
}

const configTest = 'openclaw config validate'

async function testProblem(steps: readonly Step[], sound: ReadonlySet<string>, work: Work): Promise<string | null> {
  for (const { command } of liveTests(steps, work)) {
    const failure = sound.has(command.join(' ')) ? await failureOf(command, work) : null
    if (failure !== null) return failure
  }
  return sound.has(configTest) ? await work.watch.configProblem() : null
}

function liveTests(steps: readonly Step[], { plan }: Work): ReturnType<typeof testsFor> {
  return plan.site.hands.host?.live === true ? testsFor(steps) : []
}

async function failureOf(command: readonly string[], { plan }: Work): Promise<string | null> {
  const ran = await plan.site.hands.host!.run(command)
  if (ran === null || ran.status === 0) return null
  return `${command.join(' ')} ended with ${ran.status}: ${(ran.err || ran.out).trim().slice(0, 600)}`
}

function touchesConfig(steps: readonly Step[], { plan }: Work): boolean {
  return steps.some((step) => step.kind === 'content' && step.path === plan.site.subject.config)
}

/** Every check judged on the machine as it is now. What does not pass is taken back, and so is what then fails. */
async function verify(work: Work): Promise<void> {
  const { plan } = work
  if (work.takenBack.length > 0) await amend(work)
  for (;;) {
    const gone = goneOf(work)
    const checks = plan.mends.filter(({ id }) => !gone.has(id) && !isOnlyTold(id, plan))
    const gathered = await gather(plan.site.subject, needsOf(checks), patienceMs)
    const { findings, unknown } = judge(checks, gathered)
    // Some places of a check may be beyond a machine: it has to be better than before, with nothing left to mend.
    const failed = checks.filter((check) => {
      const now = findings.filter(({ id }) => id === check.id).length
      return now > 0 && (now >= plan.flaws.get(check.id)! || planFor(check, gathered).length > 0)
    })
    work.takenBack.push(...failed.map(({ id }) => ({ check: id, why: `it does not pass after the change: ${findings.find((finding) => finding.id === id)!.at}` })))
    work.takenBack.push(...unknown.map(({ id, why }) => ({ check: id, why: `whether it passes cannot be told: ${why}` })))
    if (failed.length + unknown.length === 0) return
    await amend(work)
  }
}

/** Where only files can be changed, a fix that needs a program is not done, and so not judged. */
function isOnlyTold(id: string, { told }: HardenPlan): boolean {
  return told.steps.some(({ checks }) => checks.includes(id))
}

const goneOf = ({ takenBack }: Work): ReadonlySet<string> => new Set(takenBack.map(({ check }) => check))

/** Makes the files what they would be without the checks that were taken back. */
async function amend(work: Work): Promise<void> {
  const smaller = await without(work.plan, goneOf(work))
  work.takenBack.push(...smaller.dragged.map((check) => ({ check, why: 'it builds on a change that was taken back' })))
  const gone = goneOf(work)
  const touched = indexesOf(work.run, (step) => step.checks.some((check) => gone.has(check))).filter((index) => !work.undone.has(index))
  for (const index of touched.reverse()) {
    const step = work.run.steps[index]!
    const file = step.kind === 'content' ? smaller.fileOf(step) : null
    if (file !== null) await rewrite(index, file, work)
    // A folder may still be needed; the rights of a place are of one piece.
    else if (step.kind === 'content' || step.kind === 'rights' || step.checks.every((check) => gone.has(check))) await drop(index, work)
  }
  const why = await told(touched.map((index) => work.run.steps[index]!), work)
  if (why !== null) throw new HardshellError('posture.not-applied', why)
}

async function rewrite(index: number, file: Rights & { bytes: Buffer }, work: Work): Promise<void> {
  const step = work.run.steps[index] as ContentStep
  const own = work.plan.site.hands[step.on]!
  work.run = smallerRun(work.run, index, file.bytes)
  // On the disk before the bytes are: whoever takes the run back has to know them as ours.
  await work.ports.records.save(work.run)
  await own.place(step.path, neighbourOf(work.run, index), file)
  await own.swap(step.path, neighbourOf(work.run, index))
}

function smallerRun(run: Run, index: number, content: Buffer): Run {
  return { ...run, amended: { ...run.amended, [index]: [...(run.amended[index] ?? []), digestOf(content)] } }
}

async function drop(index: number, { run, ports: { records }, plan, undone }: Work): Promise<void> {
  if (undone.has(index)) return
  const result = await undoStep(run, index, 'leave', { records, hands: plan.site.hands })
  // The plan said that nothing takes it back: no reason to take everything else back.
  if (result !== 'back' && !isFinal(run.steps[index]!)) throw new HardshellError('posture.not-applied', result.left)
  await records.note(run.id, index, 'undone')
  undone.add(index)
}

async function stay(work: Work): Promise<Applied> {
  const { ports, plan, takenBack } = work
  // Nothing stays: `harden undo` is to find the run before it, and nobody has to confirm it.
  if (mendedBy(work).length === 0) {
    await giveBack(work)
    return { id: work.run.id, mended: [], takenBack, confirmBy: null }
  }
  work.run = await withWritten(work.run, plan.site.hands.host)
  await ports.records.save(work.run)
  const { id, withinMs } = work.run
  const deadlineAt = withinMs === null ? null : ports.clock.now() + withinMs
  await ports.records.setStanding(id, { state: deadlineAt === null ? 'kept' : 'pending', deadlineAt, left: [] })
  return { id, mended: mendedBy(work), takenBack, confirmBy: deadlineAt }
}

function mendedBy(work: Work): string[] {
  const gone = goneOf(work)
  return work.plan.mends.map(({ id }) => id).filter((id) => !gone.has(id) && !isOnlyTold(id, work.plan))
}

async function giveBack({ run, ports }: Work): Promise<readonly string[]> {
  const found = await ports.records.read(run.id)
  return found === null ? [] : await takeBack(found, { foreign: 'leave', giveUp: false }, ports)
}

function stopped(error: unknown, left: readonly string[]): HardshellError {
  const rest = left.length === 0 ? 'everything is as it was' : `not put back: ${left.join('; ')}`
  const code = error instanceof HardshellError ? error.code : 'posture.not-applied'
  return new HardshellError(code, `${messageOf(error)}; ${rest}`, { cause: error, ...(error instanceof HardshellError && error.hint !== undefined ? { hint: error.hint } : {}) })
}

const indexesOf = ({ steps }: Run, is: (step: Step) => boolean): number[] => [...steps.keys()].filter((index) => is(steps[index]!))
