import { chmod, chown, copyFile, lstat, mkdir, readdir } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

/** What of an installation is copied, so that OpenClaw's own programs, which open their database to write, never touch it. */
export interface Copied {
  config: string
  stateDir: string
  /** Paths below the state folder that were left out, for their size or kind. */
  leftOut: readonly string[]
}

// An installation without its transcripts is a few megabytes; copying more than this would take longer than judging.
const maxBytes = 64 * 1024 * 1024
const maxFiles = 4000
// What the judges do not read: transcripts, media, logs and what programs installed for themselves.
const passedOver = /(^|\/)(node_modules|media|logs|backups|\.cache|\.git)$|\.(jsonl|log|sock)$/

/**
 * Copies configuration and state with their modes and owners into a folder that is there already.
 * @throws the operating system's error when something that has to be copied cannot be read
 */
export async function copyInstallation({ config, stateDir }: { config: string; stateDir: string | null }, into: string): Promise<Copied> {
  const target = join(into, 'home', '.openclaw')
  await mkdir(dirname(target), { mode: 0o700 })
  const leftOut: string[] = []
  if (stateDir === null) await mkdir(target, { mode: 0o700 })
  else await copyFolder(stateDir, target, { root: stateDir, leftOut, bytes: 0, files: 0 })
  const inState = stateDir !== null && !relative(stateDir, config).startsWith('..')
  const copiedConfig = inState ? join(target, relative(stateDir, config)) : join(into, 'home', 'config', basename(config))
  if (!inState) {
    await mkdir(dirname(copiedConfig), { mode: 0o700 })
    await copyFile(config, copiedConfig)
    await keepOwnership(config, copiedConfig)
  }
  return { config: copiedConfig, stateDir: target, leftOut }
}

interface Sum {
  root: string
  leftOut: string[]
  bytes: number
  files: number
}

async function copyFolder(from: string, to: string, sum: Sum): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  for (const name of (await readdir(from)).sort()) {
    const [source, target] = [join(from, name), join(to, name)]
    const status = await lstat(source)
    const within = ++sum.files <= maxFiles && sum.bytes + status.size <= maxBytes
    // A link would lead the judges' writes back to where they must not go.
    if (!within || passedOver.test(source) || !(status.isFile() || status.isDirectory())) {
      sum.leftOut.push(relative(sum.root, source))
    } else if (status.isDirectory()) {
      await copyFolder(source, target, sum)
    } else {
      sum.bytes += status.size
      await copyFile(source, target)
      await keepOwnership(source, target)
    }
  }
  await keepOwnership(from, to)
}

async function keepOwnership(from: string, to: string): Promise<void> {
  const { mode, uid, gid } = await lstat(from)
  if (process.getuid?.() === 0) await chown(to, uid, gid)
  await chmod(to, mode & 0o7777)
}
