import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { machineBelow } from '../../host/index.ts'
import { lineIn, type Change, type Part } from '../change.ts'
import { defineCheck, type Check, type Risk } from '../check.ts'
import { textAt, valueOf } from '../config-values.ts'
import { noBootUndo } from './boot-undo.ts'
import { handsBelow, type Hands } from './hands.ts'
import { planHarden, type HardenPlan } from './plan.ts'
import type { HardenPorts } from './ports.ts'
import { recordsIn, type Records } from './record.ts'
import type { Site } from './site.ts'
import type { Answers, Watch } from './watch.ts'

const isRoot = process.geteuid?.() === 0

/** A machine in a folder, with everything a plan can meet, and the state folder of a guard beside it. */
export class TemporaryMachine {
  readonly folder: string
  readonly root: string
  readonly runs: string

  /** @param folder of one that is there already */
  constructor(config: string | null = exampleConfig, folder?: string) {
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'hardshell-harden-'))
    this.root = join(this.folder, 'root')
    this.runs = join(this.folder, 'state/guard/harden')
    if (config !== null && folder === undefined) this.furnish(config)
  }

  private furnish(config: string): void {
    this.write('/home/claw/.openclaw/openclaw.json', config, 0o640)
    this.write('/home/claw/.openclaw/credentials/telegram.json', '{"a":1}', 0o644)
    this.write('/etc/ssh/sshd_config', '# ours\r\nInclude /etc/ssh/sshd_config.d/*.conf\r\nPermitRootLogin yes\r\n', 0o644)
    this.write('/etc/ssh/sshd_config.d/50-cloud.conf', 'PasswordAuthentication yes', 0o600)
    this.write('/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n', 0o644)
    this.write('/etc/group', 'sudo:x:27:anna\nanna:x:1000:\n', 0o644)
    this.write('/etc/cron.d/old', Buffer.from([0xff, 0x00, 0x0a, 0xc3]), 0o644)
    mkdirSync(join(this.root, 'flags'))
    if (isRoot) for (const path of ['/home/claw', '/home/claw/.openclaw', '/home/claw/.openclaw/openclaw.json']) chownSync(this.at(path), 4711, 4712)
    chmodSync(this.at('/home/claw/.openclaw'), 0o755)
  }

  at(path: string): string {
    return join(this.root, path)
  }

  write(path: string, data: string | Buffer, mode: number): void {
    mkdirSync(dirname(this.at(path)), { recursive: true })
    writeFileSync(this.at(path), data)
    chmodSync(this.at(path), mode)
  }

  text(path: string): string {
    return readFileSync(this.at(path), 'utf8')
  }

  has(path: string): boolean {
    return existsSync(this.at(path))
  }

  /** Every name with its kind, mode, owner and content. */
  tree(folder = this.root): Record<string, string> {
    return Object.fromEntries(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().map((name) => {
      const path = join(folder, name)
      const { mode, uid, gid } = lstatSync(path)
      const what = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : lstatSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'folder'
      return [name, `${mode.toString(8)} ${uid}:${gid} ${what}`]
    }))
  }

  /** Its hands; the one program it has makes and removes a flag in a file. */
  hands(): Hands {
    const flag = (name: string): string => join(this.root, 'flags', name)
    return {
      ...handsBelow(this.root, false),
      live: true,
      run: async ([program, name]) => {
        if (program === 'flag-on') writeFileSync(flag(name!), 'on')
        else if (program === 'flag-off') rmSync(flag(name!), { force: true })
        else return await Promise.resolve(null)
        return { status: 0, out: '', err: '' }
      },
    }
  }

  site(hands: Hands = this.hands()): Site {
    const machine = machineBelow(this.root)
    const stateDir = '/home/claw/.openclaw'
    return { subject: { host: machine, files: machine, config: `${stateDir}/openclaw.json`, stateDir, guard: null, now: 0 }, roots: { host: this.root, files: this.root }, hands: { host: hands, files: hands }, session: { user: 'anna', connection: null } }
  }

  ports(hands: Hands = this.hands(), records: Records = recordsIn(this.runs), now = 1_000_000): HardenPorts & { watch: Watch } {
    let count = 0
    return {
      records,
      clock: { now: () => now, monotonicMs: () => now },
      handsFor: () => ({ host: hands, files: hands }),
      boot: noBootUndo,
      bootId: () => 'first boot',
      by: 'anna',
      newId: () => `20261121-12000${count}-00000${count++}`,
      armDeadMan: async () => await Promise.resolve(),
      watch: quiet,
    }
  }

  async plan(checks: readonly Check[], site: Site = this.site()): Promise<HardenPlan> {
    return await planHarden(checks, { profile: 'production', only: [] }, { site, consent: 'lockout' })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const exampleConfig = `{
  // the phone listens here
  gateway: { bind: "lan", port: 18789, auth: { token: "abc" } },
  tools: {
    deny: ["browser"], // bad experience
    elevated: { enabled: true },
  },
}
`

const nobody: Answers = { gateway: false, ssh: false, channels: null }
/** Nothing answered before, so nothing is missed. */
export const quiet: Watch = { answers: async () => await Promise.resolve(nobody), lost: async () => await Promise.resolve(null), configProblem: async () => await Promise.resolve(null) }

/** A check whose judge looks at the folder itself. */
export function madeCheck(id: string, fix: { part: Part; risk?: Risk; plan: readonly Change[]; wrong: () => boolean }): Check {
  return defineCheck({
    id,
    title: 'as it should be',
    severity: 'high',
    why: 'a test needs something to mend, and this is it',
    source: 'harden.test.kit.ts',
    needs: ['config'],
    judge: () => (fix.wrong() ? [{ at: id, saw: 'wrong', want: 'right' }] : []),
    fix: { risk: fix.risk ?? 'safe', part: fix.part, plan: () => (fix.wrong() ? fix.plan : []) },
    examples: { pass: {}, fail: {} },
  })
}

/** A check over a setting, judged by its facts. */
export function settingCheck(id: string, at: readonly string[], to: (now: unknown) => unknown): Check {
  return defineCheck({
    id,
    title: 'as it should be',
    severity: 'high',
    why: 'a test needs something to mend, and this is it',
    source: 'harden.test.kit.ts',
    needs: ['config'],
    judge: ({ config }) => (same(valueOf(config, at), to(valueOf(config, at))) ? [] : [{ at: at.join('.'), saw: 'wrong', want: 'right' }]),
    fix: { risk: 'safe', part: 'gateway', plan: ({ config }) => [{ kind: 'setting', at, from: valueOf(config, at), to: to(valueOf(config, at)) }] },
    examples: { pass: {}, fail: {} },
  })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** One check of every kind of change a plan knows. */
export function everyKind(machine: TemporaryMachine): readonly Check[] {
  const mode = (path: string): number => lstatSync(machine.at(path)).mode & 0o7777
  const line = (path: string, key: string): string | null => (machine.has(path) ? lineIn(machine.text(path), { key, separator: ' ' }) : null)
  const state = '/home/claw/.openclaw'
  const dropIn = '/etc/ssh/sshd_config.d/00-hardshell.conf'
  const fresh = '/etc/logrotate.d/deep/openclaw'
  return [
    defineCheck({
      id: 'gateway.bind', title: 'loopback', severity: 'high', why: 'a test needs something to mend', source: 'harden.test.kit.ts', needs: ['config'],
      judge: ({ config }) => (textAt(config, 'gateway.bind') === 'loopback' ? [] : [{ at: 'gateway.bind', saw: 'lan', want: 'loopback' }]),
      fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => [{ kind: 'setting', at: ['gateway', 'bind'], from: textAt(config, 'gateway.bind'), to: 'loopback' }] },
      examples: { pass: {}, fail: {} },
    }),
    settingCheck('tools.elevated-off', ['tools', 'elevated', 'enabled'], () => false),
    madeCheck('files.state-private', { part: 'files', wrong: () => mode(state) !== 0o700, plan: [{ kind: 'mode', path: state, from: 0o755, to: 0o700 }] }),
    madeCheck('files.credentials-private', { part: 'files', wrong: () => mode(`${state}/credentials/telegram.json`) !== 0o600, plan: [{ kind: 'mode', path: `${state}/credentials/telegram.json`, from: 0o644, to: 0o600 }] }),
    madeCheck('sshd.no-root', { part: 'ssh', risk: 'lockout', wrong: () => line('/etc/ssh/sshd_config', 'PermitRootLogin') !== 'no', plan: [{ kind: 'line', path: '/etc/ssh/sshd_config', key: 'PermitRootLogin', separator: ' ', from: 'yes', to: 'no' }] }),
    madeCheck('sshd.few-tries', { part: 'ssh', risk: 'lockout', wrong: () => line(dropIn, 'MaxAuthTries') !== '3', plan: [{ kind: 'line', path: dropIn, key: 'MaxAuthTries', separator: ' ', from: null, to: '3' }] }),
    madeCheck('logs.rotated', { part: 'logrotate', wrong: () => !machine.has(fresh), plan: [{ kind: 'file', path: fresh, from: null, to: '/var/log/openclaw.log {\n  weekly\n}\n', mode: 0o644 }] }),
    madeCheck('cron.tidy', { part: 'systemd', wrong: () => machine.has('/etc/cron.d/leftover'), plan: [{ kind: 'file', path: '/etc/cron.d/leftover', from: 'old\n', to: null }] }),
    madeCheck('services.on', { part: 'systemd', wrong: () => !machine.has('/flags/service'), plan: [{ kind: 'command', do: ['flag-on', 'service'], undo: ['flag-off', 'service'], means: 'switches it on' }] }),
  ]
}

/** What a killed process can do no more. */
export class Killed extends Error {}

/**
 * The same hands and records, taken away at touch number `at`: before it, or (for odd numbers) right after its effect.
 * From then on nothing is done any more, as by a process that was killed. `place` can also die half way.
 */
export function mortal(machine: TemporaryMachine, at: number, die: () => void = () => undefined): { hands: Hands; records: Records; touches(): number } {
  let touches = 0
  let dead = false
  const end = (): never => {
    dead = true
    die()
    throw new Killed('killed')
  }
  const step = (): void => {
    if (dead || touches++ === at) end()
  }
  const wrap = <T extends object>(port: T, effects: readonly (keyof T)[]): T =>
    new Proxy(port, {
      get(target, name) {
        const value = target[name as keyof T]
        if (typeof value !== 'function') return value
        return async (...args: unknown[]): Promise<unknown> => {
          if (dead) return end()
          if (!effects.includes(name as keyof T)) return await (value as (...given: unknown[]) => Promise<unknown>).apply(target, args)
          step()
          if (name === 'place') await halfPlaced(args)
          const result = await (value as (...given: unknown[]) => Promise<unknown>).apply(target, args)
          step()
          return result
        }
      },
    })
  /** A neighbour with half of its bytes, then death. */
  const halfPlaced = async (args: unknown[]): Promise<void> => {
    if (touches++ !== at) return
    const [path, neighbour, { bytes }] = args as Parameters<Hands['place']>
    writeFileSync(join(dirname(machine.at(path)), neighbour), bytes.subarray(0, bytes.length / 2))
    await Promise.resolve()
    end()
  }
  return {
    hands: wrap(machine.hands(), ['place', 'swap', 'discard', 'remove', 'grant', 'makeFolder', 'removeFolder', 'run']),
    records: wrap(recordsIn(machine.runs), ['begin', 'save', 'setStanding', 'note']),
    touches: () => touches,
  }
}
