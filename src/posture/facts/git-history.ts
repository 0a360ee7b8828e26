import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import { findSecrets } from '../../content/secrets/index.ts'
import type { Machine } from '../../host/index.ts'
import { stateDirOf, type FactReader } from '../subject.ts'
import { installationFolders } from './residue-places.ts'
import { pathsIn } from './seen-files.ts'
import { workspaceFolders } from './workspace-folders.ts'

/** A file that held secrets in some commit, whatever it holds today. */
export interface HistoricSecret {
  folder: string
  path: string
  /** The newest commit that put one there, shortened as Git does. */
  commit: string
  /** Kinds, never values. */
  what: readonly string[]
  commits: number
}

export interface GitHistoryFacts {
  found: readonly HistoricSecret[]
  /** Repositories that were looked into. */
  folders: readonly string[]
  unread: readonly { path: string; why: string }[]
}

// Skills are installed by cloning; more repositories than this is a folder of clones.
const maxRepositories = 30
const maxTips = 200

/** Secrets in the histories of configuration, workspaces and skills. Branches, tags and stashes; not what only a reflog names. */
export const gitHistory: FactReader<GitHistoryFacts> = {
  deadlineMs: 12_000,
  async read(subject, ask, leave) {
    const { files } = subject
    const { config, state } = installationFolders(subject)
    const settings = await ask('config').catch(() => null)
    const workspaces = workspaceFolders(settings, stateDirOf(subject), files.home)
    const skills = (await Promise.all([state, ...workspaces].map(async (folder) => await pathsIn(files, posix.join(folder, 'skills'))))).flat()
    const places = [...new Set([config, state, ...workspaces, ...workspaces.map((folder) => posix.join(folder, 'skills')), posix.join(state, 'skills'), ...skills])]
    const there = await Promise.all(places.map(async (folder) => (await files.status(posix.join(folder, '.git')))?.kind === 'folder'))
    const folders = places.filter((_, index) => there[index])
    if (folders.length > maxRepositories) leave({ part: 'gitHistory', what: 'repositories', at: state, looked: maxRepositories, of: folders.length, next: 'git log -p' })
    const found: HistoricSecret[] = []
    const unread: GitHistoryFacts['unread'][number][] = []
    for (const folder of folders.slice(0, maxRepositories)) {
      try {
        const { secrets, commits } = await secretsOf(files, folder)
        found.push(...secrets)
        if (commits !== null) leave({ part: 'gitHistory', what: 'commits', at: folder, looked: commits, of: null, next: `git -C ${folder} log -p` })
      } catch (error) {
        unread.push({ path: folder, why: messageOf(error) })
      }
    }
    return { found, folders, unread }
  },
}

/** `commits`: how many were looked at where there are more. */
async function secretsOf(files: Machine, folder: string): Promise<{ secrets: readonly HistoricSecret[]; commits: number | null }> {
  const git = posix.join(folder, '.git')
  const tips = await tipsOf(files, git)
  if (tips.length === 0) return { secrets: [], commits: null }
  if (files.gitPatches === undefined) throw new Error('the objects of Git cannot be opened here')
  const patches = await files.gitPatches(posix.join(git, 'objects'), tips.slice(0, maxTips))
  if (patches === null) throw new Error('git is not installed, so its history cannot be read')
  const commits = patches.text.split('\0commit ').slice(1)
  const secrets = new Map<string, HistoricSecret>()
  for (const commit of commits) for (const one of addedBy(commit)) secrets.set(one.path, merged(secrets.get(one.path), { ...one, folder, commits: 1 }))
  return { secrets: [...secrets.values()], commits: patches.whole && tips.length <= maxTips ? null : commits.length }
}

/** Newest come first. */
function merged(newer: HistoricSecret | undefined, older: HistoricSecret): HistoricSecret {
  return newer === undefined ? older : { ...newer, what: [...new Set([...newer.what, ...older.what])], commits: newer.commits + 1 }
}

/** Files of one commit whose new lines hold secrets. Pure. */
function addedBy(commit: string): Pick<HistoricSecret, 'path' | 'commit' | 'what'>[] {
  const id = /^[0-9a-f]+/.exec(commit)?.[0].slice(0, 10) ?? ''
  return commit.split(/^diff --git /m).slice(1).flatMap((part) => {
    const path = /^\+\+\+ (?:b\/)?"?(?:b\/)?(.*?)"?\t?$/m.exec(part)?.[1]
    const start = part.search(/^@@ /m)
    if (path === undefined || start === -1) return []
    const added = part.slice(start).split('\n').filter((line) => line.startsWith('+')).map((line) => line.slice(1)).join('\n')
    const what = [...new Set(findSecrets(added).map(({ type }) => type))]
    return what.length === 0 ? [] : [{ path, commit: id, what }]
  })
}

/** Commits that branches, tags and stashes point to; those of tags may be tags themselves, which Git follows. */
async function tipsOf(files: Machine, git: string): Promise<string[]> {
  const packed = ((await files.text(posix.join(git, 'packed-refs'))) ?? '').split('\n').map((line) => /^\^?([0-9a-f]{40,64})\b/.exec(line)?.[1])
  const head = /^([0-9a-f]{40,64})$/m.exec((await files.text(posix.join(git, 'HEAD'))) ?? '')?.[1]
  const loose = await looseRefs(files, posix.join(git, 'refs'), 6)
  return [...new Set([head, ...loose, ...packed])].filter((tip) => tip !== undefined)
}

async function looseRefs(files: Machine, folder: string, depth: number): Promise<string[]> {
  const found: string[] = []
  for (const path of await pathsIn(files, folder)) {
    if (found.length > maxTips) break
    const kind = (await files.status(path))?.kind
    if (kind === 'folder' && depth > 0) found.push(...(await looseRefs(files, path, depth - 1)))
    if (kind === 'file') found.push(.../^[0-9a-f]{40,64}$/m.exec((await files.text(path)) ?? '') ?? [])
  }
  return found
}
