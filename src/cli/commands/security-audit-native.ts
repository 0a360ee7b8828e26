import { existsSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HardshellError, messageOf, parseDuration } from '../../base/index.ts'
import { runAndCollect } from '../../guard/launch.ts'
import { locateOpenClaw, type OpenClaw } from '../../openclaw/index.ts'
import { askNative, findInstalled, nativeJudges, type NativeAnswer, type Subject } from '../../posture/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'
import type { AuditOptions } from './security-audit.ts'

/** OpenClaw's own judges at work. */
export interface Asked {
  /** How many of them; none when they were not asked. */
  judges: number
  /** Hears every answer, those that are there already included; ends after the last. */
  each(hear: (answer: NativeAnswer) => void): Promise<void>
}

interface Asking {
  options: AuditOptions
  signal: AbortSignal
  terminal: Terminal
}

const nobody: Asked = { judges: 0, each: async () => undefined }

/** Has OpenClaw's own judges begin, beside ours. They are asked about this machine only, and not where files are only given. */
export async function askOpenClaw(subject: Subject, { options, signal, terminal }: Asking): Promise<Asked> {
  const { config, stateDir } = subject
  // A name that leads nowhere is a mistake of whoever typed it, whether or not it would be asked this time.
  const named = typeof options['openclaw'] === 'string' ? locateOpenClaw({ explicit: resolve(terminal.cwd, options['openclaw']), folders: [] }) : null
  // Whoever asks one question wants no three verdicts on everything.
  const narrowed = options['area'] !== undefined || options['only'] !== undefined
  if (options['native'] === false || narrowed || config === null || !subject.files.live) return nobody
  const timeoutMs = timeoutOf(options)
  try {
    const { entry } = named ?? (await theirOpenClaw(subject, options, terminal))
    const user = await ownerOf(subject)
    const run = async (args: readonly string[], task: { env: Readonly<Record<string, string>>; cwd: string; user: typeof user; timeoutMs: number; signal: AbortSignal }) =>
      await runAndCollect({ program: process.execPath, args, env: task.env, cwd: task.cwd, user: task.user }, task)
    const told = spokenList()
    void askNative({ entry, config, stateDir, user, timeoutMs, signal, compileCache: getCompileCacheDir() ?? null }, run, told.say).finally(told.end)
    return { judges: nativeJudges.length, each: told.each }
  } catch (error) {
    const silent = nativeJudges.map((judge): NativeAnswer => ({ judge, findings: [], unknown: messageOf(error), tookMs: 0 }))
    return { judges: silent.length, each: async (hear) => silent.forEach((answer) => hear(answer)) }
  }
}

/** What is said before somebody listens is kept for them. */
function spokenList(): { say(answer: NativeAnswer): void; end(): void; each: Asked['each'] } {
  const kept: NativeAnswer[] = []
  let hear = (answer: NativeAnswer): void => void kept.push(answer)
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    say: (answer) => hear(answer),
    end: resolve,
    each: async (listener) => {
      for (const answer of kept) listener(answer)
      hear = listener
      await promise
    },
  }
}

/** The one the operator runs comes first, then one that lies where package managers put it; a release of ours brings none. @throws HardshellError `openclaw.not-found` */
async function theirOpenClaw({ files }: Subject, options: AuditOptions, terminal: Terminal): Promise<OpenClaw> {
  // A relative entry would be a program of whatever folder somebody stands in.
  const path = (terminal.env['PATH'] ?? '').split(':').filter(isAbsolute)
  const runtime = pathsFor({ state: typeof options['state'] === 'string' ? options['state'] : undefined }, terminal).runtime
  const [installed] = await findInstalled(files)
  const places = [
    ...(path.some((folder) => existsSync(join(folder, 'openclaw'))) ? [{ folders: [], path: path.join(':') }] : []),
    { folders: [runtime, dirname(fileURLToPath(import.meta.url))] },
    ...(installed === undefined ? [] : [{ explicit: installed.path, folders: [] }]),
  ]
  for (const place of places.slice(0, -1)) {
    try {
      return locateOpenClaw(place)
    } catch {
      // the next place; what is wrong with the last one is told
    }
  }
  return locateOpenClaw(places.at(-1)!)
}

/** A plugin the judges load runs as whoever owns the installation, never as root on behalf of somebody else. */
async function ownerOf({ files, config }: Subject): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null
  const status = await files.status(config!)
  return status === null || status.uid === 0 ? null : { uid: status.uid, gid: status.gid }
}

// Three programs that load OpenClaw whole at once: 2 to 9 s each on an idle machine of two cores, more on a small one.
const defaultTimeoutMs = 60_000

function timeoutOf({ nativeTimeout }: AuditOptions): number {
  if (nativeTimeout === undefined) return defaultTimeoutMs
  const ms = parseDuration(String(nativeTimeout))
  if (ms === null || ms <= 0) throw new HardshellError('cli.usage', `--native-timeout ${String(nativeTimeout)} is not a duration`, { hint: 'write 60s or 5m' })
  return ms
}
