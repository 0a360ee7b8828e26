import { HardshellError } from '../base/index.ts'
import { ancestorUids, findProgram, uidsOfProgram } from '../host/index.ts'
import type { Confinement, IsolationMode } from './confinement.ts'
import { pfAnchor } from './macos.ts'
import { bootFiles, type BootFile } from './boot-files.ts'
import { engineFor } from './container-network.ts'
import { rulesToBe } from './make.ts'
import type { IsolationPorts } from './ports.ts'
import { stepsFor } from './room.ts'
import { landlockVersion, scopingLandlock } from './wall.ts'
import { whyNotApart } from './status.ts'
import type { Step } from './steps.ts'

/** One thing that will be different. */
export interface Change {
  what: string
  /** Lines as of a diff: `-` what goes, `+` what comes. Or the command, after `$`. */
  lines: readonly string[]
}

/** What applying would do, in full. Nothing has been done. */
export interface IsolationPlan {
  mode: IsolationMode
  confinement: Confinement
  /** The table of nftables, or `null` where the mode needs none. */
  ruleset: string | null
  steps: readonly Step[]
  changes: readonly Change[]
  /** What this mode does not do, said before somebody relies on it. */
  limits: readonly string[]
  /** Why it cannot be applied here, or `null`. */
  refusal: HardshellError | null
}

/** Works out what a mode means on this machine. Changes nothing: rules are only shown to the kernel (`nft -c`). */
export async function planIsolation(mode: IsolationMode, confinement: Confinement, etc: string, ports: IsolationPorts): Promise<IsolationPlan> {
  const ruleset = await rulesToBe({ mode, confinement }, ports)
  const steps = stepsFor(mode, confinement)
  const refusal = await whyNot(mode, confinement, ruleset, ports)
  const plan = { mode, confinement, ruleset, steps, limits: await limitsOf(mode, confinement, ports), refusal }
  return { ...plan, changes: await changesOf(plan, etc, ports) }
}

async function whyNot(mode: IsolationMode, confinement: Confinement, ruleset: string | null, ports: IsolationPorts): Promise<HardshellError | null> {
  if (mode === 'off') return null
  if (ports.platform !== 'linux') return unsupported(`the kernel of ${ports.platform} has no ${mode === 'user' ? 'such wall' : mode} that we can set up`, 'hardshell isolate plan prints what can be done by hand')
  if (!ports.isRoot) return new HardshellError('isolation.needs-root', `isolation.mode ${mode} confines another user, which only root can`, { hint: 'sudo hardshell isolate apply' })
  const cut = wouldCutOff(confinement)
  if (cut !== null) return cut
  if (mode === 'container' && engineFor(confinement) === null) return unsupported(`${confinement.engine ?? 'neither podman nor docker'} is${confinement.engine === null ? '' : ' not'} installed`, 'apt-get install podman, or isolation.container_engine in network.yaml')
  for (const tool of toolsOf(mode)) if (findProgram(tool.name) === null) return unsupported(`${tool.name} is not installed`, `apt-get install ${tool.from}`)
  const objection = ruleset === null ? null : await ports.nft.check(ruleset)
  return objection === null ? null : unsupported(`the kernel does not take the rules: ${objection.split('\n')[0]}`, 'choose another isolation.mode, such as namespace')
}

function toolsOf(mode: IsolationMode): { name: string; from: string }[] {
  const room = [{ name: 'nsenter', from: 'util-linux' }, { name: 'unshare', from: 'util-linux' }, { name: 'setpriv', from: 'util-linux' }, { name: '/usr/bin/perl', from: 'perl-base' }]
  if (mode === 'nftables') return [{ name: 'nft', from: 'nftables' }, ...room]
  if (mode === 'container') return [{ name: 'nft', from: 'nftables' }]
  return mode === 'namespace' ? [{ name: 'ip', from: 'iproute2' }, ...room] : []
}

/** Whose connection would be among those that are refused: the guard's, or that of whoever gives the command. */
export function wouldCutOff({ uid }: Pick<Confinement, 'uid'>, people: readonly number[] = [...ancestorUids(), ...uidsOfProgram('sshd')]): HardshellError | null {
  if (uid !== 0 && !people.includes(uid)) return null
  const who = uid === 0 ? 'root, and with it the guard and your session' : `uid ${uid}, to whom a session on this machine belongs`
  return new HardshellError('isolation.would-cut-off', `the rules would cut off ${who}`, {
    hint: 'give OpenClaw a user of its own: start the guard as root without adopting an installation of yours',
  })
}

function unsupported(message: string, hint: string): HardshellError {
  return new HardshellError('isolation.unsupported', message, { hint })
}

async function changesOf({ mode, confinement, ruleset, steps }: Omit<IsolationPlan, 'changes'>, etc: string, ports: IsolationPorts): Promise<Change[]> {
  if (ports.platform === 'darwin') return [{ what: 'pf, by hand: it knows users for TCP and UDP', lines: pfAnchor(confinement) }]
  const commands = steps.map(({ what, command, input }) => ({ what, lines: [`$ ${command.join(' ')}`, ...(input ?? '').split('\n').filter(Boolean).map((line) => `+ ${line}`)] }))
  if (ruleset === null) return commands
  const before = ports.isRoot ? await ports.nft.table({ family: 'inet', name: confinement.name }).catch(() => null) : null
  const [rules, unit] = bootFiles(confinement, ruleset, etc) as [BootFile, BootFile]
  const files = [
    { what: `${rules.path}, written when you confirm`, lines: ['+ (the table above)'] },
    { what: `${unit.path}, written when you confirm`, lines: prefixed('+', unit.text) },
  ]
  const table = { what: `table inet ${confinement.name} (mode ${mode}), one transaction`, lines: [...prefixed('-', before ?? ''), ...prefixed('+', ruleset)] }
  return [table, ...commands, ...files]
}

function prefixed(sign: string, text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => `${sign} ${line}`)
}

const unixSockets = "abstract unix sockets of other programs stay reachable: nftables does not see them, and this kernel's Landlock cannot tell them apart (Linux 6.12 can; so can a namespace)"
const multicast = "joining a multicast group makes the kernel itself tell the local network which one: a few bits for whoever listens there (namespace has no such network)"

async function limitsOf(mode: IsolationMode, { uid }: Confinement, ports: IsolationPorts): Promise<string[]> {
  const together = whyNotApart(uid)
  const scoped = mode !== 'nftables' || (await landlockVersion(ports)) >= scopingLandlock
  return [...(together === null || mode === 'off' ? [] : [together]), ...(scoped ? [] : [unixSockets]), ...limitsOfMode(mode)]
}

function limitsOfMode(mode: IsolationMode): string[] {
  if (mode === 'off' || mode === 'user') return ['the kernel does not enforce the way out: a program that ignores the proxy settings reaches every network this machine reaches']
  if (mode === 'nftables') return [multicast, 'programs of this user that were started without the guard have the rules, but see every socket file']
  if (mode === 'namespace') return ['the gateway enters it when it starts: restart the guard after applying']
  return [
    'only containers that are started on this network are confined, and they reach each other: hardshell isolate verify --container NAME',
    'the name of the bridge is the engine\'s: rules of a network that does not exist yet are shown with a placeholder',
  ]
}
