import { readingOf, readOn, type Read, type Reading } from './known-reading.ts'
import { mostKeptBytes, RecentBodies, type Likeness } from './recent-bodies.ts'

// Below, reading all of it is as fast.
const leastBytes = 32_768

/** How the last long requests were read, as they came: a conversation's next request is read on from there. */
export class KnownReadings {
  readonly #recent = new RecentBodies()

  /**
   * @param readWhole tells whether the body is a valid request; called when it cannot be read on
   * @returns `null` when it was read whole
   */
  read(body: Buffer, readWhole: () => boolean): Read | null {
    if (body.length < leastBytes || body.length > mostKeptBytes) {
      readWhole()
      return null
    }
    const likeness = this.#recent.like(body)
    const alike = likeness && likeness.sameBytes > body.length / 2 ? likeness : null
    const known = alike?.earlier.reading
    const read = known ? readOn(known, body, alike.sameBytes) : null
    if (read) this.#recent.keep(body, [], likeness, read.reading)
    else if (readWhole()) this.#recent.keep(body, [], likeness, alike && toGoOnFrom(body, alike))
    return read
  }
}

/** The second request of a conversation: there will be more. Where there was nothing to go on from, there still is not. */
function toGoOnFrom(body: Buffer, { earlier: { reading } }: Likeness): Reading {
  return reading?.messages.length === 0 ? reading : readingOf(body)
}
