/** Work on one text that may take long. */
export interface Patience {
  /** Monotonic time. */
  nowMs(): number
  /** Time spent looking after which nobody waits any longer: the text is refused. */
  maxWorkMs: number
}

/** Adds up the time that was spent working, rests left out. */
export class Stopwatch {
  readonly #patience: Patience
  #spentMs = 0

  constructor(patience: Patience) {
    this.#patience = patience
  }

  time<T>(work: () => T): T {
    const startMs = this.#patience.nowMs()
    const result = work()
    this.#spentMs += this.#patience.nowMs() - startMs
    return result
  }

  get isUp(): boolean {
    return this.#spentMs > this.#patience.maxWorkMs
  }
}
