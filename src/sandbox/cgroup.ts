import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Limits over all programs of one agent. */
export interface GroupLimits {
  memoryBytes: number
  processes: number
  processors: number
}

/** The kernel's accounting groups, as far as this machine lets us have some. */
export interface Groups {
  version: 'v1' | 'v2'
  /** Makes the group of one cell. @returns files a process writes itself into before it goes on */
  join(cell: string, limits: GroupLimits): Promise<string[]>
  /** Removes the groups that are empty. */
  close(): Promise<void>
}

const mount = '/sys/fs/cgroup'
// memory, pids and cpu are what can be limited usefully; a machine may have fewer.
const controllers = ['pids', 'memory', 'cpu'] as const

/**
 * Below our own group where the kernel has the first version, beside it with the second: there a group with processes
 * cannot have limited children. Both stay within what this machine, or container, was given itself.
 *
 * @param name of the installation, so that two guards do not share groups
 * @returns `null` when no group can be made: not root, or mounted read-only
 */
export async function openGroups(name: string): Promise<Groups | null> {
  if (process.getuid?.() !== 0 || !existsSync('/proc/self/cgroup')) return null
  const own = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n').map((line) => line.split(':'))
  try {
    return existsSync(join(mount, 'cgroup.controllers')) ? await openSecond(own.find(([id]) => id === '0')?.[2] ?? '/', name) : await first(own, name)
  } catch {
    return null
  }
}

async function first(own: readonly string[][], name: string): Promise<Groups | null> {
  const bases: string[] = []
  for (const controller of controllers) {
    const path = own.find(([, list]) => list?.split(',').includes(controller))?.[2]
    const base = path === undefined ? null : join(mount, controller, path)
    if (base !== null && existsSync(join(base, 'cgroup.procs'))) bases.push(join(base, name))
  }
  if (!bases.some((base) => base.includes(`${mount}/pids`))) return null
  for (const base of bases) await mkdir(base, { recursive: true })
  const made = new Set<string>()
  return {
    version: 'v1',
    async join(cell, { memoryBytes, processes, processors }) {
      for (const base of bases) {
        const group = join(base, cell)
        await mkdir(group, { recursive: true })
        made.add(group)
        if (base.startsWith(`${mount}/pids/`)) writeFileSync(join(group, 'pids.max'), String(processes))
        if (base.startsWith(`${mount}/memory/`)) limitMemory(group, memoryBytes)
        if (base.startsWith(`${mount}/cpu/`)) writeFileSync(join(group, 'cpu.cfs_quota_us'), String(Math.round(processors * 100_000)))
      }
      return bases.map((base) => join(base, cell, 'cgroup.procs'))
    },
    close: () => removeAll([...made, ...bases]),
  }
}

// Swap counts together with memory where the kernel accounts for it; the larger has to be raised first.
function limitMemory(group: string, bytes: number): void {
  const both = join(group, 'memory.memsw.limit_in_bytes')
  const write = (file: string): void => writeFileSync(file, String(bytes))
  const memory = join(group, 'memory.limit_in_bytes')
  const raising = existsSync(both) && Number(readFileSync(both, 'utf8')) < bytes
  if (raising) write(both)
  write(memory)
  if (existsSync(both) && !raising) write(both)
}

/**
 * Groups of the second version. systemd hands a controller down to a slice only where a unit in it asks for it, and so
 * not the processors in a plain session: every group from the top down to ours has to hand it on.
 *
 * @param ours path of our own group below `top`, as /proc/self/cgroup says it
 * @returns `null` where not even the number of processes can be limited
 * @throws Error when nothing can be written there
 */
export async function openSecond(ours: string, name: string, top = mount): Promise<Groups | null> {
  const parent = dirname(ours)
  for (const group of pathTo(parent)) handDown(join(top, group))
  const base = join(top, parent, name)
  await mkdir(base, { recursive: true })
  handDown(base)
  if (!handedDown(base).includes('pids')) return null
  const made = new Set<string>()
  return {
    version: 'v2',
    async join(cell, { memoryBytes, processes, processors }) {
      const group = join(base, cell)
      await mkdir(group, { recursive: true })
      made.add(group)
      const wanted = { 'pids.max': String(processes), 'memory.max': String(memoryBytes), 'memory.swap.max': '0', 'cpu.max': `${Math.round(processors * 100_000)} 100000` }
      for (const [file, value] of Object.entries(wanted)) if (existsSync(join(group, file))) writeFileSync(join(group, file), value)
      return [join(group, 'cgroup.procs')]
    },
    close: () => removeAll([...made, base]),
  }
}

/** `/a/b` → `/`, `/a`, `/a/b`. */
function pathTo(group: string): string[] {
  return group === '/' ? ['/'] : [...pathTo(dirname(group)), group]
}

function handedDown(group: string): string[] {
  return readFileSync(join(group, 'cgroup.subtree_control'), 'utf8').match(/\w+/g) ?? []
}

function handDown(group: string): void {
  const file = join(group, 'cgroup.subtree_control')
  const handed = handedDown(group)
  for (const controller of controllers.filter((one) => !handed.includes(one))) {
    try {
      appendFileSync(file, ` +${controller}`)
    } catch {
      // not ours to hand on, or this machine does not have it; whether the needed one is there is looked at afterwards
    }
  }
}

async function removeAll(groups: readonly string[]): Promise<void> {
  for (const group of groups) await rmdir(group).catch(() => undefined) // somebody is still in it: it limits them on
}
