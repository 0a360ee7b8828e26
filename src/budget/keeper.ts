import type { BudgetRefusal, Reservation, Settled } from './claim.ts'
import { recoverDead } from './recover.ts'
import { reserveWithWrite, type Asking } from './reserve.ts'
import { end } from './settle.ts'
import type { Call, World } from './world.ts'
import { write } from './write.ts'

/** Decides when the books are written: soon after a change, at once where somebody waits, again after a failure. */
export interface Keeper {
  /** Something changed: it is written within some milliseconds. */
  wake(): void
  /** Puts a claim into the next write. */
  ask(asking: Asking): Promise<Reservation | BudgetRefusal>
  isWaiting(id: string): boolean
  /** Writes now what is unwritten. @throws HardshellError `budget.store-failed` */
  flush(options?: { everyCall?: boolean; resting?: boolean }): void
  /** Writes now; a failure is made good later by the next write, and until then nothing is granted from memory. */
  flushOrRetry(): void
  /**
   * Answers who still waits, writes, gives every lease back, and stops writing by itself. What a full disk keeps from
   * being written is charged from the leases at the next start.
   */
  close(): void
}

// A killed guard's unwritten spending is charged as its whole free lease: the sooner a write, the smaller the leases.
const writeAfterMs = 5
// On a slow disk at most a twentieth of the time goes into writing.
const restPerWrite = 20
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

export function createKeeper(world: World): Keeper {
  const { schedule, clock } = world
  const waiting = new Map<string, Waiting>()
  let lastWriteMs = 0
  let lookedForDeadAt = -Infinity
  let cancel: { write?: () => void; quiet?: () => void } = {}

  const flush = (options: { everyCall?: boolean; resting?: boolean } = {}): void => {
    const started = clock.monotonicMs()
    try {
      write(world, () => {}, options)
    } catch (error) {
      writeLater(retryAfterMs, false)
      throw error
    }
    lastWriteMs = clock.monotonicMs() - started
    restLater()
  }
  const flushOrRetry = (resting = false): void => {
    try {
      flush({ resting })
    } catch {
      // `failing` is set: whoever reserves meets the error
    }
  }
  const writeLater = (ms: number, keepsRunning: boolean): void => {
    if (cancel.write || world.closed || !world.ledger.isOpen()) return
    cancel.write = schedule.after(ms, keepsRunning, () => {
      delete cancel.write
      const calls = giveUpForgotten(world)
      if (calls.length > 0) world.onRecovered({ calls, writtenOff: [] })
      flushOrRetry()
    })
  }
  const restLater = (): void => {
    if (cancel.quiet || world.resting.size === 0 || world.closed || !world.ledger.isOpen()) return
    cancel.quiet = schedule.after(quietAfterMs, false, () => {
      delete cancel.quiet
      flushOrRetry(true)
    })
  }
  const wake = (): void => {
    if (world.closed) return flushOrRetry()
    if (!world.failing) writeLater(Math.max(writeAfterMs, restPerWrite * lastWriteMs), true)
  }

  const answerAll = (): void => {
    const all = [...waiting.values()]
    waiting.clear()
    try {
      const answers = reserveWithWrite(world, all.map(({ asking }) => asking))
      const refused = answers.flatMap((answer, i) => (answer.granted ? [] : [i]))
      if (refused.length > 0 && buryDead()) {
        const again = reserveWithWrite(world, refused.map((i) => all[i]!.asking))
        for (const [n, i] of refused.entries()) answers[i] = again[n]!
      }
      for (const [i, { resolve }] of all.entries()) resolve(answers[i]!)
      restLater()
    } catch (error) {
      for (const { reject } of all) reject(error)
      writeLater(retryAfterMs, false)
    }
  }
  /** Money may be held by guards that are no more. */
  const buryDead = (): boolean => {
    if (clock.monotonicMs() - lookedForDeadAt < lookForDeadEveryMs) return false
    lookedForDeadAt = clock.monotonicMs()
    const found = recoverDead(world)
    if (found.calls.length + found.writtenOff.length === 0) return false
    world.onRecovered(found)
    return true
  }

  return {
    wake,
    isWaiting: (id) => waiting.has(id),
    ask: (asking) =>
      new Promise((resolve, reject) => {
        if (waiting.size === 0) schedule.soon(answerAll)
        waiting.set(asking.claim.id, { asking, resolve, reject })
      }),
    flush,
    flushOrRetry: () => flushOrRetry(),
    close() {
      world.closed = true
      for (const stop of [cancel.write, cancel.quiet]) stop?.()
      cancel = {}
      if (waiting.size > 0) answerAll()
      for (const account of world.accounts.values()) world.touched.add(account)
      flushOrRetry()
    },
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
