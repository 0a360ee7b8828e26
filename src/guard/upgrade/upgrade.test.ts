import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { statePaths, type StatePaths } from '../paths.ts'
import { upgradeHands, type UpgradeHands } from './hands.ts'
import { isOpen, readRuns, type UpgradeRun } from './run.ts'
import { stateHands } from './state.ts'
import { runUpgrade, takeBack, tidy } from './upgrade.ts'

let root: string | undefined
afterEach(() => root !== undefined && rmSync(root, { recursive: true, force: true }))

type Kind = 'global' | 'beside-us' | 'foreign state'

/** An installation with an old OpenClaw, data and a database whose last lines are not in its file yet. */
function installation(kind: Kind): { paths: StatePaths; run: UpgradeRun } {
  if (root !== undefined) rmSync(root, { recursive: true, force: true })
  root = mkdtempSync(join(tmpdir(), 'hardshell-upgrade-'))
  chmodSync(root, 0o700)
  const paths = statePaths(join(root, 'state'))
  const id = '20261122-001554-abcdef'
  mkdirSync(join(paths.upgrades, id), { recursive: true })
  const lib = join(root, 'lib')
  const staged = kind === 'beside-us' ? join(paths.runtime, `upgrade-${id}`) : join(lib, `.hardshell-upgrade-${id}`)
  write(join(lib, 'node_modules/openclaw/openclaw.mjs'), 'old program')
  const live = kind === 'foreign state' ? join(root, 'anna/.openclaw') : paths.openclawState
  write(join(live, 'openclaw.json'), '{ mine: 1 }')
  write(join(live, 'sessions/one.jsonl'), 'a turn\n')
  makeDatabase(join(live, 'state/openclaw.sqlite'))
  const packageRoot = kind === 'beside-us' ? join(staged, 'node_modules/openclaw') : join(lib, 'node_modules/openclaw')
  return {
    paths,
    run: {
      id, at: 1, by: 'anna', snapshot: '20261122-001554-1',
      from: { version: '2026.9.6', packageRoot: join(lib, 'node_modules/openclaw') },
      to: { version: '2026.9.7', packageRoot },
      exchanges: kind === 'beside-us' ? [] : [{ live: packageRoot, fresh: join(staged, 'lib/node_modules/openclaw'), aside: join(staged, 'before/openclaw') }],
      chosen: { before: null, after: kind === 'beside-us' ? '{"packageRoot":"new"}' : null },
      state: { live, kept: join(paths.upgrades, id, 'state'), failed: kind === 'foreign state' ? `${live}.failed-${id}` : join(paths.upgrades, id, 'failed-state'), isOurs: kind !== 'foreign state' },
      hadState: true, staged, copies: [join(paths.runtime, 'openclaw-2026.9.7')],
    },
  }
}

/** With rows in the write-ahead log and not in the file, as a gateway leaves it that was killed. */
function makeDatabase(path: string): void {
  const made = `${path}.making`
  mkdirSync(join(path, '..'), { recursive: true })
  const database = new DatabaseSync(made)
  database.exec("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(v); INSERT INTO t VALUES ('first'), ('last')")
  for (const end of ['', '-wal']) writeFileSync(`${path}${end}`, readFileSync(`${made}${end}`))
  database.close()
  rmSync(made)
}

