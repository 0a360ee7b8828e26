import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenClaw } from '../../openclaw/index.ts'
import { statePaths } from '../paths.ts'
import { exchange, exchangeBack } from './exchange.ts'
import { upgradeHands, type UpgradeHands } from './hands.ts'
import { howInstalled } from './how-installed.ts'
import type { UpgradeRun } from './run.ts'
import { sourceOf } from './source.ts'
import { placesFor, stage } from './stage.ts'

// The real npm, without a network: packages that need no others.
const env = { PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(':'), npm_config_offline: 'true', npm_config_cache: '' }
let root: string
let tarball: string
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hardshell-stage-')))
  env.npm_config_cache = join(root, 'cache')
  tarball = packed('2026.9.7')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function packageIn(folder: string, version: string, name = 'openclaw'): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version, bin: { openclaw: 'openclaw.mjs' } }))
  writeFileSync(join(folder, 'openclaw.mjs'), `#!/usr/bin/env node\nconsole.log('${version}')\n`)
  return folder
}

function packed(version: string): string {
  const made = execFileSync('npm', ['pack', '--silent', '--pack-destination', root], { cwd: packageIn(join(root, `package-${version}`), version), env: { ...env, HOME: root }, encoding: 'utf8' })
  return join(root, made.trim())
}

