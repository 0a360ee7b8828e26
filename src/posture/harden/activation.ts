import type { Part } from '../change.ts'
import type { Hands } from './hands.ts'
import { isPathStep, type PathStep, type Step } from './step.ts'

/** Who reads a file: how it is tested before anybody is told, and how they are told. */
interface Reader {
  part: Part | 'any'
  paths: RegExp
  /** `FILE` stands for each changed path. A program that is not installed tests nothing. */
  test?: readonly string[]
  /** `UNIT` stands for what `unitOf` says. Run when it is running, so that nothing is started that was off. */
  activate?: readonly (readonly string[])[]
  /** Has to end well before `activate` is run; else the service is not in use. */
  inUse?: readonly string[]
}

// Answers where systemd is the first process, and fails in a container without it; `is-system-running` would fail for one broken unit.
const systemdRuns = ['systemctl', 'show', '--property=Version'] as const

/** One row for a kind of file. Tests only tell; every one of them is read-only by its manual. */
const readers: readonly Reader[] = [
  { part: 'any', paths: /^\/etc\/sudoers(\.d\/|$)/, test: ['visudo', '-c', '-q'] },
  { part: 'apt', paths: /^\/etc\/apt\//, test: ['apt-config', 'dump'] },
  { part: 'logrotate', paths: /^\/etc\/logrotate\.(d\/|conf$)/, test: ['logrotate', '--debug', 'FILE'] },
  { part: 'any', paths: /^\/etc\/systemd\/system\/[^/]+\.(service|timer|socket|path|mount)$/, test: ['systemd-analyze', 'verify', '--man=no', 'FILE'], activate: [['systemctl', 'daemon-reload']], inUse: systemdRuns },
  { part: 'any', paths: /^\/etc\/systemd\/system\/[^/]+\.d\//, activate: [['systemctl', 'daemon-reload']], inUse: systemdRuns },
  { part: 'any', paths: /^\/etc\/systemd\/journald\.conf/, activate: [['systemctl', 'restart', 'systemd-journald']], inUse: systemdRuns },
  { part: 'containers', paths: /^\/etc\/docker\/daemon\.json$/, test: ['dockerd', '--validate', '--config-file', 'FILE'], inUse: ['systemctl', 'is-active', '--quiet', 'docker'], activate: [['systemctl', 'reload', 'docker']] },
  { part: 'fail2ban', paths: /^\/etc\/fail2ban\//, test: ['fail2ban-client', '-t'], inUse: ['fail2ban-client', 'ping'], activate: [['fail2ban-client', 'reload']] },
  { part: 'firewall', paths: /\.nft$|^\/etc\/nftables\.conf$/, test: ['nft', '-c', '-f', 'FILE'] },
  { part: 'firewall', paths: /^\/etc\/nftables\.conf$/, inUse: ['systemctl', 'is-active', '--quiet', 'nftables'], activate: [['systemctl', 'reload', 'nftables']] },
  { part: 'firewall', paths: /^\/etc\/(ufw\/|default\/ufw$)/, test: ['ufw', '--dry-run', 'reload'], inUse: ['systemctl', 'is-active', '--quiet', 'ufw'], activate: [['ufw', 'reload']] },
  { part: 'firewall', paths: /^\/etc\/firewalld\//, test: ['firewall-offline-cmd', '--check-config'], inUse: ['firewall-cmd', '--state'], activate: [['firewall-cmd', '--reload']] },
  { part: 'ssh', paths: /^\/etc\/ssh\/sshd_config(\.d\/|$)/, test: ['sshd', '-t'], inUse: ['systemctl', 'is-active', '--quiet', 'ssh'], activate: [['systemctl', 'reload', 'ssh']] },
  { part: 'ssh', paths: /^\/etc\/ssh\/sshd_config(\.d\/|$)/, inUse: ['systemctl', 'is-active', '--quiet', 'sshd'], activate: [['systemctl', 'reload', 'sshd']] },
]

/** A test and whether it makes sense before the change: a file that is not there yet fails it. */
export interface Test {
  command: readonly string[]
  before: boolean
}

/** What judges the files of these steps, each once. */
export function testsFor(steps: readonly Step[]): readonly Test[] {
  const tests = read(steps).flatMap(({ reader, step }) => {
    if (reader.test === undefined || (step.kind === 'content' && step.after === null && reader.test.includes('FILE'))) return []
    return [{ command: reader.test.map((word) => (word === 'FILE' ? step.path : word)), before: !reader.test.includes('FILE') || step.kind !== 'content' || step.before !== null }]
  })
  return once(tests, ({ command }) => command.join(' '))
}

/** What the readers of these files are told, in words for a plan. */
export function activationsFor(steps: readonly Step[]): readonly (readonly string[])[] {
  return once(read(steps).flatMap(({ reader }) => reader.activate ?? []), (command) => command.join(' '))
}

/** Tells whoever reads these files. @returns what somebody answered, or `null` when all is well */
export async function activate(steps: readonly Step[], host: Hands): Promise<string | null> {
  for (const { inUse, commands } of once(read(steps).flatMap(({ reader }) => (reader.activate === undefined ? [] : [{ inUse: reader.inUse, commands: reader.activate }])), ({ commands, inUse }) => JSON.stringify([commands, inUse]))) {
    if (inUse !== undefined && (await host.run(inUse))?.status !== 0) continue
    for (const command of commands) {
      const ran = await host.run(command)
      if (ran !== null && ran.status !== 0) return `${command.join(' ')} ended with ${ran.status}: ${(ran.err || ran.out).trim().slice(0, 600)}`
    }
  }
  return null
}

function read(steps: readonly Step[]): { reader: Reader; step: PathStep }[] {
  const changed = steps.filter((step): step is PathStep => isPathStep(step) && (step.kind === 'content' || step.kind === 'kept'))
  return readers.flatMap((reader) => changed.filter((step) => step.on === 'host' && (reader.part === 'any' || reader.part === step.part) && reader.paths.test(step.path)).map((step) => ({ reader, step })))
}

function once<T>(list: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(list.map((item) => [key(item), item])).values()]
}
