/**
 * Bytes that arrived and wait: for the end of a head, for the rest of a body, for their turn. A lone segment is kept as
 * it is; more are copied together, so that a peer who sends a byte at a time costs bytes and not objects. What was
 * taken out is never written to again.
 */
export class Backlog {
  #bytes: Buffer = none
  #at = 0
  #end = 0
  /** The memory is ours, and free behind `#end`. */
  #own = false

  get length(): number {
    return this.#end - this.#at
  }

  /** What waits, without taking it. Valid until the next `add`. */
  get view(): Buffer {
    if (this.#at === 0 && this.#end === this.#bytes.length) return this.#bytes
    return this.#bytes.subarray(this.#at, this.#end)
  }

  /**
   * @param expected how much there will be in all, if that is known: not believed further than four times what is here
   * @returns whether it was copied; else the segment itself is what waits
   */
  add(segment: Buffer, expected = 0): boolean {
    if (this.length === 0) {
      this.#bytes = segment
      this.#at = 0
      this.#end = segment.length
      this.#own = false
      return false
    }
    const length = this.length + segment.length
    if (!this.#own || this.#end + segment.length > this.#bytes.length) this.#grow(length, expected)
    segment.copy(this.#bytes, this.#end)
    this.#end += segment.length
    return true
  }

  /** Takes so many from the front; there must be that many. */
  take(length: number): Buffer {
    const from = this.#at
    this.#at += length
    const taken = from === 0 && length === this.#bytes.length ? this.#bytes : this.#bytes.subarray(from, this.#at)
    if (this.#at === this.#end) this.clear()
    return taken
  }

  clear(): void {
    this.#bytes = none
    this.#at = this.#end = 0
    this.#own = false
  }

  #grow(length: number, expected: number): void {
    const doubled = Math.max(minBytes, 2 * length)
    // So much memory is only set aside: it is taken when it is written to.
    const bytes = Buffer.allocUnsafeSlow(expected >= length ? Math.min(expected, 2 * doubled) : doubled)
    this.#bytes.copy(bytes, 0, this.#at, this.#end)
    this.#end -= this.#at
    this.#at = 0
    this.#bytes = bytes
    this.#own = true
  }
}

const none = Buffer.alloc(0)
const minBytes = 4_096
