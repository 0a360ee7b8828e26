import { posix } from 'node:path'
import { HardshellError, messageOf } from '../base/index.ts'
import type { Machine } from '../host/index.ts'
import type { Subject } from './subject.ts'

/** What the operator named, as absolute paths; what was not named is searched for, unless something was. */
export interface Named {
  config?: string | undefined
  stateDir?: string | undefined
  /** A folder in which a machine's `/` lies; `/` is this machine itself. */
  hostRoot?: string | undefined
}

/** An installation a guard of ours stands before, as the guard's own state says. */
export interface Guarded {
  config: string
  stateDir: string
  home: string
  guard: NonNullable<Subject['guard']>
}

export interface Machines {
  /** This machine, live. */
  here: Machine
  /** A machine whose files lie in a folder of this one. */
  below(root: string): Machine
}

export interface Located {
  subject: Subject
  /** Configurations or state folders of further installations that were seen and not judged. */
  others: readonly string[]
  /** Whether the operator said what to judge, so that what is broken in it is an error and not an unknown. */
  named: boolean
}

/** OpenClaw's file, and what it was called under its two earlier names. */
const configNames = ['openclaw.json', 'clawdbot.json', 'moltbot.json']
const stateNames = ['.openclaw', '.clawdbot', '.moltbot']
/** Where guides and packages put it for a service. */
const systemFolders = ['/etc/openclaw', '/opt/openclaw', '/var/lib/openclaw']

interface Installation {
  config: string | null
  stateDir: string | null
  home: string | null
  guard: Subject['guard']
}

/**
 * Finds what is to be judged and writes nothing: named paths, the installation of our own guard, `OPENCLAW_CONFIG_PATH`
 * and `OPENCLAW_STATE_DIR`, the home of whoever asks under OpenClaw's three names, and for root every other home.
 * @throws HardshellError `posture.missing` or `posture.unreadable` when a named path cannot be judged
 */
export async function locateSubject(named: Named, guarded: readonly Guarded[], machines: Machines, now: number): Promise<Located> {
  await requireFolder(named.hostRoot, '--host-root', machines.here)
  const host = named.hostRoot === undefined || named.hostRoot === '/' ? machines.here : await copied(machines.below(named.hostRoot))
  if (named.config !== undefined || named.stateDir !== undefined) return await namedSubject(named, host, machines, now)
  const found = await search(host, host.live ? guarded : [])
  const [first] = found
  const subject = await subjectOf(first ?? { config: null, stateDir: null, home: null, guard: null }, host, now)
  return { subject, others: found.slice(1).map(({ config, stateDir }) => config ?? stateDir!), named: false }
}

async function namedSubject(named: Named, host: Machine, machines: Machines, now: number): Promise<Located> {
  if (named.config !== undefined) await requireFile(named.config, machines.here)
  await requireFolder(named.stateDir, '--state-dir', machines.here)
  const files = await filesOf(named, host, machines)
  const inside = (path: string | undefined): string | null => (path === undefined ? null : insideOf(path, files === host ? named.hostRoot : undefined))
  const stateDir = inside(named.stateDir)
  const config = inside(named.config) ?? (await configIn(files, stateDir!))
  const home = stateDir !== null && isStateName(posix.basename(stateDir)) ? posix.dirname(stateDir) : files.home
  const uid = (await files.status(stateDir ?? config!))?.uid ?? files.uid
  const theirs = { ...files, home, uid }
  // One and the same object says that the files lie on that machine.
  const asked = named.hostRoot === undefined ? null : files === host ? theirs : host
  return { subject: { host: asked, files: theirs, config, stateDir, guard: null, now }, others: [], named: true }
}

/** Given files are the copied machine's own where they lie in it; else they are just files, whoever handed them over. */
async function filesOf({ config, stateDir, hostRoot }: Named, host: Machine, machines: Machines): Promise<Machine> {
  const paths = [config, stateDir].filter((path) => path !== undefined)
  if (host.live && hostRoot !== undefined) return host
  if (hostRoot !== undefined && paths.every((path) => path.startsWith(`${hostRoot}/`))) return host
  return { ...machines.below(''), platform: machines.here.platform }
}

function insideOf(path: string, root: string | undefined): string {
  return root === undefined || root === '/' ? path : path.slice(root.length)
}

/** Every installation on a machine, the one of whoever asks first. */
async function search(machine: Machine, guarded: readonly Guarded[]): Promise<Installation[]> {
  const everybody = machine.uid === 0 || !machine.live
  const places: Installation[] = [
    ...guarded,
    ...(await fromEnvironment(machine)),
    ...(await inHome(machine, machine.home)),
    ...(everybody ? (await Promise.all((await otherHomes(machine)).map((home) => inHome(machine, home)))).flat() : []),
    ...(await Promise.all(systemFolders.map((folder) => inFolder(machine, folder, null)))).flat(),
  ]
  const seen = new Set<string>()
  return places.filter(({ config, stateDir }) => {
    const names = [config, stateDir].filter((name) => name !== null)
    const known = names.some((name) => seen.has(name))
    for (const name of names) seen.add(name)
    return !known
  })
}

