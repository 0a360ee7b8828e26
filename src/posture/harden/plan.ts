import { HardshellError, messageOf } from '../../base/index.ts'
import type { Change } from '../change.ts'
import { severities, type Check, type Risk } from '../check.ts'
import type { FactName } from '../facts.ts'
import { gather, notGiven, type Gathered } from '../gather.ts'
import { judge, planFor } from '../judge.ts'
import { Draft, type Ground } from './draft.ts'
import { decided } from './edit.ts'
import { refusals } from './guards.ts'
import { keptSteps } from './kept.ts'
import { merge, type Wanted } from './merge.ts'
import { packageSteps } from './packages.ts'
import { chosen, type Choice } from './profile.ts'
import { areOne, draftedSubject, type Site } from './site.ts'
import { isPathStep, type Step } from './step.ts'
import { kernelSteps } from './sysctl.ts'

/** What would be done, and what would not. */
export interface HardenPlan {
  choice: Choice
  site: Site
  /** Checks this plan mends. */
  mends: readonly Check[]
  /** In rounds: a later one builds on what the earlier made. */
  wanted: readonly (readonly Wanted[])[]
  draft: Draft
  steps: readonly Step[]
  /** Where only files can be changed: fixes that need a program, with their files. They are told and not done. */
  told: { steps: readonly Step[]; draft: Draft }
  /** How many places each check to be mended has today. */
  flaws: ReadonlyMap<string, number>
  /** What the fix of each of these checks can cost. */
  risks: ReadonlyMap<string, Risk>
  /** Checks whose fix needs a word of the operator first. */
  waiting: readonly { check: string; risk: Risk }[]
  /** Checks that fail and cannot be mended here, and why. `refused`: it would lock somebody out. */
  aside: readonly { check: string; why: string; refused: boolean }[]
  /** Checks nobody could answer; those about what was not handed over are not among them. */
  unknown: readonly { id: string; why: string }[]
  /** Some step can lock the operator out: a timer has to stand behind it. */
  lockout: boolean
}

const risks: readonly Risk[] = ['safe', 'restart', 'lockout']
// A fix can make another check's question arise, or be planned on top of another's. More than a handful never was needed (examples.test.ts).
const maxRounds = 8
/** An audit has to be quick; a machine that answers slowly has to be hardened all the same (seen: an emulated one, where a third of the facts took longer than their 3 s). */
export const patienceMs = 60_000

/**
 * Plans everything the choice is about, as one. Changes nothing.
 * @param consent the greatest risk the operator has agreed to
 * @throws HardshellError `posture.contradiction`, `posture.unknown-check`, `posture.changed-meanwhile`
 */
export async function planHarden(checks: readonly Check[], choice: Choice, { site, consent }: { site: Site; consent: Risk }): Promise<HardenPlan> {
  const aside: { check: string; why: string; refused: boolean }[] = []
  for (;;) {
    const left = chosen(checks, choice).filter(({ id }) => !aside.some(({ check, refused }) => refused && check === id))
    const plan = await drafted(left, choice, { site, consent })
    const refused = await refusals(plan)
    if (refused.length === 0) return { ...plan, aside: [...plan.aside, ...aside] }
    aside.push(...refused.map((one) => ({ ...one, refused: true })))
  }
}

