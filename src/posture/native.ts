import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf } from '../base/index.ts'
import { openclawEnvironment } from '../openclaw/index.ts'
import { copyInstallation } from './native-copy.ts'
import { nativeJudges, readNative, type NativeFinding, type NativeJudge } from './native-output.ts'

/** What one of OpenClaw's own judges said, or why it said nothing. */
export interface NativeAnswer {
  judge: NativeJudge
  findings: readonly NativeFinding[]
  /** `null` when it answered. */
  unknown: string | null
  tookMs: number
}

export interface NativeRequest {
  /** `openclaw.mjs` of the installation. */
  entry: string
  config: string
  stateDir: string | null
  /** Whoever owns the installation, when root asks: a plugin the judges load must not run as root. */
  user: { uid: number; gid: number } | null
  timeoutMs: number
  signal: AbortSignal
  /** A folder of compiled code only we can write to; without one, each run compiles OpenClaw anew. */
  compileCache: string | null
}

/** Runs OpenClaw to its end, its whole process group killed at the deadline. */
export type RunNative = (args: readonly string[], options: { env: Readonly<Record<string, string>>; cwd: string } & Pick<NativeRequest, 'user' | 'timeoutMs' | 'signal'>) => Promise<{ status: number | string; out: string; err: string }>

const argumentsOf: Readonly<Record<NativeJudge, readonly string[]>> = {
  'security audit': ['security', 'audit', '--json'],
  'secrets audit': ['secrets', 'audit', '--check', '--json'],
  doctor: ['doctor', '--lint', '--json'],
}

/**
 * Asks OpenClaw's three judges about a copy of the installation, all at once. They open their database to write and
 * make folders; the copy, their home and their temporary files are one private folder that is gone afterwards.
 * Never throws: whoever does not answer is unknown. `told` hears each answer as it comes.
 */
export async function askNative(request: NativeRequest, run: RunNative, told: (answer: NativeAnswer) => void = () => undefined): Promise<NativeAnswer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hardshell-native-'))
  try {
    const copied = await copyInstallation(request, folder)
    const env = await environmentIn(folder, copied, request)
    const back = (text: string): string => text.replaceAll(copied.config, request.config).replaceAll(copied.stateDir, request.stateDir ?? copied.stateDir)
    return await Promise.all(
      nativeJudges.map(async (judge) => {
        const answer = await askOne(judge, request, async (args) => {
          const { status, out, err } = await run(args, { env, cwd: folder, user: request.user, timeoutMs: request.timeoutMs, signal: request.signal })
          return { status, out: back(out), err }
        })
        told(answer)
        return answer
      }),
    )
  } catch (error) {
    const answers = nativeJudges.map((judge) => ({ judge, findings: [], unknown: `the installation could not be copied for it: ${messageOf(error)}`, tookMs: 0 }))
    for (const answer of answers) told(answer)
    return answers
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function askOne(judge: NativeJudge, { entry, timeoutMs, signal }: NativeRequest, run: (args: readonly string[]) => ReturnType<RunNative>): Promise<NativeAnswer> {
  const started = performance.now()
  const answer = (rest: Pick<NativeAnswer, 'findings' | 'unknown'>): NativeAnswer => ({ judge, ...rest, tookMs: Math.round(performance.now() - started) })
  try {
    // Their exit status tells of findings; whether there is a verdict is told by the document.
    const { status, out, err } = await unlessStray(run([entry, ...argumentsOf[judge]]), timeoutMs, signal)
    if (signal.aborted) return answer({ findings: [], unknown: 'interrupted' })
    if (status === 'SIGKILL') return answer({ findings: [], unknown: `no answer within ${Math.round(timeoutMs / 1000)} s` })
    try {
      return answer({ findings: readNative(judge, out), unknown: null })
    } catch (error) {
      return answer({ findings: [], unknown: `${messageOf(error)} (ended with ${status})${lastLine(err)}` })
    }
  } catch (error) {
    return answer({ findings: [], unknown: messageOf(error) })
  }
}

// A killed group is gone within milliseconds; a loaded machine gets two seconds.
const graceMs = 2000

/** Whoever has escaped the process group still holds the output: the answer does not wait for them. */
async function unlessStray(running: ReturnType<RunNative>, timeoutMs: number, signal: AbortSignal): ReturnType<RunNative> {
  const { promise: late, resolve } = Promise.withResolvers<Awaited<ReturnType<RunNative>>>()
  const give = (): void => resolve({ status: 'SIGKILL', out: '', err: '' })
  let timer = setTimeout(give, timeoutMs + graceMs)
  const hurry = (): void => {
    clearTimeout(timer)
    timer = setTimeout(give, graceMs)
  }
  signal.addEventListener('abort', hurry, { once: true })
  if (signal.aborted) hurry()
  try {
    return await Promise.race([running, late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', hurry)
  }
}

// tcpmux (RFC 1078), which nobody runs and only root could: whatever is sent there is refused at once.
const nowhere = 'http://127.0.0.1:1'

/** Nothing of ours goes in: an environment may hold keys, and a wrong one may point OpenClaw at another installation. */
async function environmentIn(folder: string, { config, stateDir }: { config: string; stateDir: string }, { user, compileCache }: Pick<NativeRequest, 'user' | 'compileCache'>): Promise<Record<string, string>> {
  const temporary = join(folder, 'tmp')
  await mkdir(temporary, { mode: 0o700 })
  if (user !== null) for (const path of [folder, join(folder, 'home'), temporary, dirname(config), stateDir]) await chown(path, user.uid, user.gid)
  // The cache of whoever asks is not for others.
  const own = user === null && compileCache !== null ? compileCache : join(temporary, 'compile-cache')
  return {
    ...openclawEnvironment({ home: join(folder, 'home'), configFile: config, stateDirectory: stateDir, compileCache: own }),
    TMPDIR: temporary,
    // Asked about a model whose plugin is missing, it tries to fetch that from its registry. Nobody asked for the network.
    OPENCLAW_OFFLINE: '1',
    npm_config_offline: 'true',
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    // And a third time, as the leader of a process group of its own, which outlives the killing of ours.
    OPENCLAW_NO_RESPAWN: '1',
  }
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? ''
  return line === '' ? '' : `: ${line.slice(0, 200)}`
}