function rowsOf(path: string): unknown[] {
  const database = new DatabaseSync(path)
  const rows = database.prepare('SELECT v FROM t').all().map(({ v }) => v)
  database.close()
  return rows
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

interface Life {
  hands: UpgradeHands
  /** Configurations that were put back. */
  configs: string[]
  stage(): Promise<void>
  touches(): number
}

/** A process. @param dieAt the touch at which it is taken away; half of them before it is done, half after */
function life({ paths, run }: { paths: StatePaths; run: UpgradeRun }, verdict: string | null, dieAt = -1): Life {
  const configs: string[] = []
  let touches = 0
  const real = upgradeHands(paths, {
    ...stateHands({ user: null, node: process.execPath, passage: join(paths.root, 'openclaw') }),
    putConfigBack: async (snapshot) => void configs.push(await Promise.resolve(snapshot)),
    // What a new version does when it starts: it migrates what it finds.
    prove: async () => {
      write(join(run.state.live, 'sessions/one.jsonl'), 'migrated')
      const database = new DatabaseSync(join(run.state.live, 'state/openclaw.sqlite'))
      database.exec("CREATE TABLE IF NOT EXISTS newer(v); UPDATE t SET v = 'migrated'")
      database.close()
      return await Promise.resolve(verdict)
    },
  })
  const mortal = <T extends unknown[], R>(act: (...words: T) => Promise<R>) => async (...words: T): Promise<R> => {
    const now = touches++
    const dead = dieAt >= 0 && now >= dieAt
    if (dead && (now > dieAt || now % 2 === 0)) throw new Error('killed')
    const done = await act(...words)
    if (dead) throw new Error('killed')
    return done
  }
  const hands = Object.fromEntries(Object.entries(real).map(([name, act]) => [name, name === 'exists' ? act : mortal(act as never)])) as unknown as UpgradeHands
  const fresh = run.exchanges[0]?.fresh ?? run.to.packageRoot
  return { hands, configs, stage: mortal(async () => await Promise.resolve(write(join(fresh, 'openclaw.mjs'), 'new program'))), touches: () => touches }
}

/** Everything there is but our own records and a folder that may stay empty. */
function tree(paths: StatePaths): Record<string, string> {
  const found: Record<string, string> = {}
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (path === paths.upgrades || /\.failed-|-(wal|shm)$/.test(path)) continue
      if (lstatSync(path).isDirectory()) walk(path)
      else found[relative(root!, path)] = name.endsWith('.sqlite') ? rowsOf(path).join() : readFileSync(path, 'utf8')
    }
  }
  walk(root!)
  return found
}

const silent = (): void => {}

describe.each<Kind>(['global', 'beside-us', 'foreign state'])('an upgrade (%s)', (kind) => {
  it('that is proven stays, and can be taken back with the data of before', async () => {
    const made = installation(kind)
    const before = tree(installation(kind).paths)
    const one = life(made, null)
    const world = installation(kind)
    const upgraded = await runUpgrade(world.run, { ...life(world, null), say: silent })
    expect(upgraded).toMatchObject({ outcome: 'kept', copied: { databases: ['state/openclaw.sqlite'], asTheyAre: [], leftOut: [] } })
    expect(readFileSync(join(world.run.to.packageRoot, 'openclaw.mjs'), 'utf8')).toBe('new program')
    expect(existsSync(world.paths.chosenOpenclaw)).toBe(kind === 'beside-us')
    expect((await readRuns(world.paths.upgrades)).map(({ state }) => state)).toEqual(['kept'])
    await takeBack({ run: world.run, state: 'exchanging', why: 'undone' }, life(world, null).hands)
    expect(tree(world.paths)).toEqual(before)
    expect(one.touches()).toBe(0)
  })

  it('that is not proven is taken back by itself: program, data, database with its last lines, configuration', async () => {
    const before = tree(installation(kind).paths)
    const world = installation(kind)
    const one = life(world, 'tool-call: the forbidden call was not stopped by us')
    const broken = { ...one.hands, prove: async (packageRoot: string) => (packageRoot === world.run.from.packageRoot && kind === 'beside-us' ? null : await one.hands.prove(packageRoot)) }
    expect(await runUpgrade(world.run, { hands: kind === 'beside-us' ? broken : { ...one.hands, prove: onlyFirst(one.hands) }, stage: one.stage, say: silent })).toMatchObject({ outcome: 'undone', why: /tool-call/, broken: null })
    expect(tree(world.paths)).toEqual(before)
    expect(one.configs).toEqual([world.run.snapshot])
    expect((await readRuns(world.paths.upgrades)).map(({ state }) => state)).toEqual(['undone'])
    expect(readFileSync(join(existsSync(world.run.state.failed) ? world.run.state.failed : '/nonexistent', 'sessions/one.jsonl'), 'utf8'), 'what the new version made of the data is set aside').toBe('migrated')
  })

  it('killed at any touch is taken back whole by the next start, even when that is killed as well', { timeout: 180_000 }, async () => {
    const before = tree(installation(kind).paths)
    for (let at = 0; ; at++) {
      const world = installation(kind)
      const first = life(world, null, at)
      const ended = await runUpgrade(world.run, { ...first, say: silent }).then(({ outcome }) => outcome, () => 'died')
      if (ended === 'kept' && first.touches() <= at) break
      for (const second of [at % 5, -1]) {
        for (const recorded of (await readRuns(world.paths.upgrades)).filter(isOpen)) await takeBack(recorded, life(world, null, second).hands).catch(silent)
      }
      const [last] = await readRuns(world.paths.upgrades)
      if (last?.state === 'kept') {
        expect(readFileSync(join(world.run.to.packageRoot, 'openclaw.mjs'), 'utf8'), `touch ${at}`).toBe('new program')
        continue
      }
      expect(last === undefined || last.state === 'undone', `touch ${at}: ${last?.state}`).toBe(true)
      expect(tree(world.paths), `touch ${at}`).toEqual(before)
    }
  })
})

