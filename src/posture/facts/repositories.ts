import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import type { Machine } from '../../host/index.ts'
import type { FactReader } from '../subject.ts'
import { installationFolders } from './residue-places.ts'

/**
 * A Git repository files of OpenClaw lie in. Git itself is not asked: its configuration may name programs to run, and
 * the one of a workspace is written by agents.
 */
export interface Repository {
  folder: string
  /** Paths in it that hold secrets by their name and are tracked. */
  tracked: readonly string[]
  /** Names of files that hold secrets, are there, and are neither tracked nor ignored. */
  unignored: readonly string[]
  /** `null` when there is none. */
  ignoreFile: { path: string; text: string | null }
  /** Names of remotes whose address has a password or token in it. */
  remotesWithPassword: readonly string[]
  /** `.git/config` as it is: what a change of it needs, and nothing to be shown. */
  config: { path: string; text: string | null }
}

export interface RepositoryFacts {
  found: readonly Repository[]
  unread: readonly { path: string; why: string }[]
}

export const repositories: FactReader<RepositoryFacts> = {
  async read(subject) {
    const { files } = subject
    const { config, state } = installationFolders(subject)
    const folders = new Set<string>()
    for (const start of [config, state, posix.join(state, 'workspace')]) {
      for (let folder = start; folder !== '/' && folder !== '.'; folder = posix.dirname(folder)) {
        if ((await files.status(posix.join(folder, '.git')))?.kind === 'folder') folders.add(folder)
      }
    }
    const found: Repository[] = []
    const unread: RepositoryFacts['unread'][number][] = []
    for (const folder of folders) {
      try {
        found.push(await repositoryIn(files, folder, [config, state]))
      } catch (error) {
        unread.push({ path: folder, why: messageOf(error) })
      }
    }
    return { found, unread }
  },
}

// What holds keys by its name. Copies with an ending too: `.env.production`, `openclaw.json.bak`.
const secretName = /^(?:(?:openclaw|clawdbot|moltbot)\.json5?(?:[.~_-].*)?|\.env(?:\.(?!example$|sample$|template$|dist$).*)?|auth-profiles\.json|\.netrc|\.git-credentials|.*\.pem)$/

async function repositoryIn(files: Machine, folder: string, mine: readonly string[]): Promise<Repository> {
  const git = posix.join(folder, '.git')
  const index = (await files.text(posix.join(git, 'index'))) ?? ''
  const tracked = trackedIn(index).filter((path) => secretName.test(posix.basename(path)))
  const ignoreFile = { path: posix.join(folder, '.gitignore'), text: await files.text(posix.join(folder, '.gitignore')) }
  const patterns = `${ignoreFile.text ?? ''}\n${(await files.text(posix.join(git, 'info/exclude'))) ?? ''}`.split('\n')
  const unignored: string[] = []
  for (const place of new Set([folder, ...mine.filter((each) => each.startsWith(`${folder}/`))])) {
    for (const name of (await files.names(place)) ?? []) {
      const path = posix.relative(folder, posix.join(place, name))
      if (secretName.test(name) && !tracked.includes(path) && !isIgnored(patterns, path)) unignored.push(path)
    }
  }
  const config = { path: posix.join(git, 'config'), text: await files.text(posix.join(git, 'config')) }
  return { folder, tracked, unignored, ignoreFile, remotesWithPassword: passwordRemotes(config.text ?? ''), config }
}

/**
 * Names in an index. It is binary; read as text its paths come out whole, each ending with a zero byte, with the two
 * bytes of its length before it (gitformat-index(5)). Version 4 shortens names: what is shortened is not found.
 */
export function trackedIn(index: string): string[] {
  return [...index.matchAll(/([\x20-\x7e]{4,})\0/g)].flatMap(([, text]) => {
    // The length byte of a path of 32 characters or more is a printable character itself.
    const shorter = text!.slice(1)
    return text!.charCodeAt(0) === shorter.length ? [text!, shorter] : [text!]
  })
}

/** Whether a line of `.gitignore` names it: by its name, its ending, its folder or `*`. Later lines with `!` take it back. */
function isIgnored(patterns: readonly string[], path: string): boolean {
  let ignored = false
  for (const line of patterns) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    if (matches(text.replace(/^!/, ''), path)) ignored = !text.startsWith('!')
  }
  return ignored
}

function matches(pattern: string, path: string): boolean {
  const bare = pattern.replace(/^\/|^\*\*\//, '').replace(/\/\*{0,2}$/, '')
  const names = pattern.startsWith('/') || bare.includes('/') ? [path, ...foldersAbove(path)] : path.split('/')
  const [head, ...tail] = bare.split('*')
  return names.some((name) => (tail.length === 0 ? name === bare : tail.length === 1 && name.startsWith(head!) && name.endsWith(tail[0]!) && name.length >= bare.length - 1))
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'))
}

/** `url = https://user:token@host/…` below `[remote "name"]`. Pure. */
function passwordRemotes(config: string): string[] {
  let remote = ''
  return config.split('\n').flatMap((line) => {
    remote = /^\s*\[remote "([^"]*)"\]/.exec(line)?.[1] ?? remote
    return /^\s*(?:push)?url\s*=\s*https?:\/\/[^/\s]*:[^/\s@]+@/i.test(line) ? [remote] : []
  })
}
