/** A call that holds bytes of its request in memory. */
export interface Holder {
  heldBytes: number
}

/**
 * How much of all requests together may be in memory. One request is small beside what is allowed; many that were begun
 * and never ended are not, and nobody asked them yet which turn they belong to.
 */
export class HeldBodies {
  #leftBytes: number

  constructor(maxBytes: number) {
    this.#leftBytes = maxBytes
  }

  /** @returns false when there is no room for so many bytes more: nothing was taken then */
  take(holder: Holder, bytes: number): boolean {
    if (bytes > this.#leftBytes) return false
    this.#leftBytes -= bytes
    holder.heldBytes += bytes
    return true
  }

  /** The call is over. Again is harmless. */
  giveBack(holder: Holder): void {
    this.#leftBytes += holder.heldBytes
    holder.heldBytes = 0
  }
}
