import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecond } from './cgroup.ts'

// A tree of plain files, laid out as systemd 252 leaves it on a stock Debian 12: slices have memory and processes handed
// down, and no processors. What the kernel makes of the same words is seen in tests/vm/limits.sh.
let top = ''
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'hardshell-cgroup-'))
  for (const group of ['', 'system.slice', 'system.slice/a.service', 'system.slice/guard']) {
    await mkdir(join(top, group), { recursive: true })
    await writeFile(join(top, group, 'cgroup.subtree_control'), group === '' || group === 'system.slice' ? 'cpuset memory pids\n' : '')
  }
})
afterEach(async () => await rm(top, { recursive: true, force: true }))

const asked = async (group: string): Promise<string> => (await readFile(join(top, group, 'cgroup.subtree_control'), 'utf8')).trim().replaceAll(/\s+/g, ' ')

test('every group from the top down to the limited one hands on what is limited', async () => {
  const groups = await openSecond('/system.slice/a.service', 'guard', top)
  expect(groups?.version).toBe('v2')
  expect(await asked('')).toBe('cpuset memory pids +cpu')
  expect(await asked('system.slice')).toBe('cpuset memory pids +cpu')
  expect(await asked('system.slice/guard')).toBe('+pids +memory +cpu')
  // Its own group has programs in it, and such a group may hand on nothing.
  expect(await asked('system.slice/a.service')).toBe('')
})

test('each limit is written where the kernel has a file for it', async () => {
  const cell = join(top, 'system.slice/guard/main')
  await mkdir(cell)
  for (const file of ['pids.max', 'memory.max', 'cpu.max']) await writeFile(join(cell, file), 'max')
  const groups = await openSecond('/system.slice/a.service', 'guard', top)
  expect(await groups?.join('main', { memoryBytes: 64 * 1024 ** 2, processes: 40, processors: 0.5 })).toEqual([join(cell, 'cgroup.procs')])
  expect(await readFile(join(cell, 'cpu.max'), 'utf8')).toBe('50000 100000')
  expect(await readFile(join(cell, 'memory.max'), 'utf8')).toBe('67108864')
  expect(await readFile(join(cell, 'pids.max'), 'utf8')).toBe('40')
  await expect(readFile(join(cell, 'memory.swap.max'))).rejects.toThrow('ENOENT')
})

test('a group that lies outside of what is mounted is nobody to limit in', async () => {
  await expect(openSecond('/elsewhere/a.service', 'guard', top)).rejects.toThrow('ENOENT')
})
