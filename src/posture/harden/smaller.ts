import { HardshellError } from '../../base/index.ts'
import { Draft } from './draft.ts'
import type { Hands, Rights } from './hands.ts'
import type { Wanted } from './merge.ts'
import { groundOf, type HardenPlan } from './plan.ts'
import type { ContentStep, Side } from './step.ts'

/** What is left of a plan. */
export interface Smaller {
  /** What a file would hold; `null` where nothing would be left to change. */
  fileOf(step: ContentStep): (Rights & { bytes: Buffer }) | null
  /** Checks that go too: their changes build on those that were taken out. */
  dragged: readonly string[]
}

/** A plan without the changes of some checks. */
export async function without(plan: HardenPlan, failed: ReadonlySet<string>): Promise<Smaller> {
  const ground = groundOf(plan.site)
  // Worked out from what was there: the disk has the whole plan by now.
  const before = (side: Side, hands: Hands | null): Hands | null => hands && { ...hands, look: async (path, what) => (plan.draft.knows(side, path) ? plan.draft.formerlyAt(side, path) : await hands.look(path, what)) }
  const hands = { host: before('host', ground.hands.host), files: before('files', ground.hands.files) }
  const changes = plan.wanted.flat().filter(({ change }) => change.kind !== 'command')
  const gone = new Set(failed)
  for (;;) {
    const draft = new Draft({ ...ground, hands })
    const stuck = await firstStuck(draft, changes.filter(({ checks }) => !checks.some((check) => gone.has(check))))
    if (stuck === null) return { fileOf: (step) => draft.fileAt(step.on, step.path), dragged: [...gone].filter((check) => !failed.has(check)) }
    for (const check of stuck.checks) gone.add(check)
  }
}

/** The first that finds another ground than it was planned on. */
async function firstStuck(draft: Draft, changes: readonly Wanted[]): Promise<Wanted | null> {
  for (const one of changes) {
    try {
      await draft.work(one)
    } catch (error) {
      if (error instanceof HardshellError && error.code === 'posture.changed-meanwhile') return one
      throw error
    }
  }
  return null
}
