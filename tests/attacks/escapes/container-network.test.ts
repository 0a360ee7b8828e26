import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram, runProgram } from '../../../src/host/index.ts'
import type { AttemptResult } from '../../../src/isolation/index.ts'
import { newMachine, type Machine } from './machine.ts'

// An image of nothing but this Node: there is no registry to ask.
const image = 'localhost/only-node'
const idle = ['node', '-e', 'setInterval(() => {}, 1e6)']
// What `hardshell generate podman` writes as well. Two limits, for who may not raise them.
const hardened = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--read-only', '--user', '10002:10002', '--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=1024:1024']

let machine: Machine

describe.skipIf(findProgram('podman') === null || findProgram('runc') === null)('a container on a network without a way out (needs podman and runc)', () => {
  beforeAll(async () => {
    machine = await newMachine('containers')
    for (const [folder, at] of [['images', '/var/lib/containers'], ['networks', '/etc/cni/net.d'], ['leases', '/var/lib/cni'], ['engine', '/etc/containers']] as const) {
      mkdirSync(join(machine.root, folder))
      if (at === '/etc/containers') cpSync(at, join(machine.root, folder), { recursive: true })
      await must(['mkdir', '-p', at])
      await must(['mount', '--bind', join(machine.root, folder), at])
    }
    writeFileSync(join(machine.root, 'engine/containers.conf'), '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n')
    // The engine asks firewalld by it, and the one of the test machine never answers.
    await must(['rm', '/run/dbus/system_bus_socket'])
    await makeImage()
  }, 120_000)
  afterAll(async () => {
    if (machine === undefined) return
    await machine.run(['podman', 'rm', '-af', '-t', '0'])
    await machine.remove()
  }, 60_000)

  it("reaches services of the machine by the bridge's own link-local address, where an engine alone stands in between", async () => {
    await must(['podman', 'network', 'create', '--internal', 'plain'])
    await must(['podman', 'run', '-d', '--name', 'plain', '--network', 'plain', ...hardened, image, ...idle])
    const results = await verify('plain')
    expect(results.get('machine-addresses')).toMatchObject({ result: 'escaped', detail: expect.stringContaining('fe80') })
    expect(results.get('machine-addresses-udp')).toMatchObject({ result: 'escaped' })
  }, 240_000)

  it('reaches none under `isolate apply --mode container`, nor anything else', async () => {
    expect(await machine.hardshell(['isolate', 'apply', '--mode', 'container', '--within', '10m', '--config', machine.config])).toMatchObject({ status: 0 })
    const { name } = JSON.parse((await machine.hardshell(['isolate', 'status', '--json'])).out) as { name: string }
    await must(['podman', 'run', '-d', '--name', 'agent', '--network', name, ...hardened, image, ...idle])
    const results = await verify('agent')
    expect(results.get('machine-addresses')).toMatchObject({ result: 'refused' })
    expect([...results.values()].filter(({ result }) => result === 'escaped')).toEqual([])
    expect(await machine.hardshell(['isolate', 'undo']), 'a container would stay there unconfined').toMatchObject({ status: 5, err: expect.stringContaining('containers are on the network') })
    await must(['nft', 'flush', 'ruleset'])
    expect((await verify('agent')).get('machine-addresses')).toMatchObject({ result: 'escaped' })
    expect(JSON.parse((await machine.hardshell(['isolate', 'status', '--json'])).out)).toMatchObject({ stands: false, detail: expect.stringContaining('there is no table') })
    await must(['podman', 'rm', '-f', '-t', '0', 'agent'])
    expect(await machine.hardshell(['isolate', 'undo'])).toMatchObject({ status: 0 })
    expect((await machine.run(['podman', 'network', 'exists', name])).status).toBe(1)
  }, 400_000)
})

async function verify(container: string): Promise<Map<string, AttemptResult>> {
  const { out, err } = await machine.hardshell(['isolate', 'verify', '--json', '--container', container, '--config', machine.config])
  if (!out.startsWith('[')) throw new Error(out + err)
  return new Map((JSON.parse(out) as AttemptResult[]).map((one) => [one.id, one]))
}

async function must(command: readonly string[]): Promise<void> {
  const { status, out, err } = await machine.run(command)
  if (status !== 0) throw new Error(`${command.join(' ')}: ${out}${err}`)
}

async function makeImage(): Promise<void> {
  const tree = join(machine.root, 'tree')
  const { out } = await runProgram(['ldd', process.execPath])
  const libraries = [...out.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!)
  for (const [from, to] of [[process.execPath, '/usr/bin/node'] as const, ...libraries.map((path) => [path, path] as const)]) {
    mkdirSync(dirname(join(tree, to)), { recursive: true })
    copyFileSync(from, join(tree, to))
  }
  await must(['tar', '-C', tree, '-cf', join(machine.root, 'image.tar'), '.'])
  await must(['podman', 'import', join(machine.root, 'image.tar'), image])
}
