import { once } from 'node:events'
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { HardshellError, type Clock } from '../base/index.ts'
import { killGroup, launch, type Launch } from './launch.ts'
import { portBelongsTo } from './port-owner.ts'

/** The gateway as a child: kept running, stopped in order, never left behind. */
export interface GatewayProcess {
  /** Starts it and resolves when `/readyz` says so. @throws HardshellError `openclaw.start-failed` */
  start(): Promise<void>
  stop(): Promise<void>
  state(): 'starting' | 'ready' | 'stopped' | 'restarting'
  pid(): number | null
  restarts(): number
}

export interface GatewayProcessOptions {
  task: Omit<Launch, 'stdio'>
  port: number
  /** What it prints goes here, with its own user's rights taken from the folder. */
  outputFile: string
  /** Its start takes 12–17 s, 28–45 s with repairs or under load (openclaw.md trap 25). */
  readyTimeoutMs: number
}

export interface GatewayProcessPorts {
  clock: Clock
  /** Told when it ended without being asked to, and when it is ready again. */
  onDown(reason: string): void
  onReady(): void
}

// First try at once-ish, then doubling; a gateway that cannot start is tried once a minute.
const firstBackOffMs = 1000
const maxBackOffMs = 60_000
// One that dies soon after it was ready is not well: the waits grow on until it lived a minute.
const calmMs = 60_000
// It stops in 2–3 s; with a stuck plugin it would take minutes (openclaw.md trap 9).
const stopTimeoutMs = 15_000

export function createGatewayProcess(options: GatewayProcessOptions, ports: GatewayProcessPorts): GatewayProcess {
  let child: ChildProcess | null = null
  let state: ReturnType<GatewayProcess['state']> = 'stopped'
  let restarts = 0
  let backOffMs = firstBackOffMs
  let wanted = false
  let retry: NodeJS.Timeout | undefined
  let calm: NodeJS.Timeout | undefined

  const run = async (): Promise<void> => {
    startAnewWhenLong(options.outputFile)
    const output = openSync(options.outputFile, 'a', 0o600)
    const started = launch({ ...options.task, stdio: ['ignore', output, output] })
    closeSync(output)
    child = started
    started.once('exit', (status, signal) => onExit(started, status ?? signal))
    started.once('error', () => onExit(started, 'it could not be run'))
    await ready(options, () => (child === started ? started.pid! : null))
    state = 'ready'
    clearTimeout(calm)
    calm = setTimeout(() => (backOffMs = firstBackOffMs), calmMs)
    calm.unref()
    ports.onReady()
  }

  const onExit = (who: ChildProcess, how: number | string | null): void => {
    if (child !== who) return
    child = null
    clearTimeout(calm)
    if (!wanted) return
    state = 'restarting'
    ports.onDown(`the gateway ended (${how})`)
    retry = setTimeout(() => {
      restarts++
      run().catch(() => child && killGroup(child, 'SIGKILL'))
    }, backOffMs)
    backOffMs = Math.min(backOffMs * 2, maxBackOffMs)
  }

  return {
    async start() {
      wanted = true
      state = 'starting'
      await run()
    },
    async stop() {
      wanted = false
      clearTimeout(retry)
      state = 'stopped'
      const leaving = child
      if (!leaving || leaving.exitCode !== null || leaving.signalCode !== null) return
      const gone = once(leaving, 'exit')
      killGroup(leaving, 'SIGTERM')
      const timer = setTimeout(() => killGroup(leaving, 'SIGKILL'), stopTimeoutMs)
      await gone
      clearTimeout(timer)
      killGroup(leaving, 'SIGKILL') // its own helpers, if it died before them
    },
    state: () => state,
    pid: () => child?.pid ?? null,
    restarts: () => restarts,
  }
}

async function ready(options: GatewayProcessOptions, pidOf: () => number | null): Promise<void> {
  const deadline = performance.now() + options.readyTimeoutMs
  while (performance.now() < deadline) {
    const pid = pidOf()
    if (pid === null) throw startFailed(options, 'ended while it started')
    if (await isReady(options.port)) {
      if (portBelongsTo(options.port, pid) !== false) return
      throw startFailed(options, `is not the one that answers on port ${options.port}: another program took it`)
    }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw startFailed(options, `was not ready after ${options.readyTimeoutMs / 1000} s`)
}

// What the gateway prints is for looking into a failed start; one file of some megabytes and its predecessor do.
const maxOutputBytes = 8 * 1024 * 1024

function startAnewWhenLong(file: string): void {
  if (existsSync(file) && statSync(file).size > maxOutputBytes) renameSync(file, `${file}.1`)
}

async function isReady(port: number): Promise<boolean> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })
    return reply.ok && ((await reply.json()) as { ready?: boolean }).ready === true
  } catch {
    return false
  }
}

function startFailed(options: GatewayProcessOptions, what: string): HardshellError {
  return new HardshellError('openclaw.start-failed', `the OpenClaw gateway ${what}`, { hint: `read ${options.outputFile}` })
}