const openclaw = (packageRoot: string): OpenClaw => ({ packageRoot, entry: join(packageRoot, 'openclaw.mjs'), version: '2026.9.6' })
const versionAt = (folder: string): string => (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version

let count = 0
let home: string
beforeEach(() => {
  home = join(root, `home-${count++}`)
  mkdirSync(home, { mode: 0o755 })
})

/** Plans, lays and exchanges, as an upgrade does; and the way back. */
async function upgraded(packageRoot: string, from: string): Promise<{ run: UpgradeRun; hands: UpgradeHands }> {
  const paths = statePaths(join(home, 'state'))
  const how = howInstalled(openclaw(packageRoot), paths)
  const source = await sourceOf({ to: undefined, from, cwd: '/' })
  const found = placesFor(how, source, { id: 'ID', runtime: paths.runtime })
  const places = { ...found, exchanges: found.exchanges.filter(({ live }) => existsSync(live)) }
  await stage({ how, source, places, env: { ...env, HOME: root } })
  const never = async (): Promise<never> => await Promise.reject(new Error('not asked for'))
  const hands = upgradeHands(paths, { keepState: never, giveBackForeign: never, putConfigBack: never, prove: never })
  mkdirSync(paths.guard, { recursive: true })
  const run = { exchanges: places.exchanges, chosen: { before: null, after: how.kind === 'beside-us' ? '{}' : null }, copies: [], staged: places.staged, to: { version: source.version, packageRoot: places.packageRoot } } as unknown as UpgradeRun
  return { run, hands }
}

describe('where npm put it for everybody', () => {
  it('the package is exchanged with what npm brings out of a tarball, and comes back', async () => {
    const installed = packageIn(join(home, 'lib/node_modules/openclaw'), '2026.9.6')
    mkdirSync(join(home, 'bin'))
    symlinkSync('../lib/node_modules/openclaw/openclaw.mjs', join(home, 'bin/openclaw'))
    const { run, hands } = await upgraded(installed, tarball)
    expect(versionAt(installed), 'nothing is touched before the exchange').toBe('2026.9.6')
    await exchange(run, hands)
    expect(versionAt(installed)).toBe('2026.9.7')
    expect(execFileSync(process.execPath, [realpathSync(join(home, 'bin/openclaw'))], { encoding: 'utf8' })).toBe('2026.9.7\n')
    await exchangeBack(run, hands)
    await exchangeBack(run, hands)
    expect(versionAt(installed)).toBe('2026.9.6')
  })

  it('a folder that leans on packages beside it is not copied there', async () => {
    const installed = packageIn(join(home, 'lib/node_modules/openclaw'), '2026.9.6')
    const folder = packageIn(join(home, 'other/node_modules/openclaw'), '2026.9.7')
    packageIn(join(home, 'other/node_modules/leaned-on'), '1.0.0', 'leaned-on')
    await expect(upgraded(installed, folder)).rejects.toMatchObject({ code: 'guard.upgrade-refused' })
    rmSync(join(home, 'other/node_modules/leaned-on'), { recursive: true })
    const { run, hands } = await upgraded(installed, folder)
    await exchange(run, hands)
    expect(versionAt(installed)).toBe('2026.9.7')
  })
})

describe('a dependency of a project', () => {
  it('is exchanged with the files that say which version, and all three come back byte for byte', async () => {
    const old = packed('2026.9.6')
    writeFileSync(join(home, 'package.json'), `{ "name": "mine",\n  "private": true, "dependencies": { "openclaw": "file:${old}" } }\n`)
    execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit'], { cwd: home, env: { ...env, HOME: root } })
    const before = ['package.json', 'package-lock.json'].map((name) => readFileSync(join(home, name), 'utf8'))
    const { run, hands } = await upgraded(join(home, 'node_modules/openclaw'), tarball)
    await exchange(run, hands)
    expect(versionAt(join(home, 'node_modules/openclaw'))).toBe('2026.9.7')
    expect(readFileSync(join(home, 'package.json'), 'utf8')).toContain('openclaw-2026.9.7.tgz')
    expect(readFileSync(join(home, 'package-lock.json'), 'utf8')).toContain('2026.9.7')
    // Where the tarball is: told from the project, not from the folder beside in which it was built.
    expect(execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--dry-run'], { cwd: home, env: { ...env, HOME: root }, encoding: 'utf8' }).trim()).not.toMatch(/ERR|add openclaw|change openclaw/)
    const spec = (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { dependencies: { openclaw: string } }).dependencies.openclaw
    const { packages } = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8')) as { packages: Record<string, { resolved?: string; dependencies?: Record<string, string> }> }
    const told = [spec, packages['']!.dependencies!['openclaw']!, packages['node_modules/openclaw']!.resolved!]
    expect(told.map((one) => resolve(home, one.replace(/^file:/, '')))).toEqual([tarball, tarball, tarball])
    await exchangeBack(run, hands)
    expect(versionAt(join(home, 'node_modules/openclaw'))).toBe('2026.9.6')
    expect(['package.json', 'package-lock.json'].map((name) => readFileSync(join(home, name), 'utf8'))).toEqual(before)
  })
})

describe('one of our own', () => {
  it('stays, and another is laid beside it with all that it leans on, which others cannot change', async () => {
    const installed = packageIn(join(home, 'state/runtime/node_modules/openclaw'), '2026.9.6')
    packageIn(join(home, 'other/node_modules/leaned-on'), '1.0.0', 'leaned-on')
    const folder = packageIn(join(home, 'other/node_modules/openclaw'), '2026.9.7')
    chmodSync(join(folder, 'openclaw.mjs'), 0o664)
    const { run } = await upgraded(installed, folder)
    expect(versionAt(run.to.packageRoot)).toBe('2026.9.7')
    expect(existsSync(join(run.to.packageRoot, '../leaned-on/package.json'))).toBe(true)
    expect(run.exchanges).toEqual([])
    expect(versionAt(installed)).toBe('2026.9.6')
  })
})

describe('what is refused before anything is done', () => {
  it.each<[string, (folder: string) => string]>([
    ['a checkout', (folder) => packageIn(join(folder, 'openclaw'), '2026.9.6')],
    ['a store of pnpm', (folder) => packageIn(join(folder, 'node_modules/.pnpm/openclaw@2026.9.6/node_modules/openclaw'), '2026.9.6')],
    ['a project of yarn', (folder) => { writeFileSync(join(folder, 'package.json'), '{"dependencies":{"openclaw":"1"}}'); writeFileSync(join(folder, 'yarn.lock'), ''); return packageIn(join(folder, 'node_modules/openclaw'), '2026.9.6') }],
    ['what no project asked for', (folder) => { writeFileSync(join(folder, 'package.json'), '{}'); return packageIn(join(folder, 'node_modules/openclaw'), '2026.9.6') }],
    ...['file:../lib', 'link:/srv/lib', '../lib', '/srv/lib'].map((spec): [string, (folder: string) => string] => [`a project that takes another from ${spec}`, (folder) => { writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies: { openclaw: '1', mine: spec } })); return packageIn(join(folder, 'node_modules/openclaw'), '2026.9.6') }]),
    ['a project of workspaces', (folder) => { writeFileSync(join(folder, 'package.json'), '{"dependencies":{"openclaw":"1"},"workspaces":["packages/*"]}'); return packageIn(join(folder, 'node_modules/openclaw'), '2026.9.6') }],
    ['a folder others can change', (folder) => { const made = packageIn(join(folder, 'lib/node_modules/openclaw'), '2026.9.6'); chmodSync(join(folder, 'lib'), 0o777); return made }],
  ])('%s', (_, make) => {
    expect(() => howInstalled(openclaw(make(home)), statePaths(join(home, 'state')))).toThrow(expect.objectContaining({ code: 'guard.upgrade-refused' }))
  })

  it.each([
    [{ to: 'latest', from: undefined }], [{ to: '2026.9.7; id', from: undefined }], [{ to: undefined, from: undefined }], [{ to: '2026.9.7', from: '/tmp' }], [{ to: undefined, from: '/nonexistent' }], [{ to: undefined, from: '/etc/passwd' }], [{ to: undefined, from: '/etc' }],
  ])('%j', async (named) => {
    await expect(sourceOf({ ...named, cwd: '/' })).rejects.toMatchObject({ code: 'guard.upgrade-refused' })
  })

  it('a tarball that holds another version than it says when it was planned', async () => {
    const how = howInstalled(openclaw(packageIn(join(home, 'lib/node_modules/openclaw'), '2026.9.6')), statePaths(join(home, 'state')))
    const source = { kind: 'tarball' as const, path: tarball, version: '2026.9.9' }
    await expect(stage({ how, source, places: placesFor(how, source, { id: 'ID', runtime: '/nonexistent' }), env: { ...env, HOME: root } })).rejects.toMatchObject({ code: 'guard.upgrade-refused' })
  })
})
