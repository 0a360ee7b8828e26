import type { Clock } from '../../base/index.ts'

/** The `date` an answer carries that brings none of its own (RFC 9110, section 6.6.1). Made once a second. */
export class DateLine {
  readonly #clock: Clock
  #second = -1
  #text = ''

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The field line with its CRLF. */
  get text(): string {
    const second = Math.floor(this.#clock.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = `date: ${new Date(second * 1000).toUTCString()}\r\n`
    }
    return this.#text
  }
}
