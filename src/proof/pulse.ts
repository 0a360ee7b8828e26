import { messageOf, nonce, type Clock } from '../base/index.ts'
import { isThere, SurfaceStates, type SurfaceProof } from './surface-states.ts'
import { broken, type Proof, type Surface } from './surface.ts'

/** The heartbeat of proofs. */
export interface Pulse {
  /** Proves every surface once, one after the other. Joins a run that is already under way. */
  prove(): Promise<readonly SurfaceProof[]>
  states(): readonly SurfaceProof[]
  /** Why the agents' paths are closed, or `null` when every surface has a fresh proof. Cheap: asked per request. */
  unproven(): string | null
  /** Nonces of proofs in flight. */
  runningNonces(): readonly string[]
  /** Forgets every proof: the gateway, its version or its configuration changed. */
  forget(why: string): void
  start(): void
  stop(): void
}

export interface PulseOptions {
  everyMs: number
  /** One surface's proof may take this long, then it failed. A real agent turn on a loaded machine takes seconds. */
  surfaceTimeoutMs: number
}

export interface PulsePorts {
  clock: Clock
  /** Told of every proof, and of every surface that turned red. Awaited: no proof counts before it is logged. */
  record(surface: SurfaceProof, nonce: string, turnedRed: boolean): Promise<void>
}

// Who waits for a proof gets an answer, though a plugin that is loaded again and again changes the world every second.
const maxRounds = 3
// How soon a red surface is tried again.
const retryMs = 15_000
// Staleness closes the paths by itself, at the moment it begins; this is only how late its alert may be.
const watchStaleMs = 5000

export function createPulse(surfaces: readonly Surface[], options: PulseOptions, { clock, record }: PulsePorts): Pulse {
  // Two missed beats and the time one takes: one slow run is not an alarm, a dead one is.
  const states = new SurfaceStates(surfaces, options.everyMs * 2 + options.surfaceTimeoutMs, clock)
  const nonces = new Set<string>()
  let running: Promise<readonly SurfaceProof[]> | null = null
  let timers: NodeJS.Timeout[] = []
  let lastRunMs = Number.NEGATIVE_INFINITY

  const proveOne = async (surface: Surface): Promise<void> => {
    const [id, world] = [nonce(), states.world]
    nonces.add(id)
    const proof = await withDeadline(surface, id, options.surfaceTimeoutMs)
    nonces.delete(id)
    const { next, turnedRed } = states.judge(surface.id, proof)
    try {
      await record(next, id, turnedRed)
      states.accept(next, world)
    } catch (error) {
      states.reject(surface.id, `proof not on record: ${messageOf(error)}`)
    }
  }

  const proveAll = async (): Promise<readonly SurfaceProof[]> => {
    lastRunMs = clock.monotonicMs()
    for (let round = 0; round < maxRounds; round++) {
      const { world } = states
      for (const surface of surfaces.filter(isThere)) await proveOne(surface)
      if (world === states.world) return states.list()
    }
    states.forget(`the world changed ${maxRounds} times while it was proven`)
    return states.list()
  }

  // What is red is proven again soon: whoever mended it should not wait for the next beat.
  const beat = (): void => {
    if (states.unproven() !== null || clock.monotonicMs() - lastRunMs >= options.everyMs) void pulse.prove()
  }

  const tellStale = async (): Promise<void> => {
    // The paths are closed with or without the line.
    for (const surface of states.takeStale()) await record(surface, '', true).catch(() => undefined)
  }

  const pulse: Pulse = {
    prove() {
      running ??= Promise.resolve()
        .then(proveAll)
        .finally(() => (running = null))
      return running
    },
    states: () => states.list(),
    unproven: () => states.unproven(),
    runningNonces: () => [...nonces],
    forget: (why) => states.forget(why),
    start() {
      if (timers.length > 0) return
      timers = [setInterval(beat, Math.min(options.everyMs, retryMs)), setInterval(() => void tellStale(), Math.min(options.everyMs, watchStaleMs))]
    },
    stop() {
      for (const timer of timers.splice(0)) clearInterval(timer)
    },
  }
  return pulse
}

async function withDeadline(surface: Surface, id: string, timeoutMs: number): Promise<Proof> {
  const abort = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Proof>((resolve) => {
    timer = setTimeout(() => {
      abort.abort()
      resolve(broken(`no result within ${timeoutMs} ms`))
    }, timeoutMs)
  })
  try {
    return await Promise.race([surface.prove(id, abort.signal).catch((error: unknown) => broken(messageOf(error))), late])
  } finally {
    clearTimeout(timer)
  }
}
