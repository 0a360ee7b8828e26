import type { Socket } from 'node:net'
import type { Upstream } from './downstream.ts'
import { charge, type Passage } from './passage.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Lets bytes flow both ways until both ends are closed. Either end may finish first; silence, too many bytes or an
 * error ends both, so that no half-open socket stays behind.
 */
export function relay(passage: Passage, ends: Ends, around: Surroundings): Promise<void> {
  return new Promise((resolve) => new Flow(passage, ends, around, resolve).begin())
}

interface Ends {
  client: Socket
  upstream: Upstream
}

class Flow {
  readonly #passage: Passage
  readonly #client: Socket
  readonly #upstream: Socket
  readonly #downstream: Upstream['downstream']
  readonly #around: Surroundings
  readonly #done: () => void
  #ended = 0
  #closed = 0

  constructor(passage: Passage, { client, upstream }: Ends, around: Surroundings, done: () => void) {
    this.#passage = passage
    this.#client = client
    this.#upstream = upstream.socket
    this.#downstream = upstream.downstream
    this.#around = around
    this.#done = done
  }

  begin(): void {
    const [client, upstream] = [this.#client, this.#upstream]
    this.#passage.patience.wait(this.#around.limits.idleTimeoutMs, () => this.#expire())
    const down = (bytes: number): void => {
      this.#stir()
      charge(this.#passage, 0, bytes, this.#around)
    }
    this.#pump(client, upstream, (bytes) => {
      this.#stir()
      charge(this.#passage, bytes, 0, this.#around)
    })
    if (this.#downstream === null) this.#pump(upstream, client, down)
    else this.#downstream.flowTo(client, down)
    this.#join(client, upstream)
    this.#join(upstream, client)
  }

  #expire(): void {
    this.#client.destroy()
    this.#upstream.destroy()
  }

  #pump(from: Socket, to: Socket, count: (bytes: number) => void): void {
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => from.resume())
  }

  /** What ends on one side ends on the other, when all of it has been said. */
  #join(from: Socket, to: Socket): void {
    from.on('end', () => this.#onEnded(to))
    if (from.destroyed) this.#onClosed(to)
    else from.on('close', () => this.#onClosed(to))
    from.resume()
  }

  #onEnded(to: Socket): void {
    // Both have said all: closing says that too, without asking for half an end first.
    if (++this.#ended === 2 && to.writableLength === 0) to.destroy()
    else to.end()
  }

  /** Something moved: the silence begins anew. */
  #stir(): void {
    this.#passage.patience.renew(this.#around.limits.idleTimeoutMs)
  }

  #onClosed(other: Socket): void {
    other.destroySoon() // what was already handed over still goes out
    // One that never takes it is destroyed when the silence has lasted.
    if (++this.#closed === 2) this.#done()
  }
}
