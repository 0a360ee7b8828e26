import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Check } from './check.ts'
import type { Example } from './example.ts'
import { gather, type Gathered } from './gather.ts'
import { judge, planFor } from './judge.ts'
import { ExampleMachine } from './machine.test.kit.ts'
import { checks } from './registry.ts'

const seen = async (check: Check, machine: ExampleMachine): Promise<Gathered> => await gather(machine.subject(), check.needs)
const judged = async (check: Check, machine: ExampleMachine): Promise<ReturnType<typeof judge>> => judge([check], await seen(check, machine))
const examples = (of: Check['examples']['pass']): [string, Example][] => Object.entries(of)

describe('the list of checks', () => {
  it('has every file of the folder once, under the id that is its path', () => {
    const files = readdirSync(`${import.meta.dirname}/checks`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('/') && name.endsWith('.ts') && !name.includes('.test.'))
      .map((name) => name.replace('/', '.').replace(/\.ts$/, ''))
    expect(files.length).toBeGreaterThan(0)
    expect(checks.map(({ id }) => id).sort()).toEqual(files.sort())
  })

  it('can mend at least nine of ten', () => {
    const fixable = checks.filter(({ fix }) => fix !== undefined).length
    expect(fixable / checks.length).toBeGreaterThanOrEqual(0.9)
  })
})

describe.each(checks.map((check) => [check.id, check] as const))('%s', (_, check) => {
  it('says why, who says so, and who mends it', () => {
    expect(check.title).toMatch(/^[^A-Z].*[^.]$/)
    expect(check.why.length).toBeGreaterThan(20)
    expect(check.source.length).toBeGreaterThan(5)
    expect([check.fix, check.manual].filter((way) => way !== undefined)).toHaveLength(1)
    expect(examples(check.examples.pass).length).toBeGreaterThan(0)
    expect(examples(check.examples.fail).length).toBeGreaterThan(0)
  })

  it.each(examples(check.examples.pass))('passes %s', async (_name, example) => {
    expect(await judged(check, new ExampleMachine(example))).toMatchObject({ findings: [], unknown: [] })
  })

  it.each(examples(check.examples.fail))('fails %s, and passes once fixed, and has then nothing left to fix', async (_name, example) => {
    const machine = new ExampleMachine(example)
    const before = await judged(check, machine)
    expect(before.unknown).toEqual([])
    expect(before.findings.length).toBeGreaterThan(0)
    if (check.fix === undefined) return
    const plan = planFor(check, await seen(check, machine))
    expect(plan.length).toBeGreaterThan(0)
    machine.apply(plan)
    expect(await judged(check, machine)).toMatchObject({ findings: [], unknown: [] })
    expect(planFor(check, await seen(check, machine))).toEqual([])
  })

  it('is unknown where its facts are, and does not pass', () => {
    const gathered = Object.fromEntries(check.needs.map((name) => [name, { known: false, why: 'nobody can read it' }])) as Gathered
    expect(judge([check], gathered)).toEqual({ findings: [], unknown: [{ id: check.id, why: 'nobody can read it' }], passed: [], skipped: [] })
  })
})
