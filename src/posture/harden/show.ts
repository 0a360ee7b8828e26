import type { Risk } from '../check.ts'
import { activationsFor, testsFor } from './activation.ts'
import { linesOf, unifiedDiff } from './diff.ts'
import type { Draft } from './draft.ts'
import { hideSecrets } from './hide.ts'
import type { HardenPlan } from './plan.ts'
import type { Rights } from './hands.ts'
import { shownEvidence } from '../shown-evidence.ts'
import type { PathStep, Step } from './step.ts'

/** One step as a person is shown it; no secret is in it. */
export interface ShownStep {
  part: string
  checks: readonly string[]
  risk: Risk
  /** `told`: only the files of a machine are here, and it needs a program to be run there. */
  only: 'done' | 'told'
  /** What is done, one line. */
  what: string
  /** Its lines: a unified diff, or nothing. */
  diff: readonly string[]
  /** How it is taken back, one line. */
  undo: string
}

/** The whole plan as one list, in the order it is applied. */
export function showPlan(plan: HardenPlan): { steps: readonly ShownStep[]; tests: readonly string[]; told: readonly string[] } {
  const all = [...plan.steps, ...plan.told.steps]
  const told = (steps: readonly Step[], draft: Draft): ShownStep[] => steps.map((step) => ({ part: step.part, checks: step.checks, risk: riskOf(step, plan), only: draft === plan.draft ? 'done' : 'told', ...named(shown(step, draft)) }))
  return {
    steps: [...told(plan.steps, plan.draft), ...told(plan.told.steps, plan.told.draft)],
    tests: testsFor(all).map(({ command }) => shownEvidence(command.join(' '))),
    told: activationsFor(all).map((command) => shownEvidence(command.join(' '))),
  }
}

/** A file may be called by what a key is. Lines of a diff hide their own. */
function named({ what, diff, undo }: Pick<ShownStep, 'what' | 'diff' | 'undo'>): Pick<ShownStep, 'what' | 'diff' | 'undo'> {
  return { what: shownEvidence(what), diff, undo: shownEvidence(undo) }
}

function riskOf({ checks }: Step, { risks }: HardenPlan): Risk {
  return (['lockout', 'restart', 'safe'] as const).find((risk) => checks.some((check) => risks.get(check) === risk)) ?? 'safe'
}

function shown(step: Step, draft: Draft): Pick<ShownStep, 'what' | 'diff' | 'undo'> {
  if (step.kind === 'command') return { what: `run: ${step.do.join(' ')}   (${step.means})`, diff: [], undo: step.undo === null ? 'nothing takes it back' : `run: ${step.undo.join(' ')}` }
  if (step.kind === 'folder') return { what: `make folder ${step.path} (${rights(step.after)})`, diff: [], undo: 'removed when empty' }
  if (step.kind === 'rights') return { what: `${step.of} ${step.path}: ${rights(step.before)} → ${rights(step.after)}`, diff: [], undo: `back to ${rights(step.before)}` }
  if (step.kind === 'kept') return { what: `keep ${step.path} as it is now`, diff: [], undo: 'put back byte for byte' }
  const verb = step.before === null ? 'write' : step.after === null ? 'remove' : 'change'
  const moved = step.before !== null && step.after !== null && rights(step.before) !== rights(step.after) ? ` (${rights(step.before)} → ${rights(step.after)})` : step.before === null ? ` (${rights(step.after!)})` : ''
  return { what: `${verb} ${step.path}${moved}`, diff: diffOf(step, draft), undo: step.before === null ? 'removed' : 'put back byte for byte' }
}

function diffOf(step: PathStep, draft: Draft): string[] {
  return shownDifference(step.path, draft.formerly(step)?.bytes ?? null, draft.fileAt(step.on, step.path)?.bytes ?? null)
}

/** The difference of two contents of a file as a person may see it: a unified diff without secrets; empty when nothing differs. Pure. */
export function shownDifference(path: string, from: Buffer | null, to: Buffer | null): string[] {
  const [before, after] = [textOf(from), textOf(to)]
  const seen = { before: linesOf(hideSecrets(path, before ?? '')), after: linesOf(hideSecrets(path, after ?? '')) }
  return unifiedDiff({ before: before === null ? '/dev/null' : shownEvidence(path), after: after === null ? '/dev/null' : shownEvidence(path) }, { before: linesOf(before), after: linesOf(after) }, seen)
}

function textOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8').replaceAll('\r\n', '\n')
}

function rights({ mode, uid, gid }: Rights): string {
  return `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`
}
