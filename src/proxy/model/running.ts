/** Something that knows its place in the list it is in. Whoever is in none may have any. */
export interface Placed {
  place: number
}

/**
 * What is under way. A Set that is filled and emptied all the time leaves its outgrown tables behind, each with what
 * was in it and a pointer to the next: once the collector takes one for old, it keeps every call ever made until it
 * looks through the whole heap. A list that is overwritten holds what is in it and nothing else.
 */
export class Running<T extends Placed> {
  readonly #all: T[] = []

  get size(): number {
    return this.#all.length
  }

  add(one: T): void {
    one.place = this.#all.push(one) - 1
  }

  /** Again is harmless. */
  delete(one: T): void {
    if (this.#all[one.place] !== one) return
    const last = this.#all.pop()!
    if (last === one) return
    this.#all[one.place] = last
    last.place = one.place
  }

  /** All of them, in no order; they may be deleted meanwhile. */
  list(): T[] {
    return this.#all.slice()
  }
}
