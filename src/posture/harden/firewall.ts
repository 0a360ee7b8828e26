import type { Machine } from '../../host/index.ts'
import { readSshdFiles, sshdLines, sshdValue } from '../../host/index.ts'
import type { HardenPlan } from './plan.ts'
import type { CommandStep } from './step.ts'

/**
 * Why a firewall, as the plan would leave it, would cut SSH off; `null` when every port of it stays open. Read from the
 * commands and files of the plan and from the rules that are there: a rule that is not understood opens nothing.
 */
export async function whyCut(plan: HardenPlan, after: Machine): Promise<string | null> {
  const commands = [...plan.steps, ...plan.told.steps].filter((step): step is CommandStep => step.kind === 'command' && step.part === 'firewall')
  const rulesets = await rulesetsOf(plan)
  if (!commands.some(closes) && !rulesets.some(drops)) return null
  const ports = await portsToKeep(plan, after)
  const opened = [...commands.flatMap(openedBy), ...rulesets.flatMap(openedIn), ...(await openedToday(after))]
  const peer = plan.site.session.connection?.peer ?? null
  const shut = ports.filter((port) => !opened.some((rule) => rule.port === port && (rule.from === null || rule.from === peer)))
  if (shut.length === 0) return null
  return plan.site.session.connection === null
    ? `the firewall would not let SSH in on port ${shut.join(', ')}`
    : `the firewall would cut the SSH connection you are using (port ${shut.join(', ')}, from ${peer})`
}

interface Opened {
  port: number
  /** The one address it is open for; `null` for everybody. */
  from: string | null
}

/** The port of the session counts; without a session, those sshd listens on. */
async function portsToKeep({ site: { session } }: HardenPlan, after: Machine): Promise<number[]> {
  if (session.connection !== null) return [session.connection.port]
  const files = await readSshdFiles(after)
  return files === null ? [] : (sshdValue(sshdLines(files), 'Port')?.value ?? '22').split(' ').map(Number)
}

function closes({ do: command }: CommandStep): boolean {
  const words = command.join(' ')
  if (command[0] === 'ufw') return /\b(enable|deny|reject|reset)\b/.test(words)
  if (command[0] === 'firewall-cmd') return /--(set-default-zone|set-target|remove-|panic-on|add-rich-rule=.*(drop|reject))/.test(words)
  return /^(systemctl\b.*\b(enable|start|restart|reload)\b.*\b(ufw|firewalld|nftables)|nft\b|iptables\b|ip6tables\b)/.test(words)
}

async function rulesetsOf({ steps, draft }: HardenPlan): Promise<string[]> {
  return steps.flatMap((step) => (step.kind === 'content' && step.part === 'firewall' && step.after !== null ? [draft.contentOf(step).toString('utf8')] : []))
}

function drops(text: string): boolean {
  return /policy\s+(drop|reject)|DEFAULT_INPUT_POLICY="?(DROP|REJECT)|ENABLED=yes|target="(DROP|REJECT|%%REJECT%%)"/.test(text)
}

function openedBy({ do: command }: CommandStep): Opened[] {
  if (command[0] === 'ufw') {
    // Words like `in on eth0` and a protocol change nothing for the port.
    const words = command.filter((word) => word !== '--force')
    if (!['allow', 'limit'].includes(words[1] ?? '')) return []
    const from = words.includes('from') ? words[words.indexOf('from') + 1]! : 'any'
    const port = words.includes('port') ? words[words.lastIndexOf('port') + 1] : words.find((word) => /^(\d+(\/tcp)?|ssh|openssh)$/i.test(word))
    return portsIn(port).map((one) => ({ port: one, from: from === 'any' ? null : from }))
  }
  if (command[0] !== 'firewall-cmd') return []
  return command.flatMap((word) => (word === '--add-service=ssh' ? portsIn('ssh') : portsIn(/^--add-port=(\d+)\/tcp$/.exec(word)?.[1]))).map((port) => ({ port, from: null }))
}

/** `tcp dport 22 accept`, `tcp dport { 22, 443 } … accept`, unless the line asks for a source. */
function openedIn(ruleset: string): Opened[] {
  return ruleset.split('\n').flatMap((line) => {
    if (/^\s*#/.test(line) || !/\baccept\b/.test(line) || /\b(saddr|iif|iifname)\b/.test(line)) return []
    const found = /\btcp dport (?:\{([^}]*)\}|(\S+))/.exec(line)
    return found === null ? [] : (found[1] ?? found[2]!).split(',').flatMap((word) => portsIn(word.trim())).map((port) => ({ port, from: null }))
  })
}

/** What ufw and firewalld keep in files of theirs. */
async function openedToday(machine: Machine): Promise<Opened[]> {
  const [v4, zone] = await Promise.all([machine.text('/etc/ufw/user.rules'), machine.text('/etc/firewalld/zones/public.xml')])
  // `### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in`: action, protocol, port, to, source port, source.
  const tuples = [...(v4 ?? '').matchAll(/^### tuple ### (?:allow|limit) (?:tcp|any) (\S+) \S+ any (\S+) /gm)]
  const services = [...(zone ?? '').matchAll(/<(?:service name="(ssh)"|port (?=[^>]*protocol="tcp")[^>]*port="(\d+)")/g)]
  return [
    ...tuples.flatMap(([, port, from]) => portsIn(port).map((one) => ({ port: one, from: from === '0.0.0.0/0' ? null : from! }))),
    ...services.flatMap(([, ssh, port]) => portsIn(ssh ?? port)).map((port) => ({ port, from: null })),
  ]
}

function portsIn(word: string | undefined): number[] {
  if (word === undefined) return []
  if (/^(ssh|openssh)$/i.test(word)) return [22]
  const port = Number(/^(\d+)(\/tcp)?$/.exec(word)?.[1])
  return port > 0 ? [port] : []
}
