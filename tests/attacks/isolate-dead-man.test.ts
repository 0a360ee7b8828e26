import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { repository } from '../journeys/command.ts'
import { pause, until } from '../journeys/wait.ts'
import { newMachine, type Machine } from './escapes/machine.ts'

let machine: Machine
/** Somebody else's rules: an isolation never touches them. */
const foreign = 'table ip somebody {\n  chain input {\n    type filter hook input priority 0; policy accept;\n    tcp dport 22 accept\n  }\n}\n'
let before: string

beforeAll(async () => {
  machine = await newMachine('dead-man')
  await machine.run(['nft', '-f', '-'], { input: foreign })
  before = await machine.rules()
  expect(before).toContain('tcp dport 22 accept')
})
beforeEach(async () => void (await machine.hardshell(['isolate', 'undo'])))
afterAll(async () => await machine?.remove())

const recordFile = (): string => join(machine.state, 'guard/isolation.json')
const record = (): { state: string; confinement: { uid: number; name: string }; token: string } => JSON.parse(readFileSync(recordFile(), 'utf8'))
const apply = (...more: string[]) => machine.hardshell(['isolate', 'apply', '--config', machine.config, '--json', ...more])
const status = async (): Promise<{ mode: string; stands: boolean }> => JSON.parse((await machine.hardshell(['isolate', 'status', '--json'])).out)

/** Can OpenClaw's user connect to the router? The metadata address answers there. */
async function getsOut(uid: number): Promise<boolean> {
  const program = `require('node:net').connect(80, '169.254.169.254').on('connect', () => process.exit(0)).on('error', () => process.exit(1)).setTimeout(3000, () => process.exit(2))`
  return (await machine.run(['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups', '--', process.execPath, '-e', program])).status === 0
}

describe('rules that nobody confirms', () => {
  it('hold at once, leave other tables and users alone, and are gone without a trace when the time is over', async () => {
    expect(await apply('--mode', 'nftables', '--within', '20s')).toMatchObject({ status: 0 })
    const { confinement: { uid } } = record()
    expect(await getsOut(uid)).toBe(false)
    expect(await getsOut(uid + 1), 'another user is not touched').toBe(true)
    expect(await machine.rules()).toContain('tcp dport 22 accept')
    await until('the roll-back', 60_000, () => !existsSync(recordFile()))
    expect(await machine.rules()).toBe(before)
    expect(await getsOut(uid)).toBe(true)
  })

  it('are in the audit log with who applied them and who took them back, also where no guard runs', async () => {
    expect(await apply('--mode', 'nftables', '--within', '20s')).toMatchObject({ status: 0 })
    expect(await machine.hardshell(['isolate', 'undo'])).toMatchObject({ status: 0 })
    const { entries } = JSON.parse((await machine.hardshell(['audit', 'search', '--type', 'config_change', '--json'])).out) as { entries: Record<string, unknown>[] }
    expect(entries.slice(-2)).toMatchObject([
      { rule: 'isolation.applied', user: expect.stringMatching(/./), target: 'isolation nftables', result_summary: expect.stringMatching(/^applied to user \d+, until .* unless it is confirmed$/) },
      { rule: 'isolation.undone', target: 'isolation nftables' },
    ])
    expect(await machine.hardshell(['audit', 'verify'])).toMatchObject({ status: 0 })
  })

  it('are forgotten by the kernel itself when the timer was killed too', async () => {
    expect(await apply('--mode', 'nftables', '--within', '20s')).toMatchObject({ status: 0 })
    const { confinement: { uid }, token } = record()
    const timers = (await machine.run(['pgrep', '-f', token])).out.trim().split('\n').map(Number)
    expect(timers.length).toBe(1)
    process.kill(timers[0]!, 'SIGKILL')
    expect(await getsOut(uid)).toBe(false)
    await until('the kernel to forget', 60_000, async () => await getsOut(uid))
    expect((await status()).stands).toBe(false)
    expect(await machine.hardshell(['isolate', 'confirm', '--etc', machine.etc])).toMatchObject({ status: 1 })
  })

  it.each(['nftables', 'namespace'])('of %s leave before or after when the command is killed at any moment', async (mode) => {
    for (const afterMs of [0, 40, 90, 160, 300]) {
      const child = spawn(machine.enter[0]!, [...machine.enter.slice(1), process.execPath, join(repository, 'src/cli/main.ts'), 'isolate', 'apply', '--mode', mode, '--within', '5s', '--config', machine.config, '--state', machine.state], { stdio: 'ignore' })
      const gone = new Promise((resolve) => child.once('exit', resolve))
      await until('its first step', 30_000, () => existsSync(recordFile()))
      await pause(afterMs)
      child.kill('SIGKILL')
      await gone
      const rules = await machine.rules()
      expect(rules === before || rules.includes('reject with tcp reset'), 'the whole table or none').toBe(true)
      await until('the state before', 60_000, async () => !existsSync(recordFile()) && (await machine.rules()) === before)
      expect((await machine.run(['ip', 'netns', 'list'])).out).not.toContain('hardshell_')
      expect((await machine.run(['ls', '-A', '/run/hardshell'])).out).toBe('')
    }
  })
})

