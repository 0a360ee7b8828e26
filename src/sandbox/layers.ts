import type { Machine } from './syscalls.ts'

/** What the sandbox of this machine is made of, as tried and not as promised. */
export interface Layers {
  machine: Machine
  /** Tools run as users of their own; only root can give them some. Without: a user namespace of the guard's user. */
  ownUsers: boolean
  /** Version of Landlock, 0: the kernel has none. */
  landlock: number
  /** Where limits over all programs of an agent are kept; `null`: limits are per program only. */
  cgroups: 'v1' | 'v2' | null
}

/** One line for a person: what is on, and what this machine lacks. */
export function describeLayers({ ownUsers, landlock, cgroups }: Layers): string {
  return [
    ownUsers ? 'a user of its own per agent' : 'a user namespace (same user as the guard: run as root for users of their own)',
    'own file system, processes and network (bubblewrap)',
    'no capabilities, no_new_privs, system call filter',
    landlock > 0 ? `Landlock ${landlock}` : 'no Landlock in this kernel',
    cgroups === null ? 'limits per program (no cgroup can be written)' : `limits per agent (cgroup ${cgroups})`,
  ].join('; ')
}
