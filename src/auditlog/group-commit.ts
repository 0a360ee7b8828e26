import { messageOf } from '../base/index.ts'
import type { ActiveFile } from './active.ts'
import type { Chain } from './chain.ts'
import type { NewEntry, Receipt } from './entry.ts'
import { auditlogError } from './errors.ts'

/** Somebody waiting for the disk. `line` is empty for `flush`, which has nothing to add. */
interface Waiting {
  line: string
  receipt: Receipt
  resolve(receipt: Receipt): void
  reject(error: Error): void
}

// Lines queued behind a slow disk: 16 Mi characters are 40,000 usual entries, more than a guard makes in the time
// any of its callers is willing to wait. Beyond that the answer is no at once instead of no after a long wait.
const maxQueuedChars = 16 * 1024 * 1024

/** Many writers, one write and one sync at a time: everyone who came meanwhile shares the next one. */
export class GroupCommit {
  readonly #active: ActiveFile
  readonly #chain: Chain
  #queue: Waiting[] = []
  #queuedChars = 0
  #isPumping = false
  /** Entries refused since the record last said so. */
  #refused = 0
  #isTelling = false

  constructor(active: ActiveFile, chain: Chain) {
    this.#active = active
    this.#chain = chain
  }

  append(entry: NewEntry): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      if (this.#queuedChars > maxQueuedChars) {
        this.#refused += 1
        throw auditlogError('auditlog.queue-full', 'audit log: too many entries wait for the disk')
      }
      if (this.#refused > 0 && !this.#isTelling) this.#tellOfRefused(this.#refused)
      this.#enqueue(entry, resolve, reject)
    })
  }

  /** @throws HardshellError `auditlog.write-failed` when something that was queued could not be written */
  flush(): Promise<void> {
    if (!this.#isPumping) return Promise.resolve()
    const receipt = { seq: -1, hash: '' }
    return new Promise((resolve, reject) => this.#wait({ line: '', receipt, resolve: () => resolve(), reject }))
  }

  #enqueue(entry: NewEntry, resolve: (receipt: Receipt) => void, reject: (error: Error) => void): void {
    const line = this.#chain.link(entry)
    const { seq, digest } = this.#chain.tip()!
    this.#queuedChars += line.length
    this.#wait({ line, receipt: { seq, hash: `sha256:${digest}` }, resolve, reject })
  }

  #wait(waiting: Waiting): void {
    this.#queue.push(waiting)
    if (this.#isPumping) return
    this.#isPumping = true
    // Not in a microtask: everybody the last commit woke gets to queue first, and shares the next.
    setImmediate(() => void this.#pump())
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#take()
      try {
        await this.#write(batch)
      } catch (error) {
        this.#refuse([...batch, ...this.#queue], error)
        continue
      }
      for (const { resolve, receipt } of batch) resolve(receipt)
    }
    this.#isPumping = false
  }

  /** As many as the active file has room for, but at least one; usually everybody. */
  #take(): Waiting[] {
    const queue = this.#queue
    const room = this.#active.roomBytes()
    let count = queue.length
    if (this.#queuedChars + count > room) {
      count = 0
      for (let chars = 0; count < queue.length; count++) {
        chars += queue[count]!.line.length + 1
        if (chars > room && count > 0) break
      }
    }
    this.#queue = queue.splice(count)
    for (const { line } of queue) this.#queuedChars -= line.length
    return queue
  }

  async #write(batch: Waiting[]): Promise<void> {
    let text = ''
    let first: Receipt | null = null
    let last: Receipt | null = null
    for (const { line, receipt } of batch) {
      if (line === '') continue
      text += `${line}\n`
      first ??= receipt
      last = receipt
    }
    if (!first || !last) return
    const tip = { seq: last.seq, digest: last.hash.slice('sha256:'.length) }
    await this.#active.commit({ text: Buffer.from(text), firstSeq: first.seq, tip })
  }

  /** Everybody, not only this batch: the lines behind it name predecessors that do not exist now. */
  #refuse(waiting: Waiting[], cause: unknown): void {
    this.#queue = []
    this.#queuedChars = 0
    this.#chain.rewind(this.#active.tip)
    const error = auditlogError('auditlog.write-failed', `audit log not written: ${messageOf(cause)}`, {
      hint: 'free the disk or repair it; the next entry tries again',
      cause,
    })
    for (const { line, reject } of waiting) {
      if (line !== '') this.#refused += 1
      reject(error)
    }
  }

  /** Refused entries are missing from the record: the first one that is not says how many. */
  #tellOfRefused(count: number): void {
    this.#isTelling = true
    const reason = `log writable again: ${count} entries were refused meanwhile`
    const told = (): void => {
      this.#refused -= count
      this.#isTelling = false
    }
    const untold = (): void => {
      this.#refused -= 1 // the note itself was among those just refused
      this.#isTelling = false
    }
    this.#enqueue({ event_type: 'lifecycle', severity: 'high', reason }, told, untold)
  }
}
