import { formatDuration, HardshellError, readIfThere } from '../../base/index.ts'
import { createNftables, parseConnections, readSshdFiles, runProgram, sessionOf, sshdLines, thisMachine, type Connection } from '../../host/index.ts'
import { closeNetwork, keepClosed, keepFor, lockdownRules, openNetwork, readLockdown, type Keep, type Lockdown, type LockdownPorts } from '../../incident/index.ts'
import { recordChange } from '../record-change.ts'
import type { Terminal } from '../terminal.ts'
import { waitingTime } from '../waiting-time.ts'

interface Options {
  json?: boolean
  state?: string
  dryRun?: boolean
  timer?: boolean
  within?: string
  for?: string
  keep?: string[]
}

const kept = 'loopback, and what keeps the address of this machine (leases, neighbour discovery)'

/** `hardshell lockdown`: shuts the network, for as long as nobody confirms it. */
export async function lockdown(options: Options, terminal: Terminal): Promise<number> {
  const session = sessionOf(terminal.env)
  const keep = keepFor(session, options.keep ?? [], await sshPorts())
  if (options.timer === false && session.connection !== null) {
    throw new HardshellError('cli.usage', '--no-timer is for whoever stands at the machine; over SSH a lockdown waits to be confirmed', { hint: 'hardshell lockdown' })
  }
  const forS = options.timer === false ? null : secondsOf('--within', options.within ?? '5m', 3600)
  const rules = lockdownRules(keep, await openConnections(), forS)
  if (options.dryRun === true) {
    terminal.out(options.json === true ? JSON.stringify({ ok: true, rules }) : rules.trimEnd())
    return 0
  }
  const now = await closeNetwork(rules, ports())
  await recordChange({ rule: 'lockdown.closed', target: 'the network of this machine', result: `shut both ways${forS === null ? '' : `, for ${forS} seconds unless it is confirmed`}; SSH from ${whoIn(keep)}` }, options, terminal)
  show(now, options, terminal)
  if (forS !== null) terminal.err(`if you can still read this, let it stay: ${terminal.self} lockdown confirm. Nobody answers: it opens by itself in ${formatDuration(forS * 1000)}`)
  return 0
}

/** `hardshell lockdown confirm`: it stays until it is lifted, or for a time. */
export async function confirm(options: Options, terminal: Terminal): Promise<number> {
  const forS = options.for === undefined ? null : secondsOf('--for', options.for, 30 * 86_400)
  const now = await keepClosed(forS, ports())
  await recordChange({ rule: 'lockdown.confirmed', target: 'the network of this machine', result: forS === null ? 'it stays shut until it is lifted' : `it stays shut for ${forS} seconds` }, options, terminal)
  show(now, options, terminal)
  return 0
}

/** `hardshell lockdown lift`: the network is as it was. */
export async function lift(options: Options, terminal: Terminal): Promise<number> {
  const was = await openNetwork(ports())
  if (was) await recordChange({ rule: 'lockdown.lifted', target: 'the network of this machine', result: 'open again' }, options, terminal)
  if (options.json === true) terminal.out(JSON.stringify({ ok: true, state: 'open', was }))
  else terminal.out(was ? 'the network is open again' : 'there was no lockdown; nothing was done')
  return 0
}

/** `hardshell lockdown status`: 0 while it is shut, 1 while it is open. */
export async function status(options: Options, terminal: Terminal): Promise<number> {
  const now = await readLockdown(ports())
  show(now, options, terminal)
  return now.state === 'closed' ? 0 : 1
}

function show(now: Lockdown, options: Options, terminal: Terminal): void {
  if (options.json === true) return terminal.out(JSON.stringify({ ok: true, ...now }))
  if (now.state === 'open') return terminal.out('the network is open')
  const until = now.leftS === null ? 'until it is lifted' : `for ${formatDuration(now.leftS * 1000)}`
  const refused = now.refused.map(({ name, packets }) => `${packets} ${name.replace('refused_', '')}`)
  terminal.out(
    [
      `the network is shut both ways, ${until}`,
      `  kept     SSH on port ${now.keep.ports.join(', ')} from ${whoIn(now.keep)}; ${kept}`,
      `  refused  ${refused.join(', ')}`,
      `  a restart of the machine opens it; so does: ${terminal.self} lockdown lift`,
    ].join('\n'),
  )
}

function whoIn({ ipv4, ipv6 }: Keep): string {
  return [...ipv4, ...ipv6].join(', ') || 'nobody'
}

async function openConnections(): Promise<readonly Connection[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(async (path) => await readIfThere(path)))
  return tables.flatMap((text) => parseConnections(text ?? ''))
}

/** As sshd's own files say; 22 where nobody can read them. */
async function sshPorts(): Promise<number[]> {
  const files = await readSshdFiles(thisMachine()).catch(() => null)
  const said = files === null ? [] : sshdLines(files).filter(({ keyword }) => keyword === 'port').map(({ args }) => Number(args[0]))
  const ports = said.filter((port) => port > 0 && port < 65_536)
  return ports.length === 0 ? [22] : ports
}

function secondsOf(flag: string, text: string, most: number): number {
  const hint = `hardshell lockdown${flag === '--for' ? ' confirm' : ''} ${flag} 10m`
  return Math.round(waitingTime(text, { flag, leastMs: 1000, mostMs: most * 1000, bounds: `between a second and ${formatDuration(most * 1000)}`, hint }) / 1000)
}

function ports(): LockdownPorts {
  return { nft: createNftables(runProgram), platform: process.platform, isRoot: process.geteuid?.() === 0 }
}
