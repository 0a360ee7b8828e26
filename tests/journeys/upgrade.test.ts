import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hardshell, repository, type Ended } from './command.ts'
import { ensureProven, newInstallation, removeInstallation, stopGuard, type Installation } from './installation.ts'
import { entryThat } from './log.ts'

// 650 MB are laid beside what is in use, and a gateway is started and attacked, twice where it is taken back.
const upgradeMs = 900_000

let installation: Installation
let configFile: string
beforeAll(async () => {
  installation = await newInstallation('upgrade')
  configFile = join(installation.state, 'openclaw/config/openclaw.json')
})
afterAll(async () => await removeInstallation(installation))

/** The OpenClaw of this repository under another version, in hard links: what differs is written anew. */
function another(name: string, version: string, spoil?: (dist: string) => void): string {
  const folder = join(installation.root, name)
  execFileSync('mkdir', [folder])
  execFileSync('cp', ['-al', `${join(repository, 'node_modules')}/.`, join(folder, 'node_modules')])
  const root = join(folder, 'node_modules/openclaw')
  const manifest = readFileSync(join(root, 'package.json'), 'utf8')
  rmSync(join(root, 'package.json'))
  writeFileSync(join(root, 'package.json'), manifest.replace(/"version": "[^"]+"/, `"version": "${version}"`))
  spoil?.(join(root, 'dist'))
  return folder
}

/** Hooks of plugins are registered as ever, and nobody calls them: what happened to others after upgrades. */
function withoutHooks(dist: string): void {
  const name = readdirSync(dist).find((one) => /^hook-runner-global-.*\.mjs$/.test(one))!
  const text = readFileSync(join(dist, name), 'utf8')
  const begin = 'function getGlobalHookRunner() {\n'
  expect(text).toContain(begin)
  rmSync(join(dist, name))
  writeFileSync(join(dist, name), text.replace(begin, `${begin}return null;\n`))
}

async function upgrade(...args: string[]): Promise<Ended> {
  const { state, config, root } = installation
  return await hardshell(['upgrade', ...args, '--state', state, '--config', config], { env: { HOME: join(root, 'home') }, timeoutMs: upgradeMs })
}

describe('upgrading OpenClaw', () => {
  it('keeps a version with which every surface is proven, and starts use it from then on', { timeout: upgradeMs }, async () => {
    const upgraded = await upgrade('--from', another('newer', '2026.9.907'), '--yes', '--json')
    expect(upgraded.status, upgraded.err).toBe(0)
    expect(JSON.parse(upgraded.out)).toMatchObject({ outcome: 'kept', to: { version: '2026.9.907' }, how: 'beside-us' })
    rmSync(join(installation.root, 'newer'), { recursive: true })
    expect((await ensureProven(installation, 300_000)).gateway.version).toBe('2026.9.907')
    const refused = await upgrade('--to', '2026.9.906', '--yes')
    expect(refused.status).toBe(5)
    expect(refused.err).toContain('is older than 2026.9.907')
    await stopGuard(installation)
  })

  it('takes back by itself a version that starts, answers and no longer calls the hooks of plugins', { timeout: upgradeMs }, async () => {
    const database = join(installation.state, 'openclaw/state/state/openclaw.sqlite')
    const marker = join(installation.state, 'openclaw/state/mine.txt')
    cpSync(configFile, marker)
    const before = { config: readFileSync(configFile), chosen: readFileSync(join(installation.state, 'guard/openclaw-chosen.json')), tables: tablesOf(database) }
    const spoiled = await upgrade('--from', another('spoiled', '2026.9.908', withoutHooks), '--yes', '--json')
    expect(spoiled.status, spoiled.err).toBe(1)
    expect(JSON.parse(spoiled.out)).toMatchObject({ outcome: 'undone', why: expect.stringContaining('tool-call'), broken: null })
    expect(readFileSync(configFile)).toEqual(before.config)
    expect(readFileSync(join(installation.state, 'guard/openclaw-chosen.json'))).toEqual(before.chosen)
    expect(readFileSync(marker)).toEqual(before.config)
    expect(tablesOf(database)).toEqual(before.tables)
    expect(readdirSync(join(installation.state, 'runtime')).filter((name) => name.startsWith('upgrade-'))).toHaveLength(1)
    await entryThat(installation.log, 0, (entry) => entry.rule === 'upgrade' && /taken back/.test(entry.result_summary ?? ''))
  })
})

function tablesOf(path: string): unknown[] {
  expect(existsSync(path)).toBe(true)
  const database = new DatabaseSync(path, { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all().map(({ name }) => name)
  database.close()
  return tables
}
