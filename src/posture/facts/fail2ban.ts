import type { Machine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'
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
    return { installed, enabled: await isEnabled(host, 'fail2ban.service'), instead: others.find((name) => name !== null) ?? null, jails: await jailsOf(host), own: await host.text(ownJails) }
  },
}

/** What a jail says, or all jails do: `null` where neither. */
export function jailValue({ jails }: Fail2banFacts, jail: string, key: string): string | null {
  return jails[jail]?.[key] ?? jails['DEFAULT']?.[key] ?? null
}

async function jailsOf(host: Machine): Promise<Fail2banFacts['jails']> {
  const names = (await host.names('/etc/fail2ban/jail.d')) ?? []
  const below = (end: string): string[] => names.filter((name) => name.endsWith(end)).map((name) => `/etc/fail2ban/jail.d/${name}`)
  const order = ['/etc/fail2ban/jail.conf', ...below('.conf'), '/etc/fail2ban/jail.local', ...below('.local')]
  const jails: Record<string, Record<string, string>> = {}
  for (const text of await Promise.all(order.map(async (path) => (await host.text(path)) ?? ''))) {
    let section = 'DEFAULT'
    for (const line of text.split('\n')) {
      section = /^\[([^\]]+)\]/.exec(line)?.[1] ?? section
      const [, key, value] = /^([a-z][\w.]*)\s*=\s*(.*?)\s*$/i.exec(line) ?? []
      if (key !== undefined) (jails[section] ??= {})[key] = value!
    }
  }
  return jails
}
