import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './processes.ts'

/** What Git says of a history. */
export interface GitPatches {
  /** `commit HASH` behind a zero byte, then its patch without context; newest first. */
  text: string
  /** False where there was more than was read. */
  whole: boolean
}

// A workspace of a busy year has a few thousand commits of some lines; this much is searched in a second.
const maxChars = 8 * 1024 * 1024
const maxCommits = 2000
const timeoutMs = 8000

/**
 * The patches of every commit that can be reached from `tips`, out of a folder of Git's objects. Git is never told of the
 * repository itself: its configuration and attributes may name programs to be run, and agents write both. It is asked in a
 * bare repository of our own, for this one question, that borrows the objects; as their owner where we are root, without a
 * network, hooks, pager or filters. `null` where Git is not installed.
 * @throws Error when Git does not understand what is there
 */
export async function gitPatches(objects: string, tips: readonly string[]): Promise<GitPatches | null> {
  const git = findProgram('git')
  if (git === null) return null
  if (/[\n"]/.test(objects) || tips.some((tip) => !/^[0-9a-f]{40,64}$/.test(tip))) throw new Error('its names are not those of Git')
  const folder = await mkdtemp(join(tmpdir(), 'hardshell-git-'))
  try {
    const { uid, gid } = await stat(objects)
    await mkdir(join(folder, 'objects/info'), { recursive: true })
    await mkdir(join(folder, 'refs'))
    await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n')
    await writeFile(join(folder, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
    await writeFile(join(folder, 'objects/info/alternates'), `${objects}\n`)
    const isRoot = process.getuid?.() === 0
    if (isRoot) await handOver(folder, uid, gid)
    return await ask([git, ...arguments_(folder, tips)], { folder, user: isRoot ? { uid, gid } : {} })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function handOver(folder: string, uid: number, gid: number): Promise<void> {
  await chmod(folder, 0o700)
  for (const path of ['', 'HEAD', 'config', 'refs', 'objects', 'objects/info', 'objects/info/alternates']) await chown(join(folder, path), uid, gid)
}

function arguments_(folder: string, tips: readonly string[]): string[] {
  const settings = ['core.hooksPath=/dev/null', 'core.attributesFile=/dev/null', 'protocol.allow=never', 'log.showSignature=false', 'core.fsmonitor=false']
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-notes', '--no-mailmap', '--no-decorate']
  return [`--git-dir=${folder}`, '--no-pager', '--no-optional-locks', ...settings.flatMap((setting) => ['-c', setting]), 'log', '-p', '-U0', '--diff-filter=ACMT', ...plain, `--max-count=${maxCommits + 1}`, '--format=%x00commit %H', ...tips, '--']
}

async function ask([program, ...args]: readonly string[], { folder, user }: { folder: string; user: { uid?: number; gid?: number } }): Promise<GitPatches> {
  // Neither the configuration of this machine nor that of whoever asks.
  const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_NO_REPLACE_OBJECTS: '1' }
  return await new Promise((resolve, reject) => {
    const child = spawn(program!, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'], ...user })
    let [text, complaint, cut] = ['', '', false]
    const stop = (): void => {
      cut = true
      child.kill('SIGKILL')
    }
    const timer = setTimeout(stop, timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.length > maxChars) stop()
    })
    child.stderr.setEncoding('utf8').on('data', (more: string) => void (complaint += complaint.length < 1000 ? more : ''))
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (status) => {
      clearTimeout(timer)
      if (!cut && status !== 0) reject(new Error(`Git cannot read it: ${complaint.trim().split('\n')[0] ?? ''}`))
      else resolve({ text, whole: !cut && text.split('\0commit ').length - 1 <= maxCommits })
    })
  })
}
