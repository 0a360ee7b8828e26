import type { Change } from './change.ts'
import { command } from './command-change.ts'
import type { Facts } from './facts.ts'
import type { FirewallFacts, FirewallRule } from './facts/firewall.ts'
import type { RemoteAccessFacts } from './facts/remote-access.ts'
import { dropByDefault, dropPorts } from './nft-plan.ts'
import { rejectByDefault, withoutPorts } from './zone-plan.ts'

/**
 * What nobody named is dropped, by whoever is in charge, with every way in that is used today let through first. Nothing
 * where that is a ruleset nobody keeps in a file.
 */
export function denyByDefault(firewall: FirewallFacts, remote: RemoteAccessFacts): readonly Change[] {
  const ports = portsInUse(remote)
  if (firewall.nftables !== null) return dropByDefault(firewall.nftables, ports)
  if (firewall.zone !== null) return rejectByDefault(firewall.zone, ports)
  return enableUfw(firewall, remote)
}

/** These ports kept from the network in nftables and firewalld; those of ufw have a command for each rule. */
export function closePorts({ nftables, zone }: FirewallFacts, ports: readonly number[]): readonly Change[] {
  return nftables !== null ? dropPorts(nftables, ports) : zone !== null ? withoutPorts(zone, ports) : []
}

function portsInUse({ sshPorts, webPorts }: RemoteAccessFacts): number[] {
  return [...new Set([...sshPorts, ...webPorts])].sort((a, b) => a - b)
}

/**
 * ufw switched on with every way in that is used today let through first: a firewall that cuts the connection it is
 * set up over is worse than none. Nothing where another manager is in charge.
 */
function enableUfw({ manager, installed }: FirewallFacts, remote: RemoteAccessFacts): readonly Change[] {
  if (manager !== null && manager !== 'ufw') return []
  const ports = portsInUse(remote)
  return [
    ...(installed.includes('ufw') ? [] : [command(['apt-get', 'install', '-y', 'ufw'], ['apt-get', 'remove', '-y', 'ufw'], 'installs ufw')]),
    ...ports.map((port) => command(['ufw', 'allow', `${port}/tcp`], ['ufw', 'delete', 'allow', `${port}/tcp`], `port ${port} stays open`)),
    // Where it was off its files say what was the default, and they are put back; the undo must not open what was shut.
    command(['ufw', 'default', 'deny', 'incoming'], ['ufw', 'default', manager === 'ufw' ? 'allow' : 'deny', 'incoming'], 'what nobody named is dropped'),
    ...(manager === 'ufw' ? [] : [command(['ufw', '--force', 'enable'], ['ufw', '--force', 'disable'], 'switches the firewall on, now and at every start')]),
  ]
}

/**
 * These rules of ufw taken away; a port of SSH that nothing else opens gets a rule of its own first. Rules of others are
 * left to whoever wrote them.
 */
export function removeRules(unwanted: readonly FirewallRule[], { firewallRules, remoteAccess }: Pick<Facts, 'firewallRules' | 'remoteAccess'>): readonly Change[] {
  const gone = unwanted.filter(({ remove }) => remove !== null)
  const shut = remoteAccess.sshPorts.filter((port) => gone.some((rule) => opens(rule, port)) && !firewallRules.some((rule) => !gone.includes(rule) && opens(rule, port)))
  // One command takes the rule for IPv4 and its twin for IPv6.
  const commands = new Map(gone.map(({ remove, at }) => [remove!.join(' '), command(['ufw', 'delete', ...remove!], ['ufw', ...remove!], `takes the rule at ${at} away`)]))
  const allow = (port: number): Change => command(['ufw', 'allow', `${port}/tcp`], ['ufw', 'delete', 'allow', `${port}/tcp`], `port ${port} stays open`)
  // To ufw the very same rule with another comment is one it has: added first, it would be deleted with it.
  const isTwin = (port: number): boolean => commands.has(`allow from any to any port ${port} proto tcp`)
  return [...shut.filter((port) => !isTwin(port)).map(allow), ...commands.values(), ...shut.filter(isTwin).map(allow)]
}

/** Does one of its ports lie in the rule? */
export function opens({ ports }: FirewallRule, port: number): boolean {
  return ports === null || ports.some(([first, last]) => port >= first && port <= last)
}

export function portsIn({ ports }: FirewallRule): string {
  return ports === null ? 'every port' : `port ${ports.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ')}`
}