/** The new version fails its proof, the old one holds. */
function onlyFirst({ prove }: UpgradeHands): UpgradeHands['prove'] {
  let isFirst = true
  return async (packageRoot) => {
    if (!isFirst) return null
    isFirst = false
    return await prove(packageRoot)
  }
}

describe('an upgrade that cannot begin', () => {
  it('leaves everything alone when the data cannot be copied or the program cannot be brought', async () => {
    const before = tree(installation('global').paths)
    const world = installation('global')
    const one = life(world, null)
    await expect(runUpgrade(world.run, { hands: { ...one.hands, keepState: async () => await Promise.reject(new Error('disk full')) }, stage: one.stage, say: silent })).rejects.toThrow('disk full')
    expect(tree(world.paths)).toEqual(before)
    await expect(runUpgrade(world.run, { hands: one.hands, stage: async () => await Promise.reject(new Error('no network')), say: silent })).rejects.toThrow('no network')
    expect(tree(world.paths)).toEqual(before)
    expect((await readRuns(world.paths.upgrades)).every((run) => !isOpen(run))).toBe(true)
  })

  it('keeps the run open when something cannot be taken back, and the next call does', async () => {
    const before = tree(installation('global').paths)
    const world = installation('global')
    const one = life(world, 'not proven')
    const stuck = { ...one.hands, putConfigBack: async () => await Promise.reject(new Error('read-only')) }
    await expect(runUpgrade(world.run, { hands: stuck, stage: one.stage, say: silent })).rejects.toMatchObject({ code: 'guard.upgrade-record' })
    const [open] = await readRuns(world.paths.upgrades)
    expect(open).toMatchObject({ state: 'undoing', why: 'not proven' })
    await takeBack(open!, one.hands)
    expect(tree(world.paths)).toEqual(before)
  })
})

describe('data in a folder of somebody else', () => {
  it('is not lost when whoever puts it back dies at it: the copy is found where it was handed out', async () => {
    const before = tree(installation('foreign state').paths)
    const world = installation('foreign state')
    const { hands } = life(world, null)
    await hands.keepState(world.run.state)
    rmSync(world.run.state.live, { recursive: true })
    mkdirSync(join(world.paths.root, 'openclaw/upgrade-return'))
    renameSync(world.run.state.kept, join(world.paths.root, 'openclaw/upgrade-return/state'))
    await hands.giveBackForeign(world.run.state)
    await hands.giveBackForeign(world.run.state)
    expect(tree(world.paths)).toEqual(before)
  })
})

describe('what earlier upgrades keep', () => {
  it('goes when a later one stays, but for what taking that back needs', async () => {
    const world = installation('beside-us')
    const old = { ...world.run, id: '20261101-000000-000001', staged: join(world.paths.runtime, 'upgrade-old'), state: { ...world.run.state, kept: join(root!, 'old-kept'), failed: join(root!, 'old-failed') } }
    write(join(old.staged, 'node_modules/openclaw/openclaw.mjs'), 'older')
    write(join(old.state.kept, 'a'), '')
    write(join(old.state.failed, 'a'), '')
    const last = { ...world.run, from: { version: '2026.9.5', packageRoot: join(old.staged, 'node_modules/openclaw') } }
    const { hands } = life(world, null)
    await tidy([{ run: old, state: 'kept', why: null }, { run: last, state: 'kept', why: null }], last, hands)
    expect([existsSync(old.staged), existsSync(old.state.kept), existsSync(old.state.failed)]).toEqual([true, false, false])
    await tidy([{ run: old, state: 'kept', why: null }], world.run, hands)
    expect(existsSync(old.staged)).toBe(false)
    renameSync(world.paths.upgrades, `${world.paths.upgrades}-moved`)
    expect(await readRuns(world.paths.upgrades)).toEqual([])
  })
})
