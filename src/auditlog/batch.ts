import type { Handed } from './entry.ts'

/** Somebody who waits for one line. */
export interface Waiter {
  resolve(): void
  reject(error: Error): void
}

/** Lines that are with the kernel and reach the disk together. */
export class Batch implements Handed {
  isDurable = false
  /** Characters of its lines. */
  chars = 0
  /** Its lines, those that only report refused ones left out. */
  lines = 0

  readonly #waiters: Waiter[] = []
  #failure: Error | null = null
  #promise: Promise<void> | null = null

  wait(waiter: Waiter): void {
    this.#waiters.push(waiter)
  }

  durable(): Promise<void> {
    if (this.isDurable) return Promise.resolve()
    if (this.#failure) return Promise.reject(this.#failure)
    this.#promise ??= new Promise((resolve, reject) => this.wait({ resolve, reject }))
    return this.#promise
  }

  /** The disk has them. */
  reach(): void {
    this.isDurable = true
    for (const waiter of this.#waiters) waiter.resolve()
  }

  /** The disk does not have them, and they are taken back. */
  lose(error: Error): void {
    this.#failure = error
    for (const waiter of this.#waiters) waiter.reject(error)
  }
}