async function fromEnvironment(machine: Machine): Promise<Installation[]> {
  const { OPENCLAW_CONFIG_PATH: config, OPENCLAW_STATE_DIR: stateDir } = machine.env
  if (!config && !stateDir) return []
  const folder = stateDir || (await firstFolder(machine, stateNames.map((name) => posix.join(machine.home, name))))
  const file = config || (folder === null ? null : await configIn(machine, folder))
  return (await exists(machine, file ?? folder)) ? [{ config: file, stateDir: folder, home: machine.home, guard: null }] : []
}

/** OpenClaw takes the first of its three names that is there; each profile of it has a folder of its own. */
async function inHome(machine: Machine, home: string): Promise<Installation[]> {
  const names = await namesIn(machine, home)
  const own = stateNames.find((name) => names.includes(name))
  const profiles = names.filter((name) => /^\.openclaw-[\w-]+$/.test(name))
  const folders = [...(own === undefined ? [] : [own]), ...profiles]
  return (await Promise.all(folders.map((name) => inFolder(machine, posix.join(home, name), home)))).flat()
}

async function inFolder(machine: Machine, folder: string, home: string | null): Promise<Installation[]> {
  const config = await configIn(machine, folder)
  if (config !== null) return [{ config, stateDir: folder, home, guard: null }]
  // A folder of that name alone may be anybody's, such as the one with our own YAML files.
  const names = await namesIn(machine, folder)
  return names.includes('agents') || names.includes('credentials') ? [{ config: null, stateDir: folder, home, guard: null }] : []
}

async function otherHomes(machine: Machine): Promise<string[]> {
  const passwd = await machine.text('/etc/passwd').catch(() => null)
  const homes = (passwd ?? '').split('\n').map((line) => line.split(':')[5] ?? '')
  const folders = machine.platform === 'darwin' ? (await namesIn(machine, '/Users')).map((name) => `/Users/${name}`) : []
  return [...new Set([...homes, ...folders])].filter((home) => home.startsWith('/') && home !== '/' && home !== machine.home)
}

async function subjectOf({ config, stateDir, home, guard }: Installation, machine: Machine, now: number): Promise<Subject> {
  // Root asks about somebody's files as that somebody would: theirs is what they own.
  const owner = home === null || home === machine.home ? null : await machine.status(home).catch(() => null)
  const theirs = home === null ? machine : { ...machine, home, uid: owner?.uid ?? machine.uid }
  return { host: theirs, files: theirs, config, stateDir, guard, now }
}

async function copied(machine: Machine): Promise<Machine> {
  const isMac = await exists(machine, '/System/Library/CoreServices')
  const isWindows = await exists(machine, '/Windows/System32')
  const platform = isMac ? 'darwin' : isWindows ? 'win32' : machine.platform
  const found = await search({ ...machine, platform }, [])
  return { ...machine, platform, home: found[0]?.home ?? machine.home }
}

async function configIn(machine: Machine, folder: string): Promise<string | null> {
  const names = await namesIn(machine, folder)
  const name = configNames.find((one) => names.includes(one))
  return name === undefined ? null : posix.join(folder, name)
}

async function firstFolder(machine: Machine, folders: readonly string[]): Promise<string | null> {
  const there = await Promise.all(folders.map((folder) => exists(machine, folder)))
  return folders.find((_, index) => there[index]) ?? null
}

async function exists(machine: Machine, path: string | null): Promise<boolean> {
  return path !== null && (await machine.status(path).catch(() => null)) !== null
}

/** None also where we may not look: somebody else's home is searched for, not asked about. */
async function namesIn(machine: Machine, folder: string): Promise<readonly string[]> {
  return (await machine.names(folder).catch(() => null)) ?? []
}

function isStateName(name: string): boolean {
  return stateNames.some((state) => name === state || name.startsWith(`${state}-`))
}

async function requireFile(path: string, machine: Machine): Promise<void> {
  try {
    if ((await machine.text(path)) !== null) return
  } catch (cause) {
    throw new HardshellError('posture.unreadable', messageOf(cause), { hint: `ls -l ${path}`, cause })
  }
  throw new HardshellError('posture.missing', `there is no file ${path}, which --config names`, { hint: 'hardshell security audit, which looks for the installation itself' })
}

async function requireFolder(path: string | undefined, flag: string, machine: Machine): Promise<void> {
  if (path === undefined) return
  try {
    if ((await machine.names(path)) !== null) return
  } catch (cause) {
    throw new HardshellError('posture.unreadable', messageOf(cause), { hint: `ls -ld ${path}`, cause })
  }
  throw new HardshellError('posture.missing', `there is no folder ${path}, which ${flag} names`, { hint: `hardshell security audit without ${flag}` })
}
