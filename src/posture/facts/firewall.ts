import { parseAssignments, parseFirewalldZone, parseIptablesInbound, parseNftInbound, parseUfwRules, type Machine } from '../../host/index.ts'
import { linuxOf, requirePart, type FactReader } from '../subject.ts'
import { portsDropped } from '../nft-plan.ts'
import type { Zone } from '../zone-plan.ts'
import { isEnabled } from './services.ts'

/** The packet filter towards the network: who manages it, and what it does with what nobody mentioned. */
export interface FirewallFacts {
  /** `null`: nothing filters what comes in. `kernel` is a ruleset that is loaded without one of the known files. */
  manager: 'ufw' | 'firewalld' | 'nftables' | 'iptables' | 'kernel' | null
  /** Programs to set one up with. */
  installed: readonly ('ufw' | 'firewalld')[]
  inbound: 'deny' | 'allow'
  /** False where IPv6 is on and goes by it. */
  coversIpv6: boolean
  /** Content of the file that says whether IPv6 is covered, where a line of it can be set. */
  ufwDefaults: string | null
  /** /etc/nftables.conf, where it is in charge. */
  nftables: string | null
  /** The zone packets come into, where firewalld is in charge. */
  zone: Zone | null
}

export const firewall: FactReader<FirewallFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const installed = await installedOf(host)
    const found = (await ufw(host)) ?? (await firewalld(host)) ?? (await files(host)) ?? (await kernel(host)) ?? (await nothing(host)) ?? { manager: null, inbound: 'allow' as const, coversIpv6: false }
    const zone = found.manager === 'firewalld' ? await firewalldZone(host) : null
    return {
      ...found,
      installed,
      ufwDefaults: await host.text('/etc/default/ufw'),
      nftables: found.manager === 'nftables' ? await host.text('/etc/nftables.conf') : null,
      zone: zone === null ? null : { own: zone.own, isOwn: zone.isOwn, text: zone.text },
    }
  },
}

/** A port, or several, that is let in. */
export interface FirewallRule {
  ports: readonly (readonly [number, number])[] | null
  from: string | null
  comment: string
  at: string
  /** The arguments of ufw that take it away again. */
  remove: readonly string[] | null
  /** Ports among them that another rule keeps the network from. */
  shut?: readonly number[]
}

/** The rules that let somebody in. Those of ufw need root. */
export const firewallRules: FactReader<readonly FirewallRule[]> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const { manager } = await ask('firewall')
    if (manager === 'ufw') await requirePart(host, 'the rules of ufw', ['/etc/ufw/user.rules'])
    if (manager === 'ufw') return (await Promise.all(['user.rules', 'user6.rules'].map(async (name) => await ufwRules(host, `/etc/ufw/${name}`)))).flat()
    const plain = (open: readonly (readonly [number, number])[], at: string): FirewallRule[] => open.map((ports) => ({ ports: [ports], from: null, comment: '', at, remove: null }))
    if (manager === 'firewalld') {
      const zone = await firewalldZone(host)
      const byName: Readonly<Record<string, number>> = { ssh: 22, http: 80, https: 443 }
      const services = zone.services.flatMap((name) => (name in byName ? [[byName[name]!, byName[name]!] as const] : []))
      return plain([...zone.open, ...services], zone.path)
    }
    if (manager === 'nftables') {
      const text = (await host.text('/etc/nftables.conf')) ?? ''
      return plain(parseNftInbound(text).open, '/etc/nftables.conf').map((rule) => ({ ...rule, shut: portsDropped(text) }))
    }
    if (manager === 'iptables') return plain(parseIptablesInbound((await host.text('/etc/iptables/rules.v4')) ?? '').open, '/etc/iptables/rules.v4')
    return manager === 'kernel' ? plain(parseNftInbound((await ruleset(host)) ?? '').open, 'nft list ruleset') : []
  },
}

type Found = Pick<FirewallFacts, 'manager' | 'inbound' | 'coversIpv6'>

async function installedOf(host: Machine): Promise<FirewallFacts['installed']> {
  const paths = { ufw: '/usr/sbin/ufw', firewalld: '/usr/bin/firewall-cmd' } as const
  const there = await Promise.all((['ufw', 'firewalld'] as const).map(async (name) => ((await host.status(paths[name])) === null ? [] : [name])))
  return there.flat()
}

