import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import type { Terminal } from '../terminal.ts'

const root = mkdtempSync(join(tmpdir(), 'hardshell-fleet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function fleet(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    out: (text) => void (said.out += `${text}\n`),
    err: (text) => void (said.err += `${text}\n`),
    input: async () => '',
    ask: async () => null,
    paint: (_, text) => text,
    env: {},
    cwd: root,
    self: 'hardshell',
  }
  return { status: await run(['security', 'fleet', ...args], terminal), ...said }
}

function reports(folder: string, files: Readonly<Record<string, object>>): string {
  mkdirSync(join(root, folder), { recursive: true })
  for (const [name, more] of Object.entries(files)) {
    const report = { version: 1, grade: 'A', time: new Date().toISOString(), counts: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, findings: [], unknown: [], ...more }
    writeFileSync(join(root, folder, `${name}.json`), JSON.stringify(report))
  }
  return folder
}

const finding = (severity: string, title = 'a title'): object => ({ id: 'gateway.bind-loopback', title, severity, at: 'gateway.bind', fingerprint: severity })

describe('hardshell security fleet', () => {
  it('ends with 0 when all have reported and nothing is found', async () => {
    const quiet = reports('quiet', { one: {}, two: {} })
    expect(await fleet(quiet, '--expect', 'one,two')).toMatchObject({ status: 0, out: expect.stringContaining('2 installations') })
    expect(JSON.parse((await fleet(quiet, '--json')).out)).toMatchObject({ version: 1, ok: true, installations: [{ installation: 'one', grade: 'A' }, { installation: 'two' }], unusable: [] })
  })

  it.each([
    ['a finding', { one: { findings: [finding('low')] } }, ['--min-severity', 'low'], 'B'],
    ['silence', { one: { time: '2026-01-01T00:00:00Z' } }, [], 'stale: what it is now is unknown'],
    ['somebody who never reported', { one: {} }, ['--expect', 'one,two'], 'Never reported: two'],
    ['a file that is no report', { one: {}, two: { version: 2 } }, [], 'version is not as it should be'],
  ])('ends with 1 for %s', async (name, files, args, said) => {
    const ended = await fleet(reports(name, files), ...args)
    expect(ended).toMatchObject({ status: 1, out: expect.stringContaining(said) })
  })

  it('does not count what is less than asked for', async () => {
    expect((await fleet(reports('less', { one: { findings: [finding('low')] } }), '--min-severity', 'medium')).status).toBe(0)
    expect((await fleet('less')).status).toBe(1)
  })

  it('shows what a lost machine writes, and does not obey it', async () => {
    const evil = '\u001b[2J\u202egrade A'
    reports('evil', { [`x${'\u001b'}[31m`]: { findings: [finding('critical', evil)] }, other: { findings: [finding('critical', evil)] } })
    const { out } = await fleet('evil')
    expect(out).toContain('gateway.bind-loopback')
    expect(out).not.toMatch(/[\u001b\u202e]/)
    expect((await fleet('evil', '--json')).out).not.toMatch(/[\u001b\u202e]/)
  })

  it.each([[['nowhere'], 'ENOENT'], [['quiet', '--max-age', 'soon'], '--max-age soon is no time'], [['empty'], 'holds no reports']])('says what is wrong with %j', async (args, why) => {
    mkdirSync(join(root, 'empty'), { recursive: true })
    const { status, out, err } = await fleet(...args)
    expect([status > 1, out]).toEqual([true, ''])
    expect(err).toContain(why)
    expect(err).toContain('try: ')
  })
})
