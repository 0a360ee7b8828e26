import { afterEach, describe, expect, it } from 'vitest'
import type { Example } from '../example.ts'
import { checks } from '../registry.ts'
import { applyPlan } from './apply.ts'
import { machineOf } from './example.test.kit.ts'
import type { TemporaryMachine } from './harden.test.kit.ts'
import { planHarden, type HardenPlan } from './plan.ts'
import type { Choice } from './profile.ts'
import type { Site } from './site.ts'
import { undoRun } from './undo.ts'

let machine: TemporaryMachine | null = null
afterEach(() => machine?.remove())

const plan = async (choice: Choice, site: Site): Promise<HardenPlan> => await planHarden(checks, choice, { site, consent: 'lockout' })

// The files of other owners are given away by root only.
const isRoot = process.geteuid?.() === 0

/** Applies to real files; then a second run has nothing to do, and undo leaves every byte, mode and owner as before. */
async function expectRound(example: Example, choice: Choice): Promise<HardenPlan> {
  const { machine: made, site } = machineOf(example)
  machine = made
  const before = made.tree()
  const first = await plan(choice, site)
  if (first.steps.length === 0) return first
  const applied = await applyPlan(first, 60_000, { ...made.ports(), handsFor: () => site.hands })
  expect(applied.takenBack).toEqual([])
  const after = made.tree()
  expect(after).not.toEqual(before)
  const second = await plan(choice, site)
  expect(second.steps).toEqual([])
  expect(made.tree(), 'planning changes nothing').toEqual(after)
  expect((await undoRun(applied.id, false, { ...made.ports(), handsFor: () => site.hands })).left).toEqual([])
  expect(made.tree()).toEqual(before)
  return first
}

const fixable = checks.filter(({ fix }) => fix !== undefined)
const areas = [...new Set(fixable.map(({ id }) => id.split('.')[0]!))]
// What cannot be put on a disk as it stands: a database that is told as its statements, a log of 50 MB, mounts.
const inMemoryOnly = new Set(['disk.state-below-private-folders', 'plugins.digest-noted', 'services.logs-rotated'])

describe.skipIf(!isRoot)('the first failing example of every check, as files', () => {
  it.each(areas)('%s', { timeout: 120_000 }, async (area) => {
    for (const check of fixable.filter(({ id }) => id.startsWith(`${area}.`) && !inMemoryOnly.has(id))) {
      const first = await expectRound(Object.values(check.examples.fail)[0]!, { profile: 'production', only: [check.id] })
      expect(first.steps.length + first.told.steps.length + first.aside.length, `${check.id}: something is done, told, or said to be impossible`).toBeGreaterThan(0)
      machine?.remove()
    }
  })

  // Every third area: what its checks want beside what all others want of the same files. All of them take a minute and pass.
  it.each(areas.filter((_, index) => index % 3 === 0))('one of %s with all other checks', { timeout: 120_000 }, async (area) => {
    const check = fixable.find(({ id }) => id.startsWith(`${area}.`))!
    const first = await expectRound(Object.values(check.examples.fail)[0]!, { profile: 'production', only: [] })
    expect(first.mends.length + first.aside.length + first.told.steps.length).toBeGreaterThan(0)
  })
})