async function ufw(host: Machine): Promise<Found | null> {
  const conf = await host.text('/etc/ufw/ufw.conf')
  if (conf === null || parseAssignments(conf)['ENABLED']?.toLowerCase() !== 'yes') return null
  await requirePart(host, 'the defaults of ufw', ['/etc/default/ufw'])
  const defaults = parseAssignments((await host.text('/etc/default/ufw')) ?? '')
  const policy = defaults['DEFAULT_INPUT_POLICY'] ?? 'DROP'
  return { manager: 'ufw', inbound: policy === 'ACCEPT' ? 'allow' : 'deny', coversIpv6: (defaults['IPV6'] ?? 'yes').toLowerCase() === 'yes' }
}

async function ufwRules(host: Machine, path: string): Promise<FirewallRule[]> {
  const rules = parseUfwRules((await host.text(path)) ?? '').filter(({ action, direction }) => (action === 'allow' || action === 'limit') && direction === 'in')
  return rules.map(({ ports, from, comment, line, action, protocol }) => {
    const range = ports?.map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`)).join(',')
    const to = range === undefined ? ['any'] : ['any', 'port', range, ...(protocol === 'any' ? [] : ['proto', protocol])]
    return { ports, from, comment, at: `${path}:${line}`, remove: [action, 'from', from ?? 'any', 'to', ...to] }
  })
}

async function firewalld(host: Machine): Promise<Found | null> {
  if (!(await isEnabled(host, 'firewalld.service'))) return null
  return { manager: 'firewalld', inbound: (await firewalldZone(host)).policy === 'allow' ? 'allow' : 'deny', coversIpv6: true }
}

async function firewalldZone(host: Machine): Promise<ReturnType<typeof parseFirewalldZone> & Zone & { path: string }> {
  const name = parseAssignments((await host.text('/etc/firewalld/firewalld.conf')) ?? '')['DefaultZone'] ?? 'public'
  const own = `/etc/firewalld/zones/${name}.xml`
  const text = await host.text(own)
  const path = text === null ? `/usr/lib/firewalld/zones/${name}.xml` : own
  const there = text ?? (await host.text(path)) ?? ''
  return { path, own, isOwn: text !== null, text: there, ...parseFirewalldZone(there) }
}

async function files(host: Machine): Promise<Found | null> {
  if (await isEnabled(host, 'nftables.service')) {
    const text = (await host.text('/etc/nftables.conf')) ?? ''
    const { policy } = parseNftInbound(text)
    if (policy !== 'none') return { manager: 'nftables', inbound: policy, coversIpv6: /table\s+(inet|ip6)\s/.test(text) }
  }
  const [v4, v6] = await Promise.all(['rules.v4', 'rules.v6'].map(async (name) => await host.text(`/etc/iptables/${name}`)))
  const policy = parseIptablesInbound(v4 ?? '').policy
  return policy === 'none' ? null : { manager: 'iptables', inbound: policy, coversIpv6: parseIptablesInbound(v6 ?? '').policy === 'deny' }
}

async function kernel(host: Machine): Promise<Found | null> {
  const text = await ruleset(host)
  const policy = text === null ? 'none' : parseNftInbound(text).policy
  return policy === 'none' ? null : { manager: 'kernel', inbound: policy, coversIpv6: /table\s+(inet|ip6)\s/.test(text!) }
}

// Any of these says that the copy holds what a firewall is configured by.
const traces = ['/etc/ufw', '/etc/firewalld', '/etc/nftables.conf', '/etc/iptables']

/** A part of a machine without any file of a firewall does not say that it has none. @throws Error */
async function nothing(host: Machine): Promise<null> {
  const there = await Promise.all(traces.map(async (path) => await host.status(path)))
  if (!host.live && there.every((status) => status === null)) throw new Error('no files of a firewall are here, and the kernel of a copy cannot be asked')
  return null
}

/** What the kernel has loaded; `null` where nobody may ask. */
async function ruleset(host: Machine): Promise<string | null> {
  if (!host.live) return null
  const ran = await host.run(['nft', '-s', 'list', 'ruleset'])
  if (ran === null) return null
  // "No filter" said of a ruleset nobody may see would be a false alarm.
  if (ran.status !== 0) throw new Error('only root may ask the packet filter (sudo)')
  return ran.out
}
