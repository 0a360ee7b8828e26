import type { Clock } from '../../base/index.ts'
import { Members, type Member } from './members.ts'

/** Something that may take only so long. */
export interface Deadlined extends Member {
  /** Time of the sweep's clock; `Infinity`: nothing is awaited. */
  readonly deadlineAt: number
  /** The deadline has passed. Must move it, or leave the sweep. */
  expire(): void
}

// Nobody needs a time-out of seconds to the millisecond; with shorter ones it looks four times as often as they take.
const everyMsAtMost = 1_000
const everyMsAtLeast = 5

/** One timer for all deadlines of a server or a pool: one for each request would cost more than reading its head. */
export class Sweep {
  readonly #clock: Clock
  readonly #members = new Members<Deadlined>()
  #timer: NodeJS.Timeout | undefined
  #everyMs = everyMsAtMost
  #nowMs = 0
  #spared = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(member: Deadlined): void {
    this.#members.add(member)
    if (this.#timer === undefined) this.#start()
  }

  delete(member: Deadlined): void {
    this.#members.delete(member)
    if (this.#members.size === 0) this.#stop()
  }

  /** The deadline of what begins now, for members: never early, two looks late at most. */
  after(timeoutMs: number): number {
    if (timeoutMs < 4 * this.#everyMs) this.#lookMoreOften(timeoutMs)
    return this.#nowMs + timeoutMs + this.#everyMs
  }

  #lookMoreOften(timeoutMs: number): void {
    const everyMs = Math.max(everyMsAtLeast, Math.ceil(timeoutMs / 4))
    if (everyMs >= this.#everyMs) return
    this.#nowMs = this.#clock.monotonicMs()
    this.#everyMs = everyMs
    if (this.#timer === undefined) return
    this.#stop()
    this.#start()
  }

  #start(): void {
    this.#nowMs = this.#clock.monotonicMs()
    this.#timer = setInterval(() => this.#look(), this.#everyMs)
    this.#timer.unref()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const beforeMs = this.#nowMs
    this.#nowMs = this.#clock.monotonicMs()
    // We were held up, not they: what arrived meanwhile has not been read yet. Once; the next look decides.
    this.#spared = !this.#spared && this.#nowMs - beforeMs > 2 * this.#everyMs
    if (this.#spared) return
    for (const member of this.#members.filter(({ deadlineAt }) => deadlineAt <= this.#nowMs)) {
      // One that expires may move another's deadline, or take it along.
      if (this.#members.has(member) && member.deadlineAt <= this.#nowMs) member.expire()
    }
  }
}
