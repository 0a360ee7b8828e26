import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diskUse } from './disk-use.ts'

const megabyte = 1024 * 1024
let folder: string
const folders = (): { workspaces: string; home: string; tmp: string } => ({ workspaces: join(folder, 'workspaces'), home: join(folder, 'home'), tmp: join(folder, 'tmp') })
const cell = (): Parameters<typeof diskUse>[0] => ({ ...folders(), user: null })
const sh = (line: string): void => expect(spawnSync('/bin/sh', ['-c', line], { cwd: join(folder, 'workspaces') }).stderr.toString()).toBe('')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-disk-use-'))
  for (const own of Object.values(folders())) mkdirSync(own)
})
// Node cannot remove what lies deeper than a path is long.
afterEach(() => void spawnSync('/bin/rm', ['-rf', folder]))

describe('what an agent cannot hide from the limit on its disk', () => {
  it('is a file in a folder whose name is no text', async () => {
    sh(`d=$(printf 'a\\377b'); mkdir "$d" && head -c ${4 * megabyte} /dev/zero > "$d/fill" && head -c ${4 * megabyte} /dev/zero > "$(printf '\\376')"`)
    expect(await diskUse(cell())).toBeGreaterThan(8 * megabyte)
  })

  it('is a file deeper than a path is long', async () => {
    sh(`python3 -c 'import os
for _ in range(30): os.mkdir("d" * 200); os.chdir("d" * 200)
open("fill", "wb").write(bytes(${4 * megabyte}))'`)
    expect(await diskUse(cell())).toBeGreaterThan(4 * megabyte)
  })

  it('is an empty file: a million of them is a full disk', async () => {
    sh('touch $(seq 1000)')
    expect(await diskUse(cell())).toBeGreaterThan(512_000)
  })

  it('is not what a link shows: the files of the machine are not counted, nor looked through', async () => {
    symlinkSync('/usr', join(folder, 'workspaces', 'usr'))
    symlinkSync('/usr', join(folder, 'workspaces', 'again'))
    expect(await diskUse(cell())).toBeLessThan(megabyte)
  })
})
