import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hardshell } from './command.ts'
import { ensureProven } from './installation.ts'
import { sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
const folder = mkdtempSync(join(tmpdir(), 'hardshell-tampered-'))
let lines: string[] = []

beforeAll(async () => {
  await ensureProven(shared)
  lines = readFileSync(shared.log, 'utf8').split('\n').slice(0, -1).slice(0, 40)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Verified {
  ok: boolean
  entries: number
  firstBad: { line: number; reason: string } | null
}

/** What `audit verify` says about these lines, as a script would read it. */
async function verify(changed: readonly string[], end = '\n'): Promise<{ status: number | string; said: Verified }> {
  const file = join(folder, 'copy.log')
  writeFileSync(file, changed.join('\n') + end)
  const { status, out } = await hardshell(['audit', 'verify', '--file', file, '--json'])
  return { status, said: JSON.parse(out) as Verified }
}

describe('audit verify of a copy of the live log', () => {
  it('finds it whole as it is', async () => {
    expect(lines.length).toBeGreaterThanOrEqual(20)
    expect(await verify(lines)).toMatchObject({ status: 0, said: { ok: true, entries: lines.length, firstBad: null } })
  })

  it('names an edited line, whichever field was edited', async () => {
    for (const edit of [
      (line: string) => line.replace(/"timestamp":"20/, '"timestamp":"19'),
      (line: string) => line.replace(/"event_type":"/, '"event_type":"x'),
    ]) {
      const changed = lines.with(9, edit(lines[9]!))
      expect(changed[9]).not.toBe(lines[9])
      const { status, said } = await verify(changed)
      expect(status).toBe(1)
      // A chain is checked by the line after the edited one; either may be named, no later one.
      expect([10, 11]).toContain(said.firstBad?.line)
    }
  })

  it('finds an edit of the very last line, or says that nothing vouches for it yet', async () => {
    const last = lines.length - 1
    const { status, said } = await verify(lines.with(last, lines[last]!.replace('"seq":', '"seq": ')))
    expect(status).toBe(1)
    expect(said.firstBad?.line).toBe(lines.length)
  })

  it('names the place of a deleted line', async () => {
    const { status, said } = await verify(lines.toSpliced(9, 1))
    expect(status).toBe(1)
    expect(said).toMatchObject({ ok: false, firstBad: { line: 10, reason: expect.stringMatching(/./) } })
  })

  it('names the first of two swapped lines', async () => {
    const { status, said } = await verify(lines.with(9, lines[10]!).with(10, lines[9]!))
    expect(status).toBe(1)
    expect(said.firstBad?.line).toBe(10)
  })

  it('names a repeated line and a line put in', async () => {
    expect((await verify(lines.toSpliced(9, 0, lines[8]!))).said.firstBad?.line).toBe(10)
    expect((await verify(lines.toSpliced(9, 0, '{"seq":9}'))).said.firstBad?.line).toBe(10)
  })

  it('names a line that was cut in the middle', async () => {
    const cut = lines[39]?.slice(0, 60) ?? lines.at(-1)!.slice(0, 60)
    const { status, said } = await verify([...lines.slice(0, -1), cut], '')
    expect(status).toBe(1)
    expect(said.firstBad?.line).toBe(lines.length)
  })

  it('says it to a person too, with file and line', async () => {
    const file = join(folder, 'person.log')
    writeFileSync(file, `${lines.toSpliced(9, 1).join('\n')}\n`)
    const { status, out } = await hardshell(['audit', 'verify', '--file', file])
    expect(status).toBe(1)
    expect(out).toContain(`broken: ${file}:10: `)
  })
})

describe('the whole log', () => {
  it('verifies while the guard is writing it', async () => {
    const { status, out } = await hardshell(['audit', 'verify', '--json', '--state', shared.state])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ ok: true, firstBad: null })
  })

  it('that lost its newest lines does not: its head stands beside it and remembers', async () => {
    const copy = join(folder, 'state')
    cpSync(join(shared.state, 'guard/audit'), join(copy, 'guard/audit'), { recursive: true })
    const log = join(copy, 'guard/audit/audit.log')
    const all = readFileSync(log, 'utf8').split('\n').slice(0, -1)
    expect((await hardshell(['audit', 'verify', '--json', '--state', copy])).status).toBe(0)
    writeFileSync(log, `${all.slice(0, -5).join('\n')}\n`)
    const { status, out } = await hardshell(['audit', 'verify', '--json', '--state', copy])
    expect({ status, ok: (JSON.parse(out) as Verified).ok }).toEqual({ status: 1, ok: false })
  })
})
