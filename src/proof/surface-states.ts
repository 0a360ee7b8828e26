import type { Clock } from '../base/index.ts'
import type { Proof, Surface } from './surface.ts'

/** What is known of one surface. */
export interface SurfaceProof {
  id: string
  title: string
  ok: boolean
  /** Wall time of the last proof that held, or `null`. */
  provenAt: number | null
  detail: string
}

interface State extends SurfaceProof {
  /** Monotonic time of that proof: freshness is measured here. */
  provenMs: number | null
  /** Its being red was told. */
  told: boolean
}

/** What is known of all surfaces, and how old it is. */
export class SurfaceStates {
  readonly #states: Map<string, State>
  readonly #surfaces: readonly Surface[]
  readonly #freshMs: number
  readonly #clock: Clock
  #world = 0

  constructor(surfaces: readonly Surface[], freshMs: number, clock: Clock) {
    const blank = { ok: false, provenAt: null, provenMs: null, detail: 'not proven yet', told: false }
    this.#states = new Map(surfaces.map(({ id, title }) => [id, { ...blank, id, title }]))
    this.#surfaces = surfaces
    this.#freshMs = freshMs
    this.#clock = clock
  }

  /** Which world a proof begins in; a green of a world that is gone is no green. */
  get world(): number {
    return this.#world
  }

  /** What a proof that just ended means, and whether the surface turned red by it. Red counts at once. */
  judge(id: string, proof: Proof): { next: SurfaceProof; turnedRed: boolean } {
    const state = this.#states.get(id)!
    if (proof.ok) return { next: { ...plain(state), ok: true, detail: proof.detail, provenAt: this.#clock.now() }, turnedRed: false }
    this.#states.set(id, { ...state, ok: false, detail: proof.detail, provenMs: null, told: true })
    return { next: plain(this.#states.get(id)!), turnedRed: !state.told }
  }

  /** A proof that held is on record: the surface is green, if the world is still the one it was proven in. */
  accept(next: SurfaceProof, world: number): void {
    if (!next.ok || world !== this.#world) return
    this.#states.set(next.id, { ...next, provenMs: this.#clock.monotonicMs(), told: false })
  }

  /** It is not proven, for a reason outside the proof itself. */
  reject(id: string, why: string): void {
    this.#states.set(id, { ...this.#states.get(id)!, ok: false, provenMs: null, detail: why })
  }

  /** Nothing is proven any more. */
  forget(why: string): void {
    this.#world++
    for (const id of this.#states.keys()) this.reject(id, why)
  }

  /** Why not everything is proven and fresh, or `null`. */
  unproven(): string | null {
    const now = this.#clock.monotonicMs()
    for (const state of this.#there()) {
      if (!state.ok) return `${state.id}: ${state.detail}`
      if (this.#isStale(state, now)) return `${state.id}: its proof is stale`
    }
    return this.#states.size === 0 ? 'no surface exists' : null
  }

  list(): SurfaceProof[] {
    const now = this.#clock.monotonicMs()
    return this.#there().map((state) => this.#shown(state, now))
  }

  /** Surfaces whose proof grew old without failing, each handed out once. */
  takeStale(): SurfaceProof[] {
    const now = this.#clock.monotonicMs()
    const stale = this.#there().filter((state) => state.ok && !state.told && this.#isStale(state, now))
    for (const state of stale) this.#states.set(state.id, { ...state, told: true })
    return stale.map((state) => this.#shown(state, now))
  }

  #there(): State[] {
    return this.#surfaces.filter(isThere).map(({ id }) => this.#states.get(id)!)
  }

  #isStale({ provenMs }: State, nowMs: number): boolean {
    return provenMs === null || nowMs - provenMs > this.#freshMs
  }

  #shown(state: State, nowMs: number): SurfaceProof {
    const stale = state.ok && this.#isStale(state, nowMs)
    return stale ? { ...plain(state), ok: false, detail: `stale: ${state.detail}` } : plain(state)
  }
}

/** Is there anything to prove? */
export function isThere(surface: Surface): boolean {
  return surface.applies?.() ?? true
}

function plain({ id, title, ok, provenAt, detail }: State): SurfaceProof {
  return { id, title, provenAt, ok, detail }
}
