import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { stateDirOf, type Subject } from '../subject.ts'

/** What a file is that secrets are left in: each is mended in another way. */
export type ResidueKind = 'backup' | 'history' | 'settings' | 'skill' | 'session' | 'log'

export interface ResiduePlace {
  kind: ResidueKind
  path: string
}

/** Folders of an installation: of the person, of OpenClaw's state and of its configuration. */
export interface InstallationFolders {
  /** `null` where files were handed over: whose home is here has nothing to do with them. */
  home: string | null
  state: string
  config: string
}

/** @throws NotGiven when no state folder was given, or there is none */
export function installationFolders(subject: Subject): InstallationFolders {
  const state = stateDirOf(subject)
  return { home: subject.host === null ? null : subject.files.home, state, config: subject.config === null ? state : posix.dirname(subject.config) }
}

// Where shells and programs that people paste keys into keep what was typed (their manuals).
const histories = [
  '.bash_history',
  '.zsh_history',
  '.sh_history',
  '.local/share/fish/fish_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  '.mysql_history',
  '.rediscli_history',
]

// OpenClaw's rotated configurations: `.bak`, `.bak.1` to `.bak.4`, `.last-good` (seen with 2026.9.6), and copies
// people make before an edit.
const backup = /^(?:openclaw|clawdbot|moltbot)\.json[.~_-]./
const settings = /\.ya?ml$/
const skillText = /\.(?:md|m?[jt]s|py|sh|json|ya?ml|toml|txt|env)$/
// Enough of each to see whether it is clean; a folder of thousands of skills is a checkout of a registry.
const maxSkillFiles = 400
const maxSessions = 30
// Of more than these nobody can say in time which are the newest; `hardshell secrets clean-residue` looks at all.
const maxCandidates = 2000
const maxAgents = 500
const maxSkillDepth = 3

/** Files that may hold secrets from before, sessions and logs last: they are the large ones. What is not there is left out. */
export async function residuePlaces(files: Machine, { home, state, config }: InstallationFolders): Promise<ResiduePlace[]> {
  const workspace = posix.join(state, 'workspace')
  const places: ResiduePlace[] = home === null ? [] : histories.map((name) => ({ kind: 'history', path: posix.join(home, name) }))
  for (const folder of new Set([config, state])) places.push(...(await named(files, folder, backup, 'backup')))
  for (const folder of new Set([config, state, workspace])) places.push(...(await named(files, folder, settings, 'settings')))
  for (const folder of new Set([posix.join(state, 'skills'), posix.join(workspace, 'skills')])) {
    places.push(...(await below(files, folder, maxSkillDepth)).filter((path) => skillText.test(path)).slice(0, maxSkillFiles).map((path) => ({ kind: 'skill' as const, path })))
  }
  places.push(...(await named(files, posix.join(state, 'logs'), /\.(?:log|jsonl)$/, 'log')), ...(await sessions(files, state)))
  return places
}

/** Newest first: names begin with no date, so the time of the file has to do. */
async function sessions(files: Machine, state: string): Promise<ResiduePlace[]> {
  const found: { path: string; modifiedMs: number }[] = []
  for (const agent of (await namesIn(files, posix.join(state, 'agents'))).slice(0, maxAgents)) {
    for (const { path } of await named(files, posix.join(state, 'agents', agent, 'sessions'), /\.jsonl/, 'session')) {
      if (found.length >= maxCandidates) break
      found.push({ path, modifiedMs: (await files.status(path))?.modifiedMs ?? 0 })
    }
  }
  return found
    .sort((a, b) => b.modifiedMs - a.modifiedMs)
    .slice(0, maxSessions)
    .map(({ path }) => ({ kind: 'session', path }))
}

async function below(files: Machine, folder: string, depth: number): Promise<string[]> {
  const paths: string[] = []
  for (const name of (await namesIn(files, folder)).slice(0, maxCandidates)) {
    if (name === 'node_modules' || name === '.git') continue
    const path = posix.join(folder, name)
    const kind = (await files.status(path))?.kind
    if (kind === 'file') paths.push(path)
    if (kind === 'folder' && depth > 0) paths.push(...(await below(files, path, depth - 1)))
  }
  return paths
}

async function named(files: Machine, folder: string, pattern: RegExp, kind: ResidueKind): Promise<ResiduePlace[]> {
  return (await namesIn(files, folder)).filter((name) => pattern.test(name)).slice(0, maxCandidates).map((name) => ({ kind, path: posix.join(folder, name) }))
}

async function namesIn(files: Machine, folder: string): Promise<readonly string[]> {
  return (await files.names(folder)) ?? []
}
