import { messageOf, nonce, type Clock } from '../base/index.ts'
import { broken, type Proof, type Surface } from './surface.ts'

/** What is known of one surface. */
export interface SurfaceProof {
  id: string
  title: string
  ok: boolean
  /** Wall time of the last proof that held, or `null`. */
  provenAt: number | null
  detail: string
}

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

// Staleness closes the paths by itself, at the moment it begins; this is only how late its alert may be.
const watchStaleMs = 5000

export function createPulse(surfaces: readonly Surface[], options: PulseOptions, { clock, record }: PulsePorts): Pulse {
  const states = new Map<string, SurfaceProof & { provenMs: number | null; wasRed: boolean }>(
    surfaces.map(({ id, title }) => [id, { id, title, ok: false, provenAt: null, provenMs: null, detail: 'not proven yet', wasRed: false }]),
  )
  const nonces = new Set<string>()
  // Two missed beats and the time one takes: one slow run is not an alarm, a dead one is.
  const freshMs = options.everyMs * 2 + options.surfaceTimeoutMs
  let running: Promise<readonly SurfaceProof[]> | null = null
  let again = false
  let timer: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined

  const proveOne = async (surface: Surface): Promise<void> => {
    const id = nonce()
    nonces.add(id)
    const proof = await withDeadline(surface, id, options.surfaceTimeoutMs)
    nonces.delete(id)
    const state = states.get(surface.id)!
    const turnedRed = !proof.ok && !state.wasRed
    const next = proof.ok
      ? { ...state, ok: true, detail: proof.detail, provenAt: clock.now(), provenMs: clock.monotonicMs(), wasRed: false }
      : { ...state, ok: false, detail: proof.detail, provenMs: null, wasRed: true }
    if (!proof.ok) states.set(surface.id, next) // red counts at once, green only when it is on record
    try {
      await record(next, id, turnedRed)
      states.set(surface.id, next)
    } catch (error) {
      states.set(surface.id, { ...next, ok: false, provenMs: null, detail: `proof not on record: ${messageOf(error)}` })
    }
  }

  const proveAll = async (): Promise<readonly SurfaceProof[]> => {
    do {
      again = false
      for (const surface of surfaces) await proveOne(surface)
    } while (again)
    return pulse.states()
  }

  // A proof that grows old without failing (the run hangs, the machine slept) is told like one that failed.
  const tellStale = async (): Promise<void> => {
    const now = clock.monotonicMs()
    for (const [id, state] of states) {
      const seen = shown(state, now, freshMs)
      if (!state.ok || seen.ok || state.wasRed) continue
      states.set(id, { ...state, wasRed: true })
      await record(seen, '', true).catch(() => undefined) // the paths are closed with or without the line
    }
  }

  const pulse: Pulse = {
    prove() {
      running ??= Promise.resolve()
        .then(proveAll)
        .finally(() => (running = null))
      return running
    },
    states: () => [...states.values()].map((state) => shown(state, clock.monotonicMs(), freshMs)),
    unproven() {
      const now = clock.monotonicMs()
      for (const state of states.values()) {
        if (!state.ok) return `${state.id}: ${state.detail}`
        if (state.provenMs === null || now - state.provenMs > freshMs) return `${state.id}: its proof is stale`
      }
      return states.size === 0 ? 'no surface exists' : null
    },
    runningNonces: () => [...nonces],
    forget(why) {
      for (const [id, state] of states) states.set(id, { ...state, ok: false, provenMs: null, detail: why })
      if (running) again = true // what was proven so far in this run was proven of the old world
    },
    start() {
      timer ??= setInterval(() => void pulse.prove(), options.everyMs)
      watch ??= setInterval(() => void tellStale(), Math.min(options.everyMs, watchStaleMs))
    },
    stop() {
      clearInterval(timer)
      clearInterval(watch)
      timer = watch = undefined
    },
  }
  return pulse
}

function shown(state: SurfaceProof & { provenMs: number | null }, nowMs: number, freshMs: number): SurfaceProof {
  const stale = state.provenMs !== null && nowMs - state.provenMs > freshMs
  const { id, title, provenAt } = state
  return { id, title, provenAt, ok: state.ok && !stale, detail: stale ? `stale: ${state.detail}` : state.detail }
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
