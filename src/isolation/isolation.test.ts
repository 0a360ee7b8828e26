import { mkdtempSync, readFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ran } from '../host/index.ts'
import { applyIsolation, confirmIsolation, describeIsolation, entryOf, isInForce, planIsolation, readIsolation, undoIsolation, type Confinement, type IsolationPlan, type IsolationPorts } from './index.ts'
import { wouldCutOff } from './plan.ts'

const confinement: Confinement = {
  name: 'hardshell_70123',
  uid: 70_123,
  sandboxUids: null,
  doors: { model: { host: '127.0.0.1', port: 1 }, egress: { host: '127.0.0.1', port: 2 }, dns: null },
  gatewayPort: 3,
  loopbackPorts: [],
  engine: 'podman',
}
let folder: string
let recordFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-isolation-'))
  recordFile = join(folder, 'isolation.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A machine with a container engine whose commands are only noted down. */
function fakeMachine(more: Partial<IsolationPorts> = {}): { ports: IsolationPorts; asked: string[]; time: { now: number } } {
  const asked: string[] = []
  const time = { now: 1_000_000 }
  let made = false
  let table: string | null = null
  const run = async (command: readonly string[]): Promise<Ran> => {
    const line = command.join(' ')
    asked.push(line)
    if (line.includes('network create')) made = true
    if (line.includes('network rm')) made = false
    return { status: 0, err: '', out: line.includes('inspect') ? JSON.stringify(made ? [{ internal: true, network_interface: 'cni-podman7' }] : []) : '' }
  }
  const nft = { check: async () => null, load: async (text: string) => void (table = text.includes('chain') ? text : null), table: async () => table, counters: async () => [], members: async () => [] }
  const ports: IsolationPorts = { run, nft, clock: { now: () => time.now, monotonicMs: () => time.now }, platform: 'linux', isRoot: true, bootId: () => 'this-start', armDeadMan: async (file, token) => void asked.push(`armed ${existsSync(file)} ${token.length}`), ...more }
  return { ports, asked, time }
}

const step = { what: 'a network', command: ['podman', 'network', 'create', '--internal', 'hardshell_70123'], undo: ['podman', 'network', 'rm', 'hardshell_70123'] }
const plan: IsolationPlan = { mode: 'container', confinement, ruleset: null, steps: [step], changes: [], limits: [], refusal: null }
const options = { recordFile: '', withinMs: 60_000 }

describe('an isolation', () => {
  it('arms its timer first, then writes the way back, and changes something only then', async () => {
    const { ports, asked } = fakeMachine()
    const records: unknown[] = []
    const run: IsolationPorts['run'] = async (command) => {
      if (command.includes('create')) records.push(readIsolation(recordFile, ports)?.state)
      return await ports.run(command)
    }
    const { record } = await applyIsolation(plan, { ...options, recordFile }, { ...ports, run })
    expect(record.state).toBe('pending')
    // A record without a timer would be nobody's to take back.
    expect(asked[0]).toBe('armed false 16')
    expect(records).toEqual(['applying'])
    expect(asked.indexOf(step.command.join(' '))).toBeGreaterThan(0)
  })

  it('is applied where no guard was ever started, in a folder for the guard alone', async () => {
    const { ports } = fakeMachine()
    const guard = join(folder, 'state/guard')
    await applyIsolation(plan, { ...options, recordFile: join(guard, 'isolation.json') }, ports)
    expect(readIsolation(join(guard, 'isolation.json'), ports)?.state).toBe('pending')
    expect(statSync(guard).mode & 0o777).toBe(0o700)
  })

  it('is not applied twice', async () => {
    const { ports, asked } = fakeMachine()
    await applyIsolation(plan, { ...options, recordFile }, ports)
    const before = asked.length
    expect((await applyIsolation(plan, { ...options, recordFile }, ports)).already).toBe(true)
    expect(asked.slice(before).filter((line) => !line.includes('inspect'))).toEqual([])
  })

  it('leaves everything as it was when it did not come out as planned', async () => {
    const { ports, asked } = fakeMachine()
    const nothing: IsolationPlan = { ...plan, steps: [{ ...step, command: ['true'] }] }
    await expect(applyIsolation(nothing, { ...options, recordFile }, ports)).rejects.toMatchObject({ code: 'isolation.verification-failed' })
    expect(existsSync(recordFile)).toBe(false)
    expect(asked.at(-1)).toBe(step.undo.join(' '))
  })

  it('cannot be confirmed once its time is over, nor after a restart of the machine', async () => {
    const { ports, time } = fakeMachine()
    await applyIsolation(plan, { ...options, recordFile }, ports)
    expect(readIsolation(recordFile, { bootId: () => 'next-start' })).toBe(null)
    time.now += 59_500
    await expect(confirmIsolation(recordFile, folder, ports)).rejects.toMatchObject({ code: 'isolation.too-late' })
    time.now += 1000
    expect(isInForce(readIsolation(recordFile, ports), ports)).toBe(false)
  })

  it('stays when it is confirmed, over a restart of the machine, until it is undone', async () => {
    const { ports } = fakeMachine()
    await applyIsolation(plan, { ...options, recordFile }, ports)
    expect((await confirmIsolation(recordFile, folder, ports)).record.state).toBe('confirmed')
    expect(readIsolation(recordFile, { bootId: () => 'next-start' })?.state).toBe('confirmed')
    expect(JSON.parse(readFileSync(recordFile, 'utf8'))).toMatchObject({ replaced: null })
    await undoIsolation(recordFile, ports)
    expect(await describeIsolation(recordFile, ports)).toMatchObject({ mode: 'off', stands: false })
    await expect(undoIsolation(recordFile, ports)).rejects.toMatchObject({ code: 'isolation.not-applied' })
  })

  it('says after a restart which part stands, which waits for the guard, and what to type', async () => {
    const counted = [{ name: 'refused_tcp', packets: 7, bytes: 420 }]
    const table = 'hook output\n@confined jump only_the_guard\nreject with tcp reset\nreject with icmpx'
    const loaded = { check: async () => null, load: async () => undefined, table: async () => table, counters: async () => counted, members: async () => [{ value: '70123', expiresInS: null }] }
    const described = async (nft: object): ReturnType<typeof describeIsolation> => await describeIsolation(recordFile, fakeMachine({ nft: nft as IsolationPorts['nft'], bootId: () => 'next-start' }).ports)
    writeFileSync(recordFile, JSON.stringify({ state: 'confirmed', token: 'x', mode: 'nftables', confinement, bootId: 'this-start', deadlineAt: 0, tableBefore: null, tableAtFirst: null, steps: [], files: [], replaced: null }))

    const restarted = await described(loaded)
    expect(restarted).toMatchObject({ stands: false, refused: counted, next: expect.stringMatching(/^hardshell start/) })
    expect(restarted.parts).toEqual([
      { part: 'view', stands: false, detail: 'the mount namespace /run/hardshell/hardshell_70123/mnt is gone', waitsFor: 'guard' },
      { part: 'rules', stands: true, detail: 'the rules for uid 70123 stand', waitsFor: null },
    ])
    expect(restarted.detail).toBe("the mount namespace /run/hardshell/hardshell_70123/mnt is gone: the guard makes it anew at its start, before OpenClaw's; the rules for uid 70123 stand")

    const flushed = await described({ ...loaded, table: async () => null })
    expect(flushed).toMatchObject({ stands: false, refused: [], detail: expect.stringContaining('there is no table inet hardshell_70123') })
    expect(flushed.parts.map(({ stands }) => stands)).toEqual([false, false])
  })

  it('is refused beside one of another kind', async () => {
    const { ports } = fakeMachine()
    await applyIsolation(plan, { ...options, recordFile }, ports)
    await expect(applyIsolation({ ...plan, mode: 'user' }, { ...options, recordFile }, ports)).rejects.toMatchObject({ hint: 'hardshell isolate undo, then apply the other' })
  })
})

describe('a plan', () => {
  it('says what macOS cannot do, and what can be typed there', async () => {
    const made = await planIsolation('nftables', confinement, '/etc', fakeMachine({ platform: 'darwin' }).ports)
    expect(made.refusal).toMatchObject({ code: 'isolation.unsupported' })
    expect(made.changes[0]!.lines).toContain('+ block return log out quick proto { tcp udp } from any to any user 70123')
  })

  it('is refused to whom is not root, and on a kernel that does not take the rules', async () => {
    expect((await planIsolation('nftables', confinement, '/etc', fakeMachine({ isRoot: false }).ports)).refusal).toMatchObject({ code: 'isolation.needs-root' })
    const { ports } = fakeMachine()
    const old = { ...ports, nft: { ...ports.nft, check: async () => 'Error: syntax error' } }
    expect((await planIsolation('nftables', confinement, '/etc', old)).refusal).toMatchObject({ code: 'isolation.unsupported', message: expect.stringContaining('syntax error') })
  })

  it('is refused for root, the guard itself, and whoever holds a session on this machine', () => {
    expect(wouldCutOff({ uid: 0 }, [])?.message).toContain('root, and with it the guard')
    expect(wouldCutOff({ uid: 1000 }, [0, 1000])).toMatchObject({ code: 'isolation.would-cut-off' })
    expect(wouldCutOff({ uid: 70_123 }, [0, 1000])).toBe(null)
  })

  it('takes the gateway where its mode wants it', () => {
    expect(entryOf({ mode: 'namespace', confinement })).toEqual(['/usr/bin/nsenter', '--net=/run/netns/hardshell_70123', '--mount=/run/hardshell/hardshell_70123/mnt'])
    expect(entryOf({ mode: 'nftables', confinement })).toEqual(['/usr/bin/nsenter', '--mount=/run/hardshell/hardshell_70123/mnt'])
    expect(entryOf({ mode: 'user', confinement })).toEqual([])
  })
})
