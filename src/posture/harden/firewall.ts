import { BlockList, isIP } from 'node:net'
import type { Machine } from '../../host/index.ts'
import { parseUfwRules, readSshdFiles, sshdLines, sshdValue } from '../../host/index.ts'
import { inboundTable } from '../nft-plan.ts'
import type { HardenPlan } from './plan.ts'
import type { CommandStep } from './step.ts'
import { ufwAfter, type Rule } from './ufw-rules.ts'

/**
 * Why a firewall, as the plan would leave it, would cut SSH off; `null` when every port of it stays open. Read from the
 * commands and files of the plan and from the rules that are there: a rule that is not understood opens nothing.
 */
export async function whyCut(plan: HardenPlan, after: Machine): Promise<string | null> {
  const commands = [...plan.steps, ...plan.told.steps].filter((step): step is CommandStep => step.kind === 'command' && step.part === 'firewall')
  const rulesets = await rulesetsOf(plan)
  if (!commands.some(closes) && !rulesets.some(drops)) return null
  const ports = await portsToKeep(plan, after)
  const peer = plan.site.session.connection?.peer ?? null
  const opened = [...commands.flatMap(openedBy), ...rulesets.flatMap(openedIn), ...(await openedToday(after))]
  const rules = ufwAfter(await ufwToday(after, peer), commands.map((step) => step.do))
  const shut = ports.filter((port) => !opened.includes(port) && !letsIn(rules, port, peer))
  if (shut.length === 0) return null
  return plan.site.session.connection === null
    ? `the firewall would not let SSH in on port ${shut.join(', ')}`
    : `the firewall would cut the SSH connection you are using (port ${shut.join(', ')}, from ${peer})`
}

/** The port of the session counts; without a session, those sshd listens on. */
async function portsToKeep({ site: { session } }: HardenPlan, after: Machine): Promise<number[]> {
  if (session.connection !== null) return [session.connection.port]
  const files = await readSshdFiles(after)
  return files === null ? [] : (sshdValue(sshdLines(files), 'Port')?.value ?? '22').split(' ').map(Number)
}

function closes({ do: command }: CommandStep): boolean {
  const words = command.join(' ')
  if (command[0] === 'ufw') return /\b(enable|deny|reject|reset|delete)\b/.test(words)
  if (command[0] === 'firewall-cmd') return /--(set-default-zone|set-target|remove-|panic-on|add-rich-rule=.*(drop|reject))/.test(words)
  // The file that is loaded is part of the plan, and judged by what is in it.
  if (words === 'nft -f /etc/nftables.conf') return false
  return /^(systemctl\b.*\b(enable|start|restart|reload)\b.*\b(ufw|firewalld|nftables)|nft\b|iptables\b|ip6tables\b)/.test(words)
}

async function rulesetsOf({ steps, draft }: HardenPlan): Promise<string[]> {
  return steps.flatMap((step) => (step.kind === 'content' && step.part === 'firewall' && step.after !== null ? [draft.contentOf(step).toString('utf8')] : []))
}

function drops(text: string): boolean {
  // What a zone does not name is rejected unless it says otherwise (firewalld.zone(5)).
  if (/<zone\b/.test(text)) return !/<zone\b[^>]*target="ACCEPT"/i.test(text)
  return /policy\s+(drop|reject)|DEFAULT_INPUT_POLICY="?(DROP|REJECT)|ENABLED=yes|target="(DROP|REJECT|%%REJECT%%)"/.test(text)
}

function openedBy({ do: command }: CommandStep): number[] {
  if (command[0] !== 'firewall-cmd') return []
  return command.flatMap((word) => (word === '--add-service=ssh' ? portsIn('ssh') : portsIn(/^--add-port=(\d+)\/tcp$/.exec(word)?.[1])))
}

/** `tcp dport 22 accept`, `tcp dport { 22, 443 } … accept`, unless the line asks for a source. */
function openedIn(ruleset: string): number[] {
  if (/<zone\b/.test(ruleset)) return openedInZone(ruleset)
  // A packet has to pass every chain: what an older one accepts, ours may still drop.
  const ours = ruleset.indexOf(`table inet ${inboundTable} {`)
  return ruleset.slice(Math.max(ours, 0)).split('\n').flatMap((line) => {
    if (/^\s*#/.test(line) || !/\baccept\b/.test(line) || /\b(saddr|iif|iifname)\b/.test(line)) return []
    const found = /\btcp dport (?:\{([^}]*)\}|(\S+))/.exec(line)
    return found === null ? [] : (found[1] ?? found[2]!).split(',').flatMap((word) => portsIn(word.trim()))
  })
}

/** What firewalld keeps in files of its own. */
async function openedToday(machine: Machine): Promise<number[]> {
  return openedInZone((await machine.text('/etc/firewalld/zones/public.xml')) ?? '')
}

function openedInZone(zone: string): number[] {
  const services = [...zone.matchAll(/<(?:service name="(ssh)"|port (?=[^>]*protocol="tcp")[^>]*port="(\d+)")/g)]
  return services.flatMap(([, ssh, port]) => portsIn(ssh ?? port))
}

/** What ufw keeps for the family the session comes by. */
async function ufwToday(machine: Machine, peer: string | null): Promise<readonly Rule[]> {
  const text = await machine.text(peer !== null && isIP(peer) === 6 ? '/etc/ufw/user6.rules' : '/etc/ufw/user.rules')
  return parseUfwRules(text ?? '').filter(({ direction }) => direction === 'in')
}

/** The first rule about a visitor decides. Without a session, only what is open for everybody lets somebody in. */
function letsIn(rules: readonly Rule[], port: number, peer: string | null): boolean {
  const first = rules.find(({ action, protocol, ports, from }) => {
    const isOpening = action === 'allow' || action === 'limit'
    return protocol !== 'udp' && (ports === null || ports.some(([low, high]) => port >= low && port <= high)) && (from === null || (peer === null ? !isOpening : holds(from, peer)))
  })
  return first?.action === 'allow' || first?.action === 'limit'
}

function holds(network: string, peer: string): boolean {
  const [address, bits] = network.split('/')
  const family = isIP(address!)
  if (family === 0 || family !== isIP(peer)) return false
  const list = new BlockList()
  const name = family === 6 ? 'ipv6' : 'ipv4'
  list.addSubnet(address!, Number(bits ?? (family === 6 ? 128 : 32)), name)
  return list.check(peer, name)
}

function portsIn(word: string | undefined): number[] {
  if (word === undefined) return []
  if (/^ssh$/i.test(word)) return [22]
  const port = Number(/^(\d+)$/.exec(word)?.[1])
  return port > 0 ? [port] : []
}