describe('rules that are confirmed', () => {
  it('outlive their time, survive a second apply unchanged, and are undone byte for byte', async () => {
    expect(await apply('--mode', 'nftables', '--within', '20s')).toMatchObject({ status: 0 })
    const confirmed = await machine.hardshell(['isolate', 'confirm', '--etc', machine.etc, '--json'])
    expect(confirmed).toMatchObject({ status: 0 })
    const { files, next } = JSON.parse(confirmed.out) as { files: string[]; next: string[] }
    expect(next).toContain(`systemctl enable hardshell-isolation-${record().confinement.name}.service`)
    await pause(27_000) // past the timer and past the kernel's own
    const { confinement: { uid } } = record()
    expect(await status()).toMatchObject({ mode: 'nftables', stands: true })
    expect(await getsOut(uid)).toBe(false)

    const rules = await machine.rules()
    expect(JSON.parse((await apply('--mode', 'nftables')).out)).toMatchObject({ already: true, state: 'confirmed' })
    expect(await machine.rules()).toBe(rules)

    // After a restart of the machine the file alone brings the same table back.
    await machine.run(['nft', 'delete', 'table', 'inet', record().confinement.name])
    expect(await status()).toMatchObject({ stands: false })
    expect(await machine.run(['nft', '-f', files[0]!])).toMatchObject({ status: 0 })
    expect(await machine.rules()).toBe(rules)
    const verified = await machine.run(['systemd-analyze', 'verify', '--man=no', files[1]!])
    expect(verified.out + verified.err).not.toContain('hardshell-isolation')

    expect(await machine.hardshell(['isolate', 'undo'])).toMatchObject({ status: 0 })
    expect(await machine.rules()).toBe(before)
    expect(files.filter((file) => existsSync(file))).toEqual([])
    expect(existsSync(recordFile())).toBe(false)
  })

  it('return when a change of theirs is not confirmed', async () => {
    await apply('--mode', 'nftables')
    await machine.hardshell(['isolate', 'confirm', '--etc', machine.etc])
    const rules = await machine.rules()
    await machine.run(['sh', '-c', `printf 'isolation:\\n  loopback_ports: [3000]\\n' >> ${machine.config}/network.yaml`])
    expect(JSON.parse((await apply('--mode', 'nftables', '--within', '20s')).out)).toMatchObject({ already: false, state: 'pending' })
    expect(await machine.rules()).toContain('tcp dport 3000 accept')
    await until('the earlier rules', 60_000, async () => (await machine.rules()) === rules && record().state === 'confirmed')
    expect(await status()).toMatchObject({ mode: 'nftables', stands: true })
  })
})

describe('an isolation that would do harm, or cannot be', () => {
  it('is refused without root, with the command that helps', async () => {
    const { status, out } = await machine.run(['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--', process.execPath, join(repository, 'src/cli/main.ts'), 'isolate', 'apply', '--mode', 'nftables', '--json', '--state', '/tmp/hardshell-nobody'])
    expect(status).toBe(5)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'isolation.needs-root', hint: 'sudo ./hardshell isolate apply' } })
  })

  it('shows a plan and changes nothing', async () => {
    const { status, out } = await machine.hardshell(['isolate', 'plan', '--mode', 'nftables', '--config', machine.config])
    expect(status).toBe(0)
    expect(out).toContain('+     meta skuid @confined jump only_the_guard')
    expect(await machine.rules()).toBe(before)
    expect(existsSync(recordFile())).toBe(false)
  })
})
