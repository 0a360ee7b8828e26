import { parseAptConf, type AptSettings, type Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { linuxOf, type FactReader } from '../subject.ts'
import { isEnabled } from './services.ts'

/** How this machine gets its security fixes, from files. */
export interface UpdatesFacts {
  manager: 'apt' | 'dnf' | null
  /** apt only: whatever apt.conf.d says. */
  settings: AptSettings
  /** The program that applies them by itself is there; `null` for a copy without its programs. */
  installed: boolean | null
  /** dnf: `apply_updates = yes` and its timer. */
  dnfApplies: boolean
  /** Our own file of apt.conf.d. */
  own: string | null
  /** When the lists of packages were fetched last; `null` where nobody can tell. */
  listsMs: number | null
  now: number
  /** Packages that wait for a restart of the machine; `null` when none does. */
  rebootFor: readonly string[] | null
  /** Folders that say something by what is not in them, and that were not handed over with a copy. */
  missing: readonly string[]
  sources: readonly { path: string; line: number; text: string; file: string }[]
}

export const ownAptConf = '/etc/apt/apt.conf.d/99hardshell'

/** The facts, where a folder was handed over whose silence counts. @throws Error when it was not */
export function requireHere(facts: UpdatesFacts, folder: string): UpdatesFacts {
  if (facts.missing.includes(folder)) throw new Error(`${folder} is not among the files that are here`)
  return facts
}

export const updates: FactReader<UpdatesFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const manager = (await host.status('/etc/apt')) !== null ? 'apt' : (await host.status('/etc/dnf')) !== null ? 'dnf' : null
    const [settings, installed, own, listsMs, rebootFor, sources, dnfApplies, missing] = await Promise.all([
      settingsOf(host), isInstalled(host), host.text(ownAptConf), listsOf(host), rebootOf(host), sourcesOf(host), dnfOf(host), missingOf(host),
    ])
    return { manager, settings, installed, own, listsMs, now: subject.now, rebootFor, sources, dnfApplies, missing }
  },
}

async function missingOf(host: Machine): Promise<readonly string[]> {
  if (host.live) return []
  const there = await Promise.all(['/run', '/var/lib/apt', '/etc/apt/apt.conf.d'].map(async (path) => ((await host.status(path)) === null ? [path] : [])))
  return there.flat()
}

async function settingsOf(host: Machine): Promise<AptSettings> {
  const names = ((await host.names('/etc/apt/apt.conf.d')) ?? []).filter((name) => /^[\w-]+(\.conf)?$/.test(name))
  const texts = await askAll(['/etc/apt/apt.conf', ...names.map((name) => `/etc/apt/apt.conf.d/${name}`)], async (path) => (await host.text(path)) ?? '')
  // apt.conf itself is read after its folder.
  return parseAptConf([...texts.slice(1), texts[0]!])
}

async function isInstalled(host: Machine): Promise<boolean | null> {
  const there = await Promise.all(['/usr/bin/unattended-upgrade', '/usr/bin/dnf-automatic'].map(async (path) => await host.status(path)))
  if (there.some((status) => status !== null)) return true
  return host.live || (await host.status('/usr/bin')) !== null ? false : null
}

async function dnfOf(host: Machine): Promise<boolean> {
  const text = (await host.text('/etc/dnf/automatic.conf')) ?? ''
  return /^\s*apply_updates\s*=\s*(yes|true|1)\s*$/im.test(text) && ((await isEnabled(host, 'dnf-automatic.timer')) || (await host.status('/etc/systemd/system/timers.target.wants/dnf-automatic.timer')) !== null)
}

async function listsOf(host: Machine): Promise<number | null> {
  const found = await Promise.all(['/var/lib/apt/periodic/update-success-stamp', '/var/lib/apt/lists', '/var/lib/apt/lists/partial'].map(async (path) => (await host.status(path))?.modifiedMs ?? 0))
  const last = Math.max(...found)
  return last === 0 ? null : last
}

async function rebootOf(host: Machine): Promise<readonly string[] | null> {
  if ((await host.status('/run/reboot-required')) === null) return null
  return [...new Set(((await host.text('/run/reboot-required.pkgs')) ?? '').split('\n').filter((name) => name !== ''))]
}

async function sourcesOf(host: Machine): Promise<UpdatesFacts['sources']> {
  const names = ((await host.names('/etc/apt/sources.list.d')) ?? []).filter((name) => /\.(list|sources)$/.test(name))
  const paths = ['/etc/apt/sources.list', ...names.map((name) => `/etc/apt/sources.list.d/${name}`)]
  const files = await askAll(paths, async (path) => ({ path, file: (await host.text(path)) ?? '' }))
  return files.flatMap(({ path, file }) => file.split('\n').flatMap((line, index) => (/^\s*(#|$)/.test(line) ? [] : [{ path, line: index + 1, text: line.trim(), file }])))
}
