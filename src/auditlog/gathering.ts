// Where many wait, a sync takes a thread and costs as much as several calls: it begins with the first turn that brings
// no more of them, or with the last of these. A turn takes some tens of microseconds.
const mostTurns = 4
// A sync that carried no more than a call and its neighbor did not gather anything: there, waiting gains nothing.
const fewLines = 3

/** Tells whether lines are about to come that could share the next sync, by what the last one carried. */
export class Gathering {
  #before = 0
  #seen = 0
  #turns = 0

  /** At the end of a turn. @param lines that wait for the next sync; @returns true: look again after one more turn */
  goesOn(lines: number): boolean {
    const grew = lines > this.#seen
    this.#seen = lines
    return grew && this.#before > fewLines && ++this.#turns <= mostTurns
  }

  /** Lines that came while a sync was under way: they have waited long enough. */
  see(lines: number): void {
    this.#seen = lines
  }

  /** A sync begins that carries so many lines. */
  begin(lines: number): void {
    this.#before = lines
    this.#seen = 0
    this.#turns = 0
  }
}
