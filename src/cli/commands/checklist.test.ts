import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configFileNames, schemaFor } from '../../config/index.ts'
import { run } from '../run.ts'
import type { Terminal } from '../terminal.ts'
import { guardFiles, type ItemAnswer, type ThreatModel } from '../../posture/index.ts'

const clone = join(import.meta.dirname, '../../..')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hardshell-checklist-'))
  mkdirSync(join(root, 'openclaw'), { mode: 0o700 })
  const config = { gateway: { bind: 'lan', auth: { mode: 'token' } }, channels: { telegram: { dmPolicy: 'open', allowFrom: ['*'] } }, mcp: { servers: { '=cmd|': { command: 'npx' } } } }
  writeFileSync(join(root, 'openclaw', 'openclaw.json'), JSON.stringify(config), { mode: 0o600 })
})
afterEach(() => rmSync(root, { recursive: true }))

interface Ended {
  status: number | null
  out: string
  err: string
}

/** As a person runs it. */
function spawned(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(join(clone, 'hardshell'), [...args, '--state', join(root, 'state')], {
    cwd: clone,
    env: { PATH: process.env['PATH'] ?? '', HOME: root },
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

/** The same in this process, which is five times as fast. */
async function hardshell(...args: string[]): Promise<Ended> {
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    out: (text) => void (said.out += `${text}\n`), err: (text) => void (said.err += `${text}\n`),
    input: async () => '', ask: async () => null, paint: (_, text) => text, env: { HOME: root }, cwd: root, self: 'hardshell',
  }
  return { status: await run([...args, '--state', join(root, 'state')], terminal), ...said }
}

const given = (): string[] => ['--config', join(root, 'openclaw', 'openclaw.json'), '--state-dir', join(root, 'openclaw')]
const itemsOf = (out: string): ItemAnswer[] => (JSON.parse(out) as { items: ItemAnswer[] }).items

describe('hardshell checklist', () => {
  it('answers every item of the guides with evidence, and ends with 1 as some are open', async () => {
    const { status, out } = spawned('checklist', '--json', ...given())
    expect(status).toBe(1)
    const answers = itemsOf(out)
    expect(answers.length).toBeGreaterThan(250)
    expect(answers.find(({ id }) => id === '3.loopback')).toMatchObject({ state: 'not done', evidence: expect.arrayContaining([expect.stringContaining('gateway.bind')]) as unknown })
    expect(answers.find(({ id }) => id === '3.pairing')).toMatchObject({ state: 'not done' })
    // Given files say nothing of a guard or a machine.
    expect(answers.find(({ id }) => id === '2.ssh-no-passwords')).toMatchObject({ state: 'unknown' })
    expect(answers.find(({ id }) => id === '5.end-dns')).toMatchObject({ state: 'unknown' })
  })

  it('writes one guide as text, Markdown and CSV', async () => {
    expect((await hardshell('checklist', '4', ...given())).out).toContain('[ ] OpenClaw listens on loopback or a private network  (4.local)')
    expect((await hardshell('checklist', '4', '--format', 'markdown', ...given())).out).toContain('## Guide 4')
    const csv = (await hardshell('checklist', '4', '--format', 'csv', ...given())).out.trimEnd().split('\r\n')
    expect(csv[0]).toContain('"guide","id"')
    expect(csv.slice(1).every((line) => line.startsWith('"4","4.'))).toBe(true)
  })

  it('refuses a guide that is none and two formats', async () => {
    expect(await hardshell('checklist', '6')).toMatchObject({ status: 2, err: expect.stringContaining('there is no guide 6') as string })
    expect(await hardshell('checklist', '1', '--json', '--format', 'csv')).toMatchObject({ status: 2 })
  })

  it('keeps attestations for the guard alone, lists them, shows them as ended, and takes them back', async () => {
    expect(await hardshell('checklist', 'attest', '1.exercise', '--by', 'alex', '--note', 'played through', '--expires', '30d')).toMatchObject({ status: 0, out: expect.stringMatching(/^alex vouches for 1\.exercise until 20/) as string })
    expect(statSync(join(root, 'state', 'guard', 'attestations.json')).mode & 0o777).toBe(0o600)
    expect((await hardshell('checklist', 'attestations')).out).toMatch(/1\.exercise +alex +\S+ +in force +played through/)
    expect((await hardshell('checklist', 'attest', 'providers.spending-limit-attested/anthropic', '--by', 'alex', '--note', '$100')).status).toBe(0)
    expect((await hardshell('checklist', 'revoke', '1.exercise', '--by', 'kim')).status).toBe(0)
    expect((await hardshell('checklist', 'attestations')).out).toContain('taken back by kim')
    expect(await hardshell('checklist', 'revoke', '1.exercise')).toMatchObject({ status: 2, err: expect.stringContaining('nobody vouches') as string })
  })

  it('takes an attestation for no item, without an end or with a control character not at all', async () => {
    const attest = async (...args: string[]) => (await hardshell('checklist', 'attest', ...args)).err
    expect(await attest('1.exercize', '--by', 'alex', '--note', 'n')).toContain('did you mean 1.exercise?')
    expect(await attest('1.exercise', '--by', 'alex', '--note', 'n', '--expires', 'never')).toContain('--expires never')
    expect(await attest('1.exercise', '--by', 'alex', '--note', 'red\u001b[31m')).toContain('without control characters')
    expect(await attest('1.exercise', '--by', 'alex', '--note', 'n', '--expires', '900d')).toContain('a year at most')
  })
})

describe('hardshell threat-model', () => {
  it('holds what is configured, as data', async () => {
    const { status, out } = spawned('threat-model', '--json', ...given())
    expect(status).toBe(0)
    const model = JSON.parse(out) as ThreatModel
    expect(model.entryPoints.map(({ at }) => at)).toEqual(expect.arrayContaining(['gateway', 'channels.telegram', 'mcp.servers.=cmd|']))
    expect(model.paths.find(({ entry }) => entry === 'channel:channels.telegram')).toMatchObject({ risk: 'critical', cover: 'open' })
  })

  it('draws a picture into a file that is nobody else’s business', async () => {
    const file = join(root, 'model.svg')
    expect(await hardshell('threat-model', '--format', 'svg', '--out', file, ...given())).toMatchObject({ status: 0, err: expect.stringContaining(file) as string })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await hardshell('threat-model', ...given())).out).toContain('ways in')
  })
})

describe('the files of the guard, as posture knows them', () => {
  it('are those of the schema, with the same keys', () => {
    expect(Object.keys(guardFiles).sort()).toEqual([...configFileNames].sort())
    for (const file of configFileNames) {
      const known = Object.keys((schemaFor(file) as { properties: object }).properties)
      // `jobs` may stand in two files; its home is the first. Shorthands of a guide are no keys of their own.
      const missing = known.filter((key) => !Object.values(guardFiles).some((keys) => (keys as readonly string[]).includes(key)))
      expect([file, missing.filter((key) => !['auth', 'fs', 'exec', 'elevated', 'agents.defaults.sandbox'].includes(key))]).toEqual([file, []])
    }
  })
})
