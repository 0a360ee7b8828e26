import { describe, expect, it } from 'vitest'
import { audit, chooseChecks, isAtLeast, reported, type Audited } from './audit.ts'
import type { Check } from './check.ts'
import { ExampleMachine } from './example-machine.ts'
import type { Example } from './example.ts'
import type { NativeAnswer } from './native.ts'
import { findCheck } from './registry.ts'
import type { Subject } from './subject.ts'

const bind = findCheck('gateway.bind-loopback')!
const check = (more: Partial<Check>): Check => ({ ...bind, ...more })
const request = { checks: [bind], suppressions: [], others: [], named: false }
const auditOf = async (example: Example, more: Partial<typeof request & { subject: Partial<Subject> }> = {}): Promise<Audited> =>
  await audit({ ...new ExampleMachine(example).subject(), ...more.subject }, { ...request, ...more })
const lan: Example = { configText: '{\n  // hi\n  gateway: {\n    bind: "lan" } }' }

describe('an audit', () => {
  it('tells place, file, line and what would be right, and grades it', async () => {
    const report = reported(await auditOf(lan))
    expect(report.findings).toEqual([expect.objectContaining({ id: bind.id, at: 'gateway.bind', evidence: 'lan', want: 'loopback', fixable: true, source: 'hardshell', file: '/home/claw/.openclaw/openclaw.json', line: 4 })])
    expect([report.grade, report.counts.high, report.installation.machine]).toEqual(['D', 1, 'this'])
  })

  it('asks nothing about what was not handed over, which is neither unknown nor a pass', async () => {
    const host = findCheck('sshd.no-root-password')!
    const report = reported(await auditOf(lan, { checks: [bind, host], subject: { host: null } }))
    expect(report.notAsked).toEqual([{ id: host.id, why: expect.stringContaining('--host-root') }])
    expect([report.unknown, report.passed, report.skipped]).toEqual([[], [], []])
  })

  it('is unknown in what it found and cannot read, and an error in what somebody named', async () => {
    const broken: Example = { configText: '\u0000\u0001' }
    const report = reported(await auditOf(broken))
    expect(report.unknown.map(({ id }) => id)).toEqual([bind.id])
    expect(report.grade).toBe('B')
    await expect(auditOf(broken, { named: true })).rejects.toMatchObject({ code: 'posture.broken-config', message: expect.stringContaining('/home/claw/.openclaw/openclaw.json') })
  })

  it('lists the worst first, and then by name', async () => {
    const checks = [check({ id: 'b.low', severity: 'low' }), check({ id: 'c.high' }), check({ id: 'a.high' }), check({ id: 'z.critical', severity: 'critical' })]
    expect(reported(await auditOf(lan, { checks })).findings.map(({ id }) => id)).toEqual(['z.critical', 'a.high', 'c.high', 'b.low'])
  })

  it('neither counts nor hides what is accepted', async () => {
    const report = reported(await auditOf(lan, { suppressions: [{ id: bind.id, reason: 'lab', owner: 'ana', expires: '2026-12-01' }] as never }))
    expect([report.grade, report.findings.length, report.suppressed[0]?.suppression.owner]).toEqual(['A', 0, 'ana'])
  })
})

describe("OpenClaw's own answers", () => {
  const answer = (findings: NativeAnswer['findings'], unknown: string | null = null): NativeAnswer => ({ judge: 'security audit', findings, unknown, tookMs: 9 })
  const said = { id: 'gateway.x', judge: 'security audit' as const, severity: 'critical' as const, title: 't', at: 'gateway.x', evidence: 'e', want: 'w' }

  it('change the grade where they alone know something worse, and are named as their source', async () => {
    const report = reported(await auditOf(lan), [answer([said])])
    expect([report.grade, report.findings[0]]).toEqual(['F', expect.objectContaining({ id: 'gateway.x', source: 'openclaw', judge: 'security audit', fixable: false, file: null })])
  })

  it('are told once where a check covers them', async () => {
    const report = reported(await auditOf(lan, { checks: [check({ covers: ['gateway.x'] })] }), [answer([said])])
    expect(report.findings.map(({ id, also }) => [id, also])).toEqual([[bind.id, ['gateway.x']]])
  })

  it('that do not come are unknown and change nothing', async () => {
    const report = reported(await auditOf({ config: {} }), [answer([], 'no answer within 60 s')])
    expect([report.grade, report.native]).toEqual(['A', [{ judge: 'security audit', unknown: 'no answer within 60 s', tookMs: 9 }]])
  })
})

describe('choosing checks', () => {
  it('is by area or by id, and a slip is named with what was meant', () => {
    const all = [bind, check({ id: 'sshd.x' })]
    expect(chooseChecks(all, { area: 'sshd', only: [] }).map(({ id }) => id)).toEqual(['sshd.x'])
    expect(chooseChecks(all, { only: [bind.id] })).toEqual([bind])
    expect(() => chooseChecks(all, { area: 'gatway', only: [] })).toThrow('did you mean gateway')
    expect(() => chooseChecks(all, { only: ['gateway.bind-lopback'] })).toThrow('did you mean gateway.bind-loopback')
  })

  it('knows which severity is worse', () => {
    expect([isAtLeast('critical', 'high'), isAtLeast('high', 'high'), isAtLeast('low', 'high')]).toEqual([true, true, false])
  })
})
