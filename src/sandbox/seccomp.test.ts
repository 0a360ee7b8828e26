import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { seccompFilter } from './seccomp.ts'
import { syscallNumber, syscallNumbers, type Machine, type SyscallName } from './syscalls.ts'

const machines: readonly Machine[] = ['x64', 'arm64']
const arch: Readonly<Record<Machine, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 }
const allowed = 0x7fff0000
const refusedWith = (errno: number): number => 0x00050000 | errno
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97]

/** What the kernel does with the program: struct seccomp_data in, an action out (linux/filter.h). */
function decide(program: Buffer, machine: Machine, number: number, args: readonly number[] = [], auditArch = arch[machine]): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number >>> 0, 0)
  data.writeUInt32LE(auditArch, 4)
  args.forEach((value, index) => data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + index * 8))
  let accumulator = 0
  for (let at = 0, steps = 0; steps < 4096; steps++, at++) {
    const [code, ifTrue, ifFalse, k] = [program.readUInt16LE(at * 8), program[at * 8 + 2]!, program[at * 8 + 3]!, program.readUInt32LE(at * 8 + 4)]
    if (code === 0x06) return k
    if (code === 0x20) accumulator = data.readUInt32LE(k)
    else {
      const holds = code === 0x15 ? accumulator === k : code === 0x25 ? accumulator > k : (accumulator & k) !== 0
      at += holds ? ifTrue : ifFalse
    }
  }
  throw new Error('the program does not end')
}

const number = (name: SyscallName, machine: Machine): number => syscallNumber(name, machine) ?? -1

describe.each(machines)('the system call filter on %s', (machine) => {
  const program = seccompFilter(machine)
  const said = (name: SyscallName, ...args: number[]): number => decide(program, machine, number(name, machine), args)

  it('lets ordinary calls pass: read, write, exec and the newest that is judged', () => {
    const ordinary = machine === 'x64' ? [0, 1, 2, 9, 59, 202, 257, 317, 444, 462] : [63, 64, 56, 222, 221, 98, 277, 444, 462]
    expect(ordinary.map((call) => decide(program, machine, call))).toEqual(ordinary.map(() => allowed))
  })

  it('refuses what makes namespaces, mounts, traces, or reaches into the kernel', () => {
    const names: SyscallName[] = ['unshare', 'setns', 'mount', 'umount2', 'pivot_root', 'chroot', 'ptrace', 'bpf', 'keyctl', 'add_key', 'request_key', 'userfaultfd', 'perf_event_open', 'kexec_load', 'process_vm_readv', 'process_vm_writev', 'init_module', 'open_by_handle_at', 'fsopen', 'syslog']
    expect(names.filter((name) => said(name) !== refusedWith(EPERM))).toEqual([])
  })

  it('says of clone3 and io_uring that they do not exist, so that programs take the other way', () => {
    expect([said('clone3'), said('io_uring_setup')]).toEqual([refusedWith(ENOSYS), refusedWith(ENOSYS)])
  })

  it('lets clone make threads and processes, and no namespace of any kind', () => {
    const thread = 0x003d0f00
    expect(said('clone', thread)).toBe(allowed)
    expect(said('clone', 17)).toBe(allowed)
    const kinds = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
    expect(kinds.map((kind) => said('clone', kind | 17))).toEqual(kinds.map(() => refusedWith(EPERM)))
  })

  it('pairs unix sockets and no others: a pair of TIPC loads its driver', () => {
    expect(said('socketpair', 1)).toBe(allowed)
    expect([0, 16, 30, 43].map((family) => said('socketpair', family))).toEqual(Array.from({ length: 4 }, () => refusedWith(EAFNOSUPPORT)))
  })

  it('opens unix and internet sockets and no others', () => {
    expect([1, 2, 10].map((family) => said('socket', family))).toEqual([allowed, allowed, allowed])
    expect([0, 16, 17, 31, 38, 40, 44].map((family) => said('socket', family))).toEqual(Array.from({ length: 7 }, () => refusedWith(EAFNOSUPPORT)))
  })

  it('types into no terminal, also when the upper half of the request is set, and asks for its size', () => {
    expect(said('ioctl', 0, 0x5412)).toBe(refusedWith(EPERM))
    expect(said('ioctl', 0, 0x1_0000_5412)).toBe(refusedWith(EPERM)) // the kernel looks at 32 bits (CVE-2019-10063)
    expect(said('ioctl', 0, 0x541c)).toBe(refusedWith(EPERM))
    expect(said('ioctl', 0, 0x5413)).toBe(allowed)
  })

  it('keeps addresses random and answers which personality it is', () => {
    expect(said('personality', 0x40000)).toBe(refusedWith(EPERM))
    expect([said('personality', 0), said('personality', 0xffffffff)]).toEqual([allowed, allowed])
  })

  it('knows nothing newer than what was judged, nor the calls of x32', () => {
    for (const call of [463, 600, 0x40000000, 0x4000003b]) expect(decide(program, machine, call)).toBe(refusedWith(ENOSYS))
  })

  it('ends a program that calls as another machine does', () => {
    expect(decide(program, machine, 0, [], 0x40000003)).toBe(0x80000000)
  })

  it('fits what the kernel takes and jumps nowhere outside', () => {
    const count = program.length / 8
    expect(count).toBeLessThan(4096)
    const jumps = Array.from({ length: count }, (_, at) => at).filter((at) => (program.readUInt16LE(at * 8) & 7) === 5)
    expect(jumps.filter((at) => at + 1 + Math.max(program[at * 8 + 2]!, program[at * 8 + 3]!) >= count)).toEqual([])
    expect(program.readUInt16LE((count - 1) * 8)).toBe(0x06)
  })
})

// Kernel headers as Debian has them (linux-libc-dev). aarch64 has no table of its own: it takes the generic one.
const headers = { x64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h', arm64: '/usr/include/asm-generic/unistd.h' } as const
const withoutHeaders = Object.values(headers).some((path) => !existsSync(path))

/** @returns number by name, and the highest number these headers know */
function published(machine: Machine): { numbers: Map<string, number>; newest: number } {
  const lines = readFileSync(headers[machine], 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm)
  const numbers = new Map([...lines].filter(([, name]) => name !== 'syscalls').map(([, name, at]) => [name!, Number(at)]))
  return { numbers, newest: Math.max(...numbers.values()) }
}

describe('the numbers', () => {
  it.skipIf(withoutHeaders).each(machines)('are those of the kernel headers on %s (needs linux-libc-dev for x86_64)', (machine) => {
    const { numbers, newest } = published(machine)
    const names = Object.keys(syscallNumbers) as SyscallName[]
    const judged = names.filter((name) => numbers.has(name) || (syscallNumber(name, machine) ?? 0) <= newest)
    expect(judged.length).toBeGreaterThan(60)
    expect(judged.filter((name) => (numbers.get(name) ?? null) !== syscallNumber(name, machine))).toEqual([])
  })

  it('are each used once on a machine', () => {
    for (const index of [0, 1] as const) {
      const used = Object.values(syscallNumbers).map((pair) => pair[index]).filter((one) => one !== null)
      expect(new Set(used).size).toBe(used.length)
    }
  })
})
