// Enough for minutes of late and repeated settlements at the rate of any one agent, in a few megabytes.
const remembered = 4_096

/**
 * What ended, by id: at least the last so many, at most twice as many. Two generations, because a Map from whose front
 * something is taken out for each that is put in looks past more and more gaps for what is first.
 */
export class Ended<T extends { readonly id: string }> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id)
  }

  get(id: string): T | undefined {
    return this.#young.get(id) ?? this.#old.get(id)
  }

  add(one: T): void {
    if (this.#young.size >= remembered) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(one.id, one)
  }
}
