import { describe, expect, it } from 'vitest'
import check from './checks/sandbox/on-where-commands-run.ts'
import { gather } from './gather.ts'
import { judge, planFor } from './judge.ts'
import { ExampleMachine } from './machine.test.kit.ts'

const asked = async (config: unknown, files: Record<string, string> = {}): Promise<{ findings: number; changes: number }> => {
  const gathered = await gather(new ExampleMachine({ config, files }).subject(), check.needs)
  return { findings: judge([check], gathered).findings.length, changes: planFor(check, gathered).length }
}

describe('switching a sandbox on', () => {
  it('is told and not done where there is nothing to make one with', async () => {
    expect(await asked({})).toEqual({ findings: 1, changes: 0 })
  })

  it('is done with Podman too, and where it is made by something else', async () => {
    expect(await asked({}, { '/usr/bin/podman': '' })).toEqual({ findings: 1, changes: 1 })
    expect(await asked({ agents: { defaults: { sandbox: { backend: 'ssh' } } } })).toEqual({ findings: 1, changes: 1 })
  })
})
