import { Members } from '../http1/members.ts'
import type { Passage } from './passage.ts'

/** Whoever is being served: in here from the head that was read to the closing entry. */
export class Passages extends Members<Passage> {
  #onEmpty: (() => void) | null = null

  override delete(passage: Passage): boolean {
    const was = super.delete(passage)
    if (this.size === 0) this.#onEmpty?.()
    return was
  }

  /** Resolves when every closing entry is written. */
  whenEmpty(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onEmpty = resolve))
  }
}
