import type { Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { lineIn, type LineChange } from '../change.ts'
import { linuxOf, type FactReader, type Subject } from '../subject.ts'
import { isEnabled } from './services.ts'

/** Who bans addresses that guess. */
export interface Fail2banFacts {
  installed: boolean
  enabled: boolean
  /** Another program that does the same, such as `crowdsec`. */
  instead: string | null
  /** Settings by jail, `DEFAULT` among them, of all files: the last one counts. */
  jails: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Our own file. */
  own: string | null
  /** Logins are written to the journal alone: no log file for a jail to read (Debian 12 without rsyslog). */
  journalOnly: boolean
  /** The filter of our jail, and the guard's log it reads; `null` where it is not there. */
  guardFilter: string | null
  guardLog: string | null
}

/** After whatever a distribution and a person wrote: `.local` files come last, by name (jail.conf(5)). */
export const ownJails = '/etc/fail2ban/jail.d/zz-hardshell.local'

export const fail2ban: FactReader<Fail2banFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const installed = (await host.status('/usr/bin/fail2ban-server')) !== null || (await host.status('/etc/fail2ban/jail.conf')) !== null
    if (!installed && !host.live && (await host.names('/usr/bin')) === null) throw new Error('a copy without programs does not say what is installed')
    if (installed && !host.live && (await host.names('/etc/systemd/system/multi-user.target.wants')) === null) throw new Error('a copy without units does not say what starts')
    const others = await Promise.all((['crowdsec', 'sshguard'] as const).map(async (name) => ((await isEnabled(host, `${name}.service`)) ? name : null)))
    const journalOnly = await isJournalOnly(host)
    return { installed, enabled: await isEnabled(host, 'fail2ban.service'), instead: others.find((name) => name !== null) ?? null, jails: await jailsOf(host), own: await host.text(ownJails), journalOnly, guardFilter: await host.text('/etc/fail2ban/filter.d/hardshell.conf'), guardLog: await guardLogOf(subject) }
  },
}

/** A copy has no /run, and may lack the logs just because nobody copied them. */
async function isJournalOnly(host: Machine): Promise<boolean> {
  const logs = await Promise.all(['/var/log/auth.log', '/var/log/secure'].map(async (path) => await host.status(path)))
  return logs.every((log) => log === null) && (await host.status('/run/systemd/system')) !== null
}

async function guardLogOf({ guard, host }: Subject): Promise<string | null> {
  if (guard === null || host === null) return null
  const path = `${guard.stateDir}/guard/audit/audit.log`
  return (await host.status(path))?.kind === 'file' ? path : null
}

/** What a jail says, or all jails do: `null` where neither. */
export function jailValue({ jails }: Fail2banFacts, jail: string, key: string): string | null {
  return jails[jail]?.[key] ?? jails['DEFAULT']?.[key] ?? null
}

// fail2ban(1), 1.0.2: a jail whose log is not there keeps the whole server from starting, so that nobody is banned.
const backend = { section: 'sshd', key: 'backend', separator: ' = ' } as const

/** Would the jail of SSH look for a log that is not there? */
export function isBlind({ jails, journalOnly }: Fail2banFacts): boolean {
  const own = jails['sshd']?.['backend']
  // `%(sshd_backend)s` of the package leads to the default of all jails.
  return journalOnly && (own === undefined || own.startsWith('%(') ? jails['DEFAULT']?.['backend'] : own) !== 'systemd'
}

/** Has the jail of SSH read the journal, where it has to. */
export function readJournal(facts: Fail2banFacts): readonly LineChange[] {
  return isBlind(facts) ? [{ kind: 'line', path: ownJails, ...backend, from: lineIn(facts.own, backend), to: 'systemd' }] : []
}

async function jailsOf(host: Machine): Promise<Fail2banFacts['jails']> {
  const names = (await host.names('/etc/fail2ban/jail.d')) ?? []
  const below = (end: string): string[] => names.filter((name) => name.endsWith(end)).map((name) => `/etc/fail2ban/jail.d/${name}`)
  const order = ['/etc/fail2ban/jail.conf', ...below('.conf'), '/etc/fail2ban/jail.local', ...below('.local')]
  const jails: Record<string, Record<string, string>> = {}
  for (const text of await askAll(order, async (path) => (await host.text(path)) ?? '')) {
    let section = 'DEFAULT'
    for (const line of text.split('\n')) {
      section = /^\[([^\]]+)\]/.exec(line)?.[1] ?? section
      const [, key, value] = /^([a-z][\w.]*)\s*=\s*(.*?)\s*$/i.exec(line) ?? []
      if (key !== undefined) (jails[section] ??= {})[key] = value!
    }
  }
  return jails
}
