import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { readJson5, valueAt } from '../../openclaw/index.ts'
import type { PlaceKind } from './behaviour.ts'
import { fromHome } from '../home-folder.ts'

/** Files of one sort, in one folder or alone. */
export interface Place {
  /** For a person: `skills`, `shell history`. */
  area: string
  kind: PlaceKind
  /** A file, or a folder to be walked. */
  path: string
  /** Folders below that are walked; 0: only its own files. */
  depth: number
  /** Names that count; every one by default. */
  names?: RegExp
  /** Only the names of what is in it, as in a temporary folder, whose content may be anybody's. */
  namesOnly?: boolean
}

/** Everywhere a trace is looked for, the small and telling places first: time may run out in the transcripts. */
export async function placesOn(machine: Machine, given: { home: string; stateDir: string | null; config: string | null }): Promise<readonly Place[]> {
  const homes = machine.uid === 0 ? [...new Set([given.home, '/root', ...(await homesBelow(machine, '/home')), ...(machine.platform === 'darwin' ? await homesBelow(machine, '/Users') : [])])] : [given.home]
  const states = [...new Set([given.stateDir, ...homes.flatMap((home) => ['.openclaw', '.clawdbot', '.moltbot'].map((name) => posix.join(home, name)))].flatMap((path) => path ?? []))]
  const named = await namedInConfig(machine, given)
  return [...ofSystem, ...homes.flatMap(ofHome), ...states.flatMap(ofState), ...named, ...states.flatMap(talkOf), ...logs]
}

async function homesBelow(machine: Machine, folder: string): Promise<string[]> {
  return ((await machine.names(folder).catch(() => null)) ?? []).map((name) => posix.join(folder, name))
}

const cron = { area: 'cron', kind: 'cron', depth: 0 } as const
const unit = { area: 'units', kind: 'unit', depth: 1, names: /\.(service|timer|path|socket|conf)$/ } as const
const launch = { area: 'launch agents', kind: 'unit', depth: 0, names: /\.plist$/ } as const
const startup = { area: 'startup files', kind: 'startup', depth: 0 } as const
const packages = { area: 'npm packages', kind: 'plugin', depth: 1, namesOnly: true } as const
const temporary = { area: 'temporary folders', kind: 'plugin', depth: 0, namesOnly: true } as const

const ofSystem: readonly Place[] = [
  ...['/etc/crontab', '/etc/anacrontab', '/etc/cron.d', '/etc/cron.hourly', '/etc/cron.daily', '/etc/cron.weekly', '/etc/cron.monthly', '/var/spool/cron', '/var/spool/cron/crontabs', '/var/at/tabs'].map((path): Place => ({ ...cron, path })),
  ...['/etc/systemd/system', '/etc/systemd/user', '/usr/local/lib/systemd'].map((path): Place => ({ ...unit, path })),
  ...['/Library/LaunchAgents', '/Library/LaunchDaemons'].map((path): Place => ({ ...launch, path })),
  ...['/etc/profile', '/etc/profile.d', '/etc/bash.bashrc', '/etc/zsh', '/etc/environment', '/etc/ld.so.preload', '/etc/rc.local'].map((path): Place => ({ ...startup, path })),
  { area: 'hosts file', kind: 'hosts', path: '/etc/hosts', depth: 0 },
  ...['/usr/lib/node_modules', '/usr/local/lib/node_modules', '/opt/homebrew/lib/node_modules'].map((path): Place => ({ ...packages, path })),
  ...['/tmp', '/var/tmp', '/dev/shm'].map((path): Place => ({ ...temporary, path })),
]

