import { describe, expect, it } from 'vitest'
import { readJson5 } from '../openclaw/index.ts'
import type { Example } from './example.ts'
import { ExampleMachine } from './example-machine.ts'
import { gather } from './gather.ts'
import { judge, planFor } from './judge.ts'
import { findCheck } from './registry.ts'

const path = '/home/claw/.openclaw/openclaw.json'

async function fixed(id: string, example: Example): Promise<{ plan: unknown; text: string; left: number; fixable: boolean }> {
  const check = findCheck(id)!
  const machine = new ExampleMachine(example)
  const before = await gather(machine.subject(), check.needs)
  const plan = planFor(check, before)
  machine.apply(plan)
  const after = judge([check], await gather(machine.subject(), check.needs))
  return { plan, text: (await machine.text(path))!, left: after.findings.length, fixable: judge([check], before).findings[0]!.fixable }
}

describe('a fix', () => {
  it('changes a setting where it is written, under its older name', async () => {
    const { text, left } = await fixed('gateway.no-dangerous-node-commands', { configText: `{\n  // phones\n  gateway: { nodes: { allowCommands: ["camera.snap", "camera.list"] } },\n}\n` })
    expect(text).toBe(`{\n  // phones\n  gateway: { nodes: { allowCommands: ["camera.list"] } },\n}\n`)
    expect(left).toBe(0)
  })

  it('starts from the value as it stands there, not as it is understood', async () => {
    const { plan, left } = await fixed('gateway.bind-loopback', { config: { gateway: { bind: '0.0.0.0' } } })
    expect(plan).toEqual([{ kind: 'setting', at: ['gateway', 'bind'], from: '0.0.0.0', to: 'loopback' }])
    expect(left).toBe(0)
  })

  it('puts a new setting beside its older neighbours', async () => {
    const { text } = await fixed('channels.dms-not-open', { config: { telegram: { dmPolicy: 'open' } } })
    expect(readJson5(text)).toMatchObject({ telegram: { dmPolicy: 'pairing' } })
  })

  it('leaves an included file alone, and says so', async () => {
    const example = { config: { gateway: { $include: './gateway.json5' } }, files: { '$STATE/gateway.json5': "{ bind: 'lan' }" } }
    expect(await fixed('gateway.bind-loopback', example)).toMatchObject({ plan: [], left: 1, fixable: false })
  })
})
