/** Machines a filter of system calls is made for, in Node's words. */
export type FilteredMachine = 'x64' | 'arm64'

/** code, k, and how many instructions to skip when true and when not: `struct sock_filter` of classic BPF. */
export type Instruction = readonly [code: number, k: number, ifTrue: number, ifFalse: number]

// struct seccomp_data: nr, arch, instruction pointer, six arguments of eight bytes; the low half comes first.
export const offsetOfNumber = 0
export const offsetOfArch = 4
export const offsetOfArgument = (index: number): number => 16 + 8 * index

/** linux/audit.h: EM_X86_64 (62) and EM_AARCH64 (183), 64 bit, little endian. */
export const auditArch: Readonly<Record<FilteredMachine, number>> = { x64: 0xc000_003e, arm64: 0xc000_00b7 }

// linux/seccomp.h
export const allow = 0x7fff_0000
export const killProcess = 0x8000_0000
/** The call is not made and fails with this number. */
export const failWith = (errno: number): number => 0x0005_0000 | errno

// linux/bpf_common.h: LD|W|ABS, JMP|JEQ|K, JMP|JGT|K, JMP|JSET|K, RET|K.
const jumpEqual = 0x15
export const jumpGreater = 0x25
export const jumpAnyBit = 0x45
export const load = (offset: number): Instruction => [0x20, offset, 0, 0]
export const answer = (action: number): Instruction => [0x06, action, 0, 0]

/** @param value `null`: this machine has no such thing, and nothing is asked */
export function whenEqual(value: number | null, then: readonly Instruction[]): Instruction[] {
  return value === null ? [] : [[jumpEqual, value, 0, then.length], ...then]
}

export function unlessEqual(value: number, then: readonly Instruction[]): Instruction[] {
  return [[jumpEqual, value, then.length, 0], ...then]
}

export function unlessOneOf(values: readonly number[], then: readonly Instruction[]): Instruction[] {
  return [...values.map((value, index): Instruction => [jumpEqual, value, values.length - 1 - index + then.length, 0]), ...then]
}

/** The bytes `prctl(PR_SET_SECCOMP)` takes: eight for each instruction, little endian. */
export function assemble(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, k, ifTrue, ifFalse], index) => {
    bytes.writeUInt16LE(code, index * 8)
    bytes.writeUInt8(ifTrue, index * 8 + 2)
    bytes.writeUInt8(ifFalse, index * 8 + 3)
    bytes.writeUInt32LE(k, index * 8 + 4)
  })
  return bytes
}
