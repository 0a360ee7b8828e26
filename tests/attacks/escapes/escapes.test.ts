import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/host/index.ts'
import { attempts, landlockVersion, scopingLandlock, type Attempt, type AttemptResult } from '../../../src/isolation/index.ts'
import { repository, type Ended } from '../../journeys/command.ts'
import { newMachine, type Machine } from './machine.ts'

/** What the kernel of the test machines was built without; each says so itself, and none counts as refused. */
const notHere = new Set(['sctp', 'dccp', 'kernel-module', 'machine-memory', 'vsock', 'agents-and-terminals', 'control-groups', 'disks', 'kernel-log'])
/** Sockets of files that are hidden from inside cannot be told from ones that do not exist. */
const hidden = new Set(['container-engines', 'helpful-daemons'])
/** nftables does not see them; Landlock tells them apart from Linux 6.12 on, and the plan says where it cannot. */
const unseenByNftables = new Set((await landlockVersion({ run: runProgram })) >= scopingLandlock ? [] : ['abstract-sockets'])

let machine: Machine
const results: Record<'off' | 'nftables' | 'namespace' | 'root', Map<string, AttemptResult>> = { off: new Map(), nftables: new Map(), namespace: new Map(), root: new Map() }
const ended: Partial<Record<'off' | 'nftables' | 'namespace', Ended>> = {}
let counted: { name: string; packets: number }[] = []

beforeAll(async () => {
  machine = await newMachine('escapes')
  await tryAll('off')
  results.root = read(await machine.run([process.execPath, join(repository, 'tests/attacks/escapes/as-root.fixture.ts')]))
  for (const mode of ['nftables', 'namespace'] as const) {
    await must(['isolate', 'apply', '--mode', mode, '--within', '10m', '--config', machine.config])
    await tryAll(mode)
    if (mode === 'nftables') counted = (JSON.parse((await machine.hardshell(['isolate', 'status', '--json'])).out) as { refused: typeof counted }).refused
    await must(['isolate', 'undo'])
  }
})
afterAll(async () => await machine?.remove())

async function tryAll(mode: 'off' | 'nftables' | 'namespace'): Promise<void> {
  ended[mode] = await machine.hardshell(['isolate', 'verify', '--json', '--config', machine.config])
  results[mode] = read(ended[mode])
}

function read({ out, err }: Ended): Map<string, AttemptResult> {
  if (!out.startsWith('[')) throw new Error(`no results: ${out}${err}`)
  return new Map((JSON.parse(out) as AttemptResult[]).map((one) => [one.id, one]))
}

async function must(args: readonly string[]): Promise<void> {
  const { status, out, err } = await machine.hardshell(args)
  if (status !== 0) throw new Error(`${args.join(' ')}: ${out}${err}`)
}

const of = (kind: Attempt['opensWithout']): Attempt[] => attempts.filter(({ opensWithout }) => opensWithout === kind)

describe('fifty ways out and more', () => {
  it('are each told once, with what was tried and what came of it', () => {
    expect(attempts.length).toBeGreaterThanOrEqual(50)
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(attempts.length)
    for (const mode of ['off', 'nftables', 'namespace'] as const) expect([...results[mode].keys()]).toEqual(attempts.map(({ id }) => id))
  })

  it.each(of('rules').filter(({ id }) => !notHere.has(id)))('$id: opens without rules, is shut by nftables and by a namespace', ({ id }) => {
    expect(results.off.get(id)).toMatchObject({ result: 'escaped' })
    expect(results.nftables.get(id)).toMatchObject({ result: unseenByNftables.has(id) ? 'escaped' : 'refused' })
    if (unseenByNftables.has(id)) expect(results.namespace.get(id)!.result).not.toBe('escaped')
    else expect(results.namespace.get(id)).toMatchObject({ result: id === 'abstract-sockets' ? 'not-applicable' : 'refused' })
  })

  it.each(of('own-user').filter(({ id }) => !notHere.has(id)))("$id: opens for the guard's own user, is shut to OpenClaw's", ({ id }) => {
    expect(results.root.get(id)).toMatchObject({ result: 'escaped' })
    for (const mode of ['off', 'nftables', 'namespace'] as const) expect(results[mode].get(id)).toMatchObject({ result: 'refused' })
  })

  it.each(of('nothing-here').filter(({ id }) => !notHere.has(id) && !hidden.has(id)))('$id: gets nowhere, with rules or without', ({ id }) => {
    for (const mode of ['nftables', 'namespace'] as const) expect(results[mode].get(id)!.result).not.toBe('escaped')
  })

  it.each([...hidden])('%s: answer without an isolation, and cannot be seen from inside of one', (id) => {
    expect(results.off.get(id)).toMatchObject({ result: 'escaped' })
    for (const mode of ['nftables', 'namespace'] as const) expect(results[mode].get(id)).toMatchObject({ result: id === 'container-engines' ? 'refused' : 'not-applicable' })
  })

  it('find no socket to the machine underneath, whether the kernel has such or not', () => {
    for (const mode of ['nftables', 'namespace'] as const) expect(results[mode].get('vsock')).toMatchObject({ result: 'refused', detail: 'no such socket: EPERM' })
  })

  it('end with 1 when anything escaped and with 0 when nothing did', () => {
    expect(ended.off!.status).toBe(1)
    expect(ended.nftables!.status).toBe(unseenByNftables.size)
    expect(ended.namespace!.status).toBe(0)
  })

  it('are counted by the kernel, by protocol', () => {
    const packets = Object.fromEntries(counted.map((one) => [one.name, one.packets]))
    expect(packets['refused_tcp']).toBeGreaterThanOrEqual(15)
    expect(packets['refused_udp']).toBeGreaterThanOrEqual(5)
    expect(packets['refused_other']).toBeGreaterThanOrEqual(2)
  })
})