async function drafted(checks: readonly Check[], choice: Choice, { site, consent }: { site: Site; consent: Risk }): Promise<HardenPlan> {
  const ground = groundOf(site)
  const live = site.hands.host?.live === true
  const made: Made = { waiting: [], aside: [], unknown: [], rounds: [], told: [], mends: new Map(), flaws: new Map() }
  const draft = new Draft(ground)
  // The worst first: where two fixes get in each other's way, the lesser is planned anew on top of the greater.
  let left = checks.filter(({ fix }) => fix !== undefined).sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
  for (let round = 0; round < maxRounds; round++) {
    const gathered = await gather(draftedSubject(site, draft), needsOf(round === 0 ? checks : left), patienceMs)
    if (round === 0) made.unknown = judge(checks.filter((check) => notGiven(check, gathered) === null), gathered).unknown
    const batch = (await batchOf(left, gathered, { made, ground, consent, live, round })).map(withSecrets)
    if (batch.length === 0) break
    await workedOn(draft, batch)
    made.rounds.push(batch)
    left = left.filter(({ id }) => !made.flaws.has(id))
  }
  const told = await workedOn(new Draft(ground), merged(made.told).map(withSecrets))
  const mends = [...made.mends.values()]
  await refuseQuarrels(site, draft, mends, made.rounds.flat())
  const host = live ? site.hands.host : null
  const steps = await keptSteps(await packageSteps(await kernelSteps(await draft.steps(), draft, site.subject.host), host), host)
  return {
    choice,
    site,
    mends,
    wanted: made.rounds,
    draft,
    steps: live ? steps : steps.filter(isPathStep),
    told: { steps: [...(live ? [] : steps.filter((step) => !isPathStep(step))), ...(await told.steps())], draft: told },
    flaws: made.flaws,
    risks: new Map(checks.flatMap(({ id, fix }) => (fix === undefined ? [] : [[id, fix.risk] as const]))),
    waiting: made.waiting,
    aside: made.aside,
    unknown: made.unknown,
    lockout: live && made.rounds.flat().some(({ risk }) => risk === 'lockout'),
  }
}

interface Made {
  waiting: { check: string; risk: Risk }[]
  aside: { check: string; why: string; refused: boolean }[]
  unknown: readonly { id: string; why: string }[]
  rounds: (readonly Wanted[])[]
  told: Wanted[]
  mends: Map<string, Check>
  /** Of every check that was answered. */
  flaws: Map<string, number>
}

/** What the checks that are left want in this round, as one; whoever would contradict an earlier one waits for the next. */
async function batchOf(left: readonly Check[], gathered: Gathered, { made, ground, consent, live, round }: { made: Made; ground: Ground; consent: Risk; live: boolean; round: number }): Promise<readonly Wanted[]> {
  let batch: readonly Wanted[] = []
  for (const check of left) {
    const plan = planned(check, gathered)
    if (plan.length === 0) continue
    const fix = check.fix!
    const settled = (): void => void made.flaws.set(check.id, judge([check], gathered).findings.length)
    const why = await whyNot(plan, { ground, round, check })
    const own = plan.map((change) => ({ checks: [check.id], part: fix.part, risk: fix.risk, change }))
    if (risks.indexOf(fix.risk) > risks.indexOf(consent)) made.waiting.push({ check: check.id, risk: fix.risk })
    else if (why !== null) made.aside.push({ check: check.id, why, refused: false })
    else if (!live && plan.some(({ kind }) => kind === 'command')) made.told.push(...own)
    else {
      const both = mergedOrNull([...batch, ...own])
      if (both === null) continue
      batch = both
      made.mends.set(check.id, check)
    }
    settled()
  }
  return batch
}

function mergedOrNull(wanted: readonly Wanted[]): readonly Wanted[] | null {
  try {
    return merge(wanted)
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'posture.contradiction') return null
    throw error
  }
}

/** For what is only told: what does not go together is told as far as it does. */
function merged(wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.reduce<readonly Wanted[]>((all, one) => mergedOrNull([...all, one]) ?? all, [])
}

export function needsOf(checks: readonly Check[]): Set<FactName> {
  return new Set(checks.flatMap(({ needs }) => needs))
}

/** Which paths of a site lie where. */
export function groundOf({ subject, hands, roots }: Site): Ground {
  const { config, stateDir, guard } = subject
  const mine = [config, stateDir, guard?.configDir, guard?.stateDir].filter((path) => path != null)
  const isOne = areOne(roots)
  return {
    config,
    hands,
    sideOf: (path) => (!isOne && mine.some((own) => path === own || path.startsWith(`${own}/`)) ? 'files' : 'host'),
  }
}

