import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handsFor } from '../../tests/fakes/file-hands.ts'
import { restoreSnapshot, settleRestore } from './restore.ts'
import { contentOf, findSnapshot, keepSnapshot, listSnapshots, type Kept } from './snapshots.ts'
import type { Cause } from './snapshot.ts'

let root: string
let folder: string
let openclaw: string
let yaml: string
let now: number
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hardshell-snapshots-'))
  folder = join(root, 'guard/snapshots')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  openclaw = join(root, 'openclaw.json')
  yaml = join(root, 'config.yaml')
  now = Date.UTC(2026, 10, 22, 0, 15, 54)
  writeFileSync(openclaw, '// mine\n{ a: 1, }\r\n', { mode: 0o640 })
  chmodSync(openclaw, 0o640)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function keep(why = 'a test', cause: Cause = 'ours', keeping = 200): Promise<Kept> {
  return await keepSnapshot(folder, { paths: { openclaw: [openclaw], guard: [yaml] }, why, by: 'anna', cause, keep: keeping }, { clock: { now: () => now, monotonicMs: () => now } })
}

const tree = (): Record<string, string> => Object.fromEntries(readdirSync(root).filter((name) => name !== 'guard').map((name) => [name, `${statSync(join(root, name)).mode.toString(8)} ${readFileSync(join(root, name), 'latin1')}`]))

describe('snapshots of the configuration', () => {
  it('hold every byte and mode, and what is unchanged is not kept twice', async () => {
    const first = await keep()
    expect(first).toMatchObject({ isNew: true, snapshot: { id: '20261122-001554-1', number: 1, by: 'anna', files: [{ path: openclaw, mode: 0o640 }, { path: yaml, sha256: null }] } })
    expect(await keep()).toMatchObject({ isNew: false, snapshot: { id: first.snapshot.id }, sha256: first.sha256 })
    chmodSync(openclaw, 0o600)
    expect((await keep()).isNew).toBe(true)
    expect((await contentOf(folder, first.snapshot.files[0]!))!.toString('latin1')).toBe('// mine\n{ a: 1, }\r\n')
    expect(statSync(join(folder, `${first.snapshot.id}.json`)).mode & 0o777).toBe(0o400)
  })

  it('keep their order when the clock is set back', async () => {
    await keep()
    now -= 86_400_000
    writeFileSync(openclaw, '{ a: 2 }')
    await keep()
    expect((await listSnapshots(folder)).map(({ id }) => id)).toEqual(['20261122-001554-1', '20261121-001554-2'])
  })

  it('are bounded, and whoever changes the file again and again pushes out their own only', async () => {
    const ours = (await keep()).snapshot.id
    for (let i = 0; i < 30; i++) {
      writeFileSync(openclaw, `{ a: ${i + 10} }`)
      await keep('seen', 'seen', 10)
    }
    const all = await listSnapshots(folder)
    expect(all.filter(({ cause }) => cause === 'seen')).toHaveLength(10)
    expect(all[0]!.id).toBe(ours)
    expect(await contentOf(folder, all[0]!.files[0]!)).not.toBeNull()
    expect(readdirSync(join(folder, 'contents'))).toHaveLength(11)
  })

  it('are never read through a link that somebody laid in the place of the file', async () => {
    rmSync(openclaw)
    symlinkSync('/etc/passwd', openclaw)
    await expect(keep()).rejects.toMatchObject({ code: 'backup.snapshot-damaged' })
    symlinkSync('/etc/hostname', yaml)
    rmSync(openclaw)
    expect((await keep()).snapshot.files[1]!.sha256).not.toBeNull()
  })

  it('that were changed are not put back', async () => {
    const { snapshot } = await keep()
    const content = join(folder, 'contents', snapshot.files[0]!.sha256!)
    chmodSync(content, 0o600)
    writeFileSync(content, '{ evil: true }')
    writeFileSync(openclaw, '{ a: 2 }')
    await expect(restore(snapshot.id)).rejects.toMatchObject({ code: 'backup.snapshot-damaged' })
    expect(readFileSync(openclaw, 'utf8')).toBe('{ a: 2 }')
    await expect(findSnapshot(folder, '../../../etc/passwd')).rejects.toMatchObject({ code: 'backup.snapshot-unknown' })
  })

  it('are refused in a folder others can look into', async () => {
    chmodSync(folder, 0o755)
    await expect(keep()).rejects.toMatchObject({ code: 'backup.snapshot-damaged' })
  })
})

async function restore(id: string, refused: string | null = null, hands = handsFor()): Promise<unknown> {
  return await restoreSnapshot(folder, id, { hands, keepNow: async () => (await keep('before')).snapshot, refused: async () => await Promise.resolve(refused) })
}

describe('a restore', () => {
  it('puts every file back with its mode, removes what was not there, and can itself be taken back', async () => {
    const { snapshot } = await keep()
    const before = tree()
    writeFileSync(openclaw, '{ a: 2 }')
    chmodSync(openclaw, 0o600)
    writeFileSync(yaml, 'gateway: {}\n')
    const after = tree()
    const restored = (await restore(snapshot.id)) as { before: string }
    expect(restored).toMatchObject({ changed: [openclaw, yaml] })
    expect(tree()).toEqual(before)
    expect(await restore(snapshot.id)).toEqual({ changed: [], before: null })
    await restore(restored.before)
    expect(tree()).toEqual(after)
  })

  it('whose result is not accepted leaves everything as it was', async () => {
    const { snapshot } = await keep()
    writeFileSync(openclaw, '{ a: 2 }')
    writeFileSync(yaml, 'gateway: {}\n')
    const before = tree()
    await expect(restore(snapshot.id, 'OpenClaw does not accept it')).rejects.toMatchObject({ code: 'backup.not-restored' })
    expect(tree()).toEqual(before)
  })

  it('that is killed at any touch is taken back whole by the next call', async () => {
    let touches = 0
    for (let at = 0; ; at++) {
      rmSync(folder, { recursive: true })
      mkdirSync(folder, { mode: 0o700 })
      rmSync(yaml, { force: true })
      writeFileSync(openclaw, '{ a: 1 }')
      const { snapshot } = await keep()
      writeFileSync(openclaw, '{ a: 2 }')
      writeFileSync(yaml, 'gateway: {}\n')
      const before = tree()
      touches = 0
      const dying = handsFor(() => {
        if (touches++ >= at) throw new Error('killed')
      })
      const died = await restore(snapshot.id, null, dying).then(() => false, () => true)
      if (!died) break
      await settleRestore(folder, handsFor())
      expect(tree(), `touch ${at}`).toEqual(before)
      expect(await settleRestore(folder, handsFor())).toBe(false)
    }
    expect(touches).toBeGreaterThan(4)
  })

  it('that died does not overwrite what somebody has written since', async () => {
    const { snapshot } = await keep()
    writeFileSync(openclaw, '{ a: 2 }')
    let swapped = false
    const dying = handsFor((what) => {
      if (swapped) throw new Error('killed')
      swapped = what === 'swap'
    })
    await expect(restore(snapshot.id, 'never asked', dying)).rejects.toThrow('killed')
    writeFileSync(openclaw, '{ theirs: true }')
    await settleRestore(folder, handsFor())
    expect(readFileSync(openclaw, 'utf8')).toBe('{ theirs: true }')
  })
})
