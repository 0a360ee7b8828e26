import { Backlog } from './backlog.ts'
import { ChunkedReader } from './chunked.ts'
import { giveBack } from './give-back.ts'

/** Asked before so many bytes more are kept. */
export type MayKeep = (bytes: number) => boolean
export type ReadBody = Buffer | 'too-large' | 'no-room' | 'broken'

function always(): true {
  return true
}

/** The body of one request while it arrives. Attacker-controlled: bytes are counted, announcements are not believed. */
export class IncomingBody {
  state: 'arriving' | 'whole' | 'broken' = 'arriving'

  readonly #length: number
  readonly #chunked: ChunkedReader | null
  readonly #gathered = new Backlog()
  #left: number
  #maxBytes = Infinity
  #mayKeep: MayKeep = always
  #resolve: ((body: ReadBody) => void) | null = null
  #dropped = false

  /** @param length of the body; `chunked` when its end is in it */
  constructor(length: number | 'chunked') {
    this.#chunked = length === 'chunked' ? new ChunkedReader((piece) => void this.#gather(piece)) : null
    this.#length = this.#left = length === 'chunked' ? 0 : length
    if (length === 0) this.state = 'whole'
  }

  /** Somebody waits for it. */
  get wanted(): boolean {
    return this.#resolve !== null
  }

  /** Bytes kept so far. */
  get keptBytes(): number {
    return this.#gathered.length
  }

  /** @returns how many of these bytes belonged to the body; when all of them did, `bytes` is not to be read again */
  take(bytes: Buffer): number {
    if (this.state !== 'arriving') return 0
    if (this.#chunked === null) return this.#takeKnown(bytes)
    const taken = this.#chunked.read(bytes)
    if (this.#chunked.state === 'done') this.#settle('whole')
    if (this.#chunked.state === 'bad') this.#settle('broken')
    return taken
  }

  ifWhole(maxBytes: number): Buffer | null {
    if (this.state !== 'whole' || this.#dropped || this.#gathered.length > maxBytes) return null
    return this.#gathered.take(this.#gathered.length)
  }

  read(maxBytes: number, mayKeep: MayKeep = always): Promise<ReadBody> {
    if (this.state === 'broken' || this.#dropped) return Promise.resolve('broken')
    if (this.#length > maxBytes || this.#gathered.length > maxBytes) {
      this.drop()
      return Promise.resolve('too-large')
    }
    if (!mayKeep(this.#gathered.length)) {
      this.drop()
      return Promise.resolve('no-room')
    }
    if (this.state === 'whole') return Promise.resolve(this.#gathered.take(this.#gathered.length))
    this.#maxBytes = maxBytes
    this.#mayKeep = mayKeep
    return new Promise((resolve) => (this.#resolve = resolve))
  }

  /** Nobody will read it any more: what still comes is not kept. */
  drop(): void {
    this.#dropped = true
    this.#gathered.clear()
    this.#answer('broken')
  }

  /** It will never be whole. */
  breakOff(): void {
    if (this.state === 'arriving') this.#settle('broken')
  }

  #takeKnown(bytes: Buffer): number {
    const taken = Math.min(bytes.length, this.#left)
    this.#left -= taken
    const isCopied = this.#gather(taken === bytes.length ? bytes : bytes.subarray(0, taken))
    if (this.#left === 0) this.#settle('whole')
    if (isCopied && taken === bytes.length) giveBack(bytes)
    return taken
  }

  /** @returns whether nobody needs the piece itself any more */
  #gather(piece: Buffer): boolean {
    if (this.#dropped) return true
    const isCopied = this.#gathered.add(piece, this.#length)
    const isTooLarge = this.#gathered.length > this.#maxBytes
    if (!isTooLarge && (!this.wanted || this.#mayKeep(piece.length))) return isCopied
    this.#answer(isTooLarge ? 'too-large' : 'no-room')
    this.drop()
    return true
  }

  #settle(state: 'whole' | 'broken'): void {
    this.state = state
    if (state === 'broken') this.drop()
    else if (this.#resolve !== null) this.#answer(this.#gathered.take(this.#gathered.length))
  }

  #answer(body: ReadBody): void {
    this.#resolve?.(body)
    this.#resolve = null
  }
}
