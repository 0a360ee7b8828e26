/** What can be in `Members`, in one of them at a time. The two places are theirs alone. */
export interface Member {
  before?: Member | null
  after?: Member | null
}

/**
 * Who is there, the oldest first, where many come and go in a second. Not a `Set`: V8 makes one a new table after every
 * few dozen of them, the old table leads to the new one and holds whoever was there then, and once the first of them is
 * old only a full collection frees any: a third of what a connection costs.
 */
export class Members<T extends Member> {
  // A ring through this one: nobody is ever without a neighbor.
  readonly #ends: Required<Member>
  #size = 0

  constructor() {
    const ends: Member = { before: null, after: null }
    ends.before = ends
    ends.after = ends
    this.#ends = ends as Required<Member>
  }

  get size(): number {
    return this.#size
  }

  /** Whoever has been there longest. */
  get first(): T | undefined {
    return this.#size === 0 ? undefined : (this.#ends.after as T)
  }

  has(member: T): boolean {
    return !!member.after
  }

  /** As the last one. Nothing happens to whoever is there. */
  add(member: T): void {
    if (this.has(member)) return
    const last = this.#ends.before!
    member.before = last
    member.after = this.#ends
    last.after = member
    this.#ends.before = member
    this.#size++
  }

  /** @returns false for whoever is not there */
  delete(member: T): boolean {
    const { before, after } = member
    if (!before || !after) return false
    before.after = after
    after.before = before
    // Cut off on both sides, so that nothing dead leads to anything living.
    member.before = null
    member.after = null
    this.#size--
    return true
  }

  /** Who is there now; whatever happens to them while somebody goes through. */
  list(): T[] {
    const all: T[] = []
    for (let one = this.#ends.after!; one !== this.#ends; one = one.after!) all.push(one as T)
    return all
  }

  /** Those of them it is so for. */
  filter(holds: (member: T) => boolean): T[] {
    const found: T[] = []
    for (let one = this.#ends.after!; one !== this.#ends; one = one.after!) if (holds(one as T)) found.push(one as T)
    return found
  }
}
