import type { Member } from '../http1/members.ts'
import type { Deadlined, Sweep } from '../http1/sweep.ts'

/**
 * What is being waited for on behalf of one connection: its head, its upstream, its first bytes, its next ones. One at
 * a time, and one place in the sweep for all of them.
 */
export class Patience implements Deadlined {
  before: Member | null = null
  after: Member | null = null
  deadlineAt = Infinity

  readonly #sweep: Sweep
  #onExpired: () => void = nobody

  constructor(sweep: Sweep) {
    this.#sweep = sweep
    sweep.add(this) // first: a sweep without members does not know the time
  }

  /** Something is awaited from now on, instead of what was before. */
  wait(timeoutMs: number, onExpired: () => void): void {
    this.#onExpired = onExpired
    this.renew(timeoutMs)
  }

  /** The same is awaited, from now on anew. */
  renew(timeoutMs: number): void {
    this.deadlineAt = this.#sweep.after(timeoutMs)
  }

  /** It came. */
  rest(): void {
    this.deadlineAt = Infinity
    this.#onExpired = nobody
  }

  expire(): void {
    const told = this.#onExpired
    this.rest()
    told()
  }

  /** Nothing will be awaited any more. Idempotent. */
  end(): void {
    this.#sweep.delete(this)
  }
}

function nobody(): void {
  // Nothing is awaited.
}
