import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { askAll } from '../ask-all.ts'
import { stateDirOf, type Leave, type Subject } from '../subject.ts'

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
// Of each kind; how much of them is read is bounded beside that.
const maxFiles = 2000
// Of more than these nobody can say in time which are the newest.
const maxCandidates = 20_000
const maxSkillDepth = 3
/** What takes its time, and looks at the rest. */
export const residueNext = 'hardshell secrets clean-residue'

/** Files that may hold secrets from before, sessions and logs last: they are the large ones. What is not there is left out. */
export async function residuePlaces(files: Machine, { home, state, config }: InstallationFolders, leave: Leave): Promise<ResiduePlace[]> {
  const workspace = posix.join(state, 'workspace')
  const places: ResiduePlace[] = home === null ? [] : histories.map((name) => ({ kind: 'history', path: posix.join(home, name) }))
  const named = async (folder: string, pattern: RegExp, kind: ResidueKind): Promise<void> => {
    const found = (await namesIn(files, folder)).filter((name) => pattern.test(name))
    if (found.length > maxFiles) leave({ part: `residue.${kind}`, what: `${kind} files`, at: folder, looked: maxFiles, of: found.length, next: residueNext })
    places.push(...found.slice(0, maxFiles).map((name) => ({ kind, path: posix.join(folder, name) })))
  }
  for (const folder of new Set([config, state])) await named(folder, backup, 'backup')
  for (const folder of new Set([config, state, workspace])) await named(folder, settings, 'settings')
  for (const folder of new Set([posix.join(state, 'skills'), posix.join(workspace, 'skills')])) {
    const paths: string[] = []
    if (!(await below(files, folder, { depth: maxSkillDepth, into: paths }))) leave({ part: 'residue.skill', what: 'files of skills', at: folder, looked: paths.length, of: null, next: residueNext })
    places.push(...paths.map((path) => ({ kind: 'skill' as const, path })))
  }
  await named(posix.join(state, 'logs'), /\.(?:log|jsonl)$/, 'log')
  places.push(...(await sessions(files, state, leave)))
  return places
}

/** Newest first: names begin with no date, so the time of the file has to do. */
async function sessions(files: Machine, state: string, leave: Leave): Promise<ResiduePlace[]> {
  const found: { path: string; modifiedMs: number }[] = []
  const agents = posix.join(state, 'agents')
  let all = 0
  for (const agent of await namesIn(files, agents)) {
    const folder = posix.join(agents, agent, 'sessions')
    const names = (await namesIn(files, folder)).filter((name) => name.includes('.jsonl'))
    all += names.length
    const paths = names.slice(0, maxCandidates - found.length).map((name) => posix.join(folder, name))
    found.push(...(await askAll(paths, async (path) => ({ path, modifiedMs: (await files.status(path))?.modifiedMs ?? 0 }))))
  }
  const newest = found.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, maxFiles)
  if (all > newest.length) leave({ part: 'residue.session', what: 'transcripts', at: agents, looked: newest.length, of: all, next: residueNext })
  return newest.map(({ path }) => ({ kind: 'session', path }))
}

/** Texts of skills. Whether those were all. */
async function below(files: Machine, folder: string, walk: { depth: number; into: string[] }): Promise<boolean> {
  for (const name of await namesIn(files, folder)) {
    if (name === 'node_modules' || name === '.git') continue
    if (walk.into.length >= maxFiles) return false
    const path = posix.join(folder, name)
    const kind = (await files.status(path))?.kind
    if (kind === 'file' && skillText.test(name)) walk.into.push(path)
    if (kind === 'folder' && walk.depth > 0 && !(await below(files, path, { ...walk, depth: walk.depth - 1 }))) return false
  }
  return true
}

async function namesIn(files: Machine, folder: string): Promise<readonly string[]> {
  return (await files.names(folder)) ?? []
}
