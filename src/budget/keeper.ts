import type { BudgetRefusal, Reservation, Settled } from './claim.ts'
import { recoverDead } from './recover.ts'
import { reserveWithWrite, type Asking } from './reserve.ts'
import { end } from './settle.ts'
import { touch, type Call, type World } from './world.ts'
import { write } from './write.ts'

// A killed guard's unwritten spending is charged as its whole free lease: the sooner a write, the smaller the leases. But
// it blocks, on a busy disk for as long as the file system commits its journal, and every stream with it.
const writeAfterMs = 15
// On a slow disk at most a fortieth of the time goes into writing.
const restPerWrite = 40
const quietAfterMs = 250
const retryAfterMs = 250
// No provider keeps a connection open for six hours; what is older was forgotten by its caller.
const maxOpenMs = 6 * 3_600_000
const lookForDeadEveryMs = 1_000

interface Waiting {
  asking: Asking
  resolve(answer: Reservation | BudgetRefusal): void
  reject(error: unknown): void
}

interface HowToFlush {
  /** Also calls a moment old. */
  everyCall?: boolean
  /** Also accounts that nobody uses, to give their leases back. */
  resting?: boolean
}

/** Decides when the books are written: soon after a change, at once where somebody waits, again after a failure. */
export class Keeper {
  readonly #world: World
  readonly #waiting = new Map<string, Waiting>()
  readonly #cancel: { write?: () => void; quiet?: () => void } = {}
  #lastWriteMs = 0
  #lookedForDeadAt = -Infinity

  constructor(world: World) {
    this.#world = world
  }

  /** Something changed: it is written within some milliseconds. */
  wake(): void {
    if (this.#world.closed) this.flushOrRetry()
    // After a failure the next try is under way already.
    else if (!this.#world.failing) this.#writeLater(Math.max(writeAfterMs, restPerWrite * this.#lastWriteMs), true)
  }

  /** Puts a claim into the next write. */
  async ask(asking: Asking): Promise<Reservation | BudgetRefusal> {
    return await new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#world.schedule.soon(() => this.#answerAll())
      this.#waiting.set(asking.claim.id, { asking, resolve, reject })
    })
  }

  isWaiting(id: string): boolean {
    return this.#waiting.has(id)
  }

  /** Writes now what is unwritten. @throws HardshellError `budget.store-failed` */
  flush(how: HowToFlush = {}): void {
    const { clock } = this.#world
    const started = clock.monotonicMs()
    try {
      write(this.#world, () => {}, how)
    } catch (error) {
      this.#writeLater(retryAfterMs, false)
      throw error
    }
    this.#lastWriteMs = clock.monotonicMs() - started
    this.#restLater()
  }

  /** Writes now; a failure is made good by a later write, and until then nothing is granted from memory. */
  flushOrRetry(how: HowToFlush = {}): void {
    try {
      this.flush(how)
    } catch {
      // `failing` is set: whoever reserves meets the error
    }
  }

  /**
   * Answers who still waits, writes, gives every lease back, and stops writing by itself. What a full disk keeps from
   * being written is charged from the leases at the next start.
   */
  close(): void {
    const world = this.#world
    world.closed = true
    this.#cancel.write?.()
    this.#cancel.quiet?.()
    if (this.#waiting.size > 0) this.#answerAll()
    for (const account of world.accounts.values()) touch(world, account)
    this.flushOrRetry()
  }

  #writeLater(ms: number, keepsRunning: boolean): void {
    const world = this.#world
    if (this.#cancel.write || world.closed || !world.ledger.isOpen()) return
    this.#cancel.write = world.schedule.after(ms, keepsRunning, () => {
      delete this.#cancel.write
      const calls = giveUpForgotten(world)
      if (calls.length > 0) world.onRecovered({ calls, writtenOff: [] })
      this.flushOrRetry()
    })
  }

  #restLater(): void {
    const world = this.#world
    if (this.#cancel.quiet || world.resting.size === 0 || world.closed || !world.ledger.isOpen()) return
    this.#cancel.quiet = world.schedule.after(quietAfterMs, false, () => {
      delete this.#cancel.quiet
      this.flushOrRetry({ resting: true })
    })
  }

  #answerAll(): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    try {
      const answers = this.#decide(all.map(({ asking }) => asking))
      for (const [i, { resolve }] of all.entries()) resolve(answers[i]!)
      this.#restLater()
    } catch (error) {
      for (const { reject } of all) reject(error)
      this.#writeLater(retryAfterMs, false)
    }
  }

  /** A refusal is only final when no dead guard holds the money. */
  #decide(all: readonly Asking[]): (Reservation | BudgetRefusal)[] {
    const answers = reserveWithWrite(this.#world, all)
    const refused = answers.flatMap((answer, i) => (answer.granted ? [] : [i]))
    try {
      if (refused.length === 0 || !this.#buryDead()) return answers
      const again = reserveWithWrite(this.#world, refused.map((i) => all[i]!))
      return answers.map((answer, i) => again[refused.indexOf(i)] ?? answer)
    } catch {
      return answers // what was granted is granted, and a refusal stands
    }
  }

  #buryDead(): boolean {
    const { clock, onRecovered } = this.#world
    if (clock.monotonicMs() - this.#lookedForDeadAt < lookForDeadEveryMs) return false
    this.#lookedForDeadAt = clock.monotonicMs()
    const found = recoverDead(this.#world)
    if (found.calls.length + found.writtenOff.length === 0) return false
    onRecovered(found)
    return true
  }
}

/** Ends calls nobody will ever settle. @returns them, charged at their worst case */
export function giveUpForgotten(world: World): Settled[] {
  const forgotten: Call[] = []
  for (const call of world.calls.values()) {
    if (world.clock.monotonicMs() - call.openedMonotonicMs <= maxOpenMs) break // the others are younger
    forgotten.push(call)
  }
  return forgotten.map((call) => end(world, call, 'recovered', { cost: call.reserved, rejected: false }))
}