function planned(check: Check, gathered: Gathered): readonly Change[] {
  try {
    return planFor(check, gathered)
  } catch {
    return [] // unknown, and said so by `judge`
  }
}

/** Why the changes of a check cannot be made here, or `null`. Somebody's link in a folder stops one check, not all. */
async function whyNot(plan: readonly Change[], { ground, round, check }: { ground: Ground; round: number; check: Check }): Promise<string | null> {
  const scratch = new Draft(ground)
  try {
    for (const change of plan) {
      const denied = await deniedFor(change, ground)
      if (denied !== null) return denied
    }
    // Later rounds build on changes of earlier ones, which the disk does not have yet.
    if (round === 0) await workedOn(scratch, merge(plan.map((change) => ({ checks: [check.id], part: check.fix!.part, risk: check.fix!.risk, change }))))
    return null
  } catch (error) {
    if (error instanceof HardshellError && error.code === 'posture.changed-meanwhile') throw error
    return messageOf(error)
  }
}

/** OpenClaw's program may lie where its owner can change it, and works on the home of whoever runs it: root does not run it. */
async function notTheOwner({ config, hands }: Ground): Promise<string | null> {
  const uid = config === null ? null : ((await hands.files?.look(config, 'rights'))?.uid ?? null)
  return uid === null || uid === process.geteuid?.() ? null : `openclaw is run by whoever owns ${config}, not by this user: run hardshell harden as that one`
}

async function deniedFor(change: Change, ground: Ground): Promise<string | null> {
  const { config, sideOf, hands } = ground
  if (change.kind === 'command' && change.do[0] === 'openclaw' && hands.host?.live === true) return await notTheOwner(ground)
  if (change.kind === 'command') return hands.host === null ? 'the machine was not given (--host-root DIR)' : hands.host.live && process.geteuid?.() !== 0 ? `only root may run ${change.do[0]}: sudo hardshell harden` : null
  const path = change.kind === 'setting' ? config : change.path
  const on = path === null ? null : hands[sideOf(path)]
  if (on === null || path === null) return 'the machine was not given (--host-root DIR)'
  return (await on.mayChange(path, change.kind === 'mode' || change.kind === 'owner' ? 'rights' : 'bytes')) ? null : `this user may not change ${path}: sudo hardshell harden`
}

function withSecrets(one: Wanted): Wanted {
  return { ...one, change: decided(one.change) }
}

async function workedOn(draft: Draft, wanted: readonly Wanted[]): Promise<Draft> {
  for (const one of wanted) await draft.work(one)
  return draft
}

/** Checks that pass alone and not together: their fixes share a place, and one of them got its way. */
async function refuseQuarrels(site: Site, draft: Draft, mends: readonly Check[], wanted: readonly Wanted[]): Promise<void> {
  const byFile = mends.filter(({ id }) => wanted.every(({ checks, change }) => !checks.includes(id) || change.kind === 'setting'))
  const { findings } = judge(byFile, await gather(draftedSubject(site, draft), needsOf(byFile), patienceMs))
  const [first] = findings
  if (first === undefined) return
  const own = wanted.filter(({ checks }) => checks.includes(first.id)).map(({ change }) => change)
  const other = wanted.find(({ checks, change }) => !checks.includes(first.id) && own.some((mine) => isNear(mine, change)))
  if (other === undefined) return // seen after applying, and taken back there
  throw new HardshellError('posture.contradiction', `${first.id} and ${other.checks.join(', ')} want different things of ${first.at}`, { hint: `hardshell harden --only ${first.id}` })
}

function isNear(a: Change, b: Change): boolean {
  if (a.kind !== 'setting' || b.kind !== 'setting') return false
  return a.at.every((key, index) => b.at[index] === undefined || b.at[index] === key)
}