function ofHome(home: string): Place[] {
  const below = (path: string): string => posix.join(home, path)
  return [
    ...['.bash_history', '.zsh_history', '.local/share/fish/fish_history', '.python_history', '.node_repl_history', '.local/share/powershell/PSReadLine/ConsoleHost_history.txt'].map((path): Place => ({ area: 'shell history', kind: 'history', path: below(path), depth: 0 })),
    ...['.bashrc', '.bash_profile', '.bash_login', '.bash_aliases', '.profile', '.zshrc', '.zprofile', '.zshenv', '.config/fish/config.fish', '.pam_environment', '.config/environment.d', '.config/autostart'].map((path): Place => ({ ...startup, path: below(path) })),
    { ...unit, path: below('.config/systemd/user') },
    { ...launch, path: below('Library/LaunchAgents') },
    { area: 'authorized keys', kind: 'keys', path: below('.ssh'), depth: 0, names: /^authorized_keys2?$/ },
    ...['.npm-global/lib/node_modules', '.local/lib/node_modules', '.bun/install/global/node_modules'].map((path): Place => ({ ...packages, path: below(path) })),
    ...['.agents/skills', 'clawd/skills'].map((path): Place => ({ area: 'skills', kind: 'skill', path: below(path), depth: 5 })),
  ]
}

function ofState(state: string): Place[] {
  const below = (path: string): string => posix.join(state, path)
  return [
    { area: 'skills', kind: 'skill', path: below('skills'), depth: 5 },
    ...['extensions', 'plugins', 'plugin-skills', 'hooks'].map((path): Place => ({ area: 'plugins', kind: 'plugin', path: below(path), depth: 5 })),
    ...workspace(below('workspace')),
    // One workspace for each agent: `workspace-NAME`.
    { area: 'memory and persona', kind: 'memory', path: state, depth: 0, names: /\.(md|jsonc?)$/ },
  ]
}

function workspace(path: string): Place[] {
  return [
    { area: 'skills', kind: 'skill', path: posix.join(path, 'skills'), depth: 5 },
    { area: 'plugins', kind: 'plugin', path: posix.join(path, '.openclaw/extensions'), depth: 5 },
    { area: 'memory and persona', kind: 'memory', path, depth: 0 },
    { area: 'memory and persona', kind: 'memory', path: posix.join(path, 'memory'), depth: 3 },
  ]
}

function talkOf(state: string): Place[] {
  return [
    { area: 'transcripts', kind: 'transcript', path: posix.join(state, 'agents'), depth: 3, names: /\.(jsonl|sqlite)$/ },
    { area: 'state database', kind: 'transcript', path: posix.join(state, 'state'), depth: 0, names: /\.sqlite$/ },
    { area: 'logs', kind: 'log', path: posix.join(state, 'logs'), depth: 1, names: /\.(log|jsonl|out|err)$/ },
  ]
}

const logs: readonly Place[] = [{ area: 'logs', kind: 'log', path: '/tmp/openclaw', depth: 0, names: /\.log$/ }]

/** Workspaces, folders of skills and of plugins that the configuration names. A broken one names none. */
async function namedInConfig(machine: Machine, { home, stateDir, config }: { home: string; stateDir: string | null; config: string | null }): Promise<Place[]> {
  const path = config ?? (stateDir === null ? null : posix.join(stateDir, 'openclaw.json'))
  const text = path === null ? null : await machine.text(path).catch(() => null)
  const value = text === null ? null : tolerant(text)
  const absolute = (one: unknown): string[] => (typeof one === 'string' ? [posix.resolve(home, fromHome(one, home))] : [])
  const list = (one: unknown): unknown[] => (Array.isArray(one) ? one : [])
  const agents = list(valueAt(value, ['agents', 'list'])).map((agent) => valueAt(agent, ['workspace']))
  const workspaces = [valueAt(value, ['agents', 'defaults', 'workspace']), valueAt(value, ['agent', 'workspace']), ...agents].flatMap(absolute)
  return [
    ...[...new Set(workspaces)].flatMap(workspace),
    ...list(valueAt(value, ['skills', 'load', 'extraDirs'])).flatMap(absolute).map((one): Place => ({ area: 'skills', kind: 'skill', path: one, depth: 5 })),
    ...list(valueAt(value, ['plugins', 'load', 'paths'])).flatMap(absolute).map((one): Place => ({ area: 'plugins', kind: 'plugin', path: one, depth: 5 })),
  ]
}

function tolerant(text: string): unknown {
  try {
    return readJson5(text)
  } catch {
    return null
  }
}
