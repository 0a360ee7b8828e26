import { describe, expect, it } from 'vitest'
import { containerFilter } from './container-filter.ts'

interface Rule {
  names: string[]
  action: string
  errnoRet?: number
  args: { index: number; value: number; valueTwo: number; op: string }[]
}

/** What the kernel answers to a call by these rules: `allow`, or an error. */
function answer(name: string, first = 0): string {
  const { defaultAction, defaultErrnoRet, syscalls } = JSON.parse(containerFilter(['unix', 'inet', 'inet6'])) as { defaultAction: string; defaultErrnoRet: number; syscalls: Rule[] }
  const fits = ({ names, args }: Rule): boolean => names.includes(name) && args.every(({ op, value, valueTwo }) => (op === 'SCMP_CMP_EQ' ? first === value : (first & value) >>> 0 === valueTwo))
  const rule = syscalls.find(fits)
  expect(defaultAction).toBe('SCMP_ACT_ERRNO')
  return rule?.action === 'SCMP_ACT_ALLOW' ? 'allow' : `error ${rule?.errnoRet ?? defaultErrnoRet}`
}

describe('the filter of system calls for containers', () => {
  it('admits what programs are made of', () => {
    for (const name of ['read', 'openat', 'execve', 'fork', 'futex', 'mmap', 'epoll_wait', 'getdents64', 'prctl', 'landlock_restrict_self']) expect(answer(name), name).toBe('allow')
  })

  it('admits sockets of the families that were named and no vsock, packet or netlink ones', () => {
    expect([1, 2, 10].map((family) => answer('socket', family))).toEqual(['allow', 'allow', 'allow'])
    expect([16, 17, 31, 38, 40, 44].map((family) => answer('socket', family))).toEqual(Array.from({ length: 6 }, () => 'error 1'))
    expect([answer('socketpair', 1), answer('socketpair', 40)]).toEqual(['allow', 'error 1'])
  })

  it('admits threads and processes and no namespace of any kind', () => {
    expect([answer('clone', 0x003d0f00), answer('clone', 17)]).toEqual(['allow', 'allow'])
    for (const kind of [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]) expect(answer('clone', kind | 17), String(kind)).toBe('error 1')
    for (const name of ['unshare', 'setns', 'mount', 'umount2', 'fsopen', 'ptrace', 'bpf', 'keyctl', 'perf_event_open', 'userfaultfd', 'process_vm_readv', 'open_by_handle_at']) expect(answer(name), name).toBe('error 1')
  })

  it('says of clone3 and io_uring that they do not exist', () => {
    expect([answer('clone3'), answer('io_uring_setup')]).toEqual(['error 38', 'error 38'])
  })
})
