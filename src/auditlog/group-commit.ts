// long: the order of writing, syncing, telling and losing in one place, as it is the promise of the log
import { messageOf, type HardshellError } from '../base/index.ts'
import type { ActiveFile } from './active.ts'
import { Batch, type Waiter } from './batch.ts'
import type { Chain, Tip } from './chain.ts'
import type { Handed, NewEntry, Receipt } from './entry.ts'
import { auditlogError } from './errors.ts'
import { Gathering } from './gathering.ts'

/** A line that is in the chain and not yet with the kernel. */
interface Pending {
  line: string
  tip: Tip
  /** Waits for the disk; `null`: nobody does. */
  waiter: Waiter | null
  /** Waits for the kernel; `null`: nobody does. */
  taker: Taker | null
  /** A note of our own about refused entries: it is not one of them when it is refused too. */
  isTelling: boolean
}

/** Somebody who goes on once the kernel has a line. */
interface Taker {
  resolve(handed: Handed): void
  reject(error: Error): void
}

// Lines that wait for a slow disk: 16 Mi characters are 40,000 usual entries, more than a guard makes in the time
// any of its callers is willing to wait. Beyond that the answer is no at once instead of no after a long wait.
const maxWaitingChars = 16 * 1024 * 1024
// How late lines may reach the disk that nobody waits for: what a power cut takes is bounded, and a lone line does not
// make the next one wait behind its sync.
const lazySyncMs = 100

/**
 * Many writers, one write and one sync at a time: lines of one turn of the event loop share a write, and everyone who
 * came while the disk was busy shares the next sync.
 */
export class GroupCommit {
  readonly #active: ActiveFile
  readonly #chain: Chain
  #pending: Pending[] = []
  #pendingChars = 0
  /** Written since the running sync began; its first line made it. */
  #batch = new Batch()
  /** What the running sync brings to the disk. */
  #syncing: Batch | null = null
  #hasLooked = false
  #turn: NodeJS.Immediate | null = null
  #lazySync: NodeJS.Timeout | null = null
  #isAwaited = false
  readonly #gathering = new Gathering()
  /** Entries refused since the record last said so. */
  #refused = 0
  #isTelling = false

  constructor(active: ActiveFile, chain: Chain) {
    this.#active = active
    this.#chain = chain
  }

  append(entry: NewEntry): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const receipt = { seq: 0, hash: '' }
      const { tip } = this.#link(entry, { waiter: { resolve: () => resolve(receipt), reject } })
      receipt.seq = tip.seq
      receipt.hash = `sha256:${tip.digest}`
      this.#syncThisTurn()
    })
  }

  write(entry: NewEntry): Handed {
    this.#link(entry, {})
    const failure = this.#handOver()
    if (failure) throw failure
    this.#syncThisTurn()
    return this.#batch
  }

  writeThisTurn(entry: NewEntry): Promise<Handed> {
    return new Promise((resolve, reject) => {
      this.#link(entry, { taker: { resolve, reject } })
      this.#syncThisTurn()
    })
  }

  note(entry: NewEntry): void {
    this.#link(entry, {})
    this.#turn ??= setImmediate(this.#endTurn)
  }

  /** @throws HardshellError `auditlog.write-failed` when something could not be written */
  async flush(): Promise<void> {
    const failure = this.#handOver()
    if (failure) throw failure
    this.#isAwaited = true
    this.#sync()
    await Promise.all([this.#syncing?.durable(), this.#batch.chars > 0 ? this.#batch.durable() : undefined])
  }

  stop(): void {
    if (this.#turn) clearImmediate(this.#turn)
    if (this.#lazySync) clearTimeout(this.#lazySync)
  }

  #link(entry: NewEntry, who: Partial<Pick<Pending, 'waiter' | 'taker'>>): Pending {
    if (this.#pendingChars + this.#batch.chars + (this.#syncing?.chars ?? 0) > maxWaitingChars) {
      this.#refused += 1
      throw auditlogError('auditlog.queue-full', 'audit log: too many entries wait for the disk')
    }
    if (this.#refused > 0 && !this.#isTelling) this.#tellOfRefused(this.#refused)
    return this.#add(entry, who, false)
  }

  #add(entry: NewEntry, who: Partial<Pick<Pending, 'waiter' | 'taker'>>, isTelling: boolean): Pending {
    const line = `${this.#chain.link(entry)}\n`
    const { waiter = null, taker = null } = who
    const pending = { line, tip: this.#chain.tip()!, waiter, taker, isTelling }
    this.#pending.push(pending)
    this.#pendingChars += line.length
    return pending
  }

  #syncThisTurn(): void {
    this.#isAwaited = true
    this.#turn ??= setImmediate(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    this.#turn = null
    this.#hasLooked = false
    this.#handOver() // whoever waits is told by it
    if (this.#isAwaited) this.#syncOrGather()
    else this.#lazySync ??= setTimeout(() => this.#sync(), lazySyncMs).unref()
  }

  #syncOrGather(): void {
    const { lines } = this.#batch
    if (this.#syncing) this.#gathering.see(lines) // the end of that sync comes back here
    else if (this.#gathering.goesOn(lines)) this.#turn ??= setImmediate(this.#endTurn)
    else this.#sync()
  }

  /** Gives the kernel what is pending. @returns why it did not take it; everybody it concerns was told */
  #handOver(): HardshellError | null {
    try {
      while (this.#pending.length > 0) this.#writeSome()
      return null
    } catch (cause) {
      const error = notWritten(cause)
      const lost = this.#pending
      this.#pending = []
      this.#pendingChars = 0
      this.#chain.rewind(this.#active.writtenTip)
      this.#refuse(lost, error)
      return error
    }
  }

  /** As many lines as the file has room for, but at least one. */
  #writeSome(): void {
    const active = this.#active
    if (!this.#hasLooked) active.look()
    this.#hasLooked = true
    this.#turn ??= setImmediate(this.#endTurn) // once per turn is often enough
    const all = this.#pending
    if (this.#pendingChars <= active.roomBytes) this.#pending = [] // usually: characters are a lower bound for bytes
    else {
      const count = fitting(all, active.roomBytes, active.isEmpty)
      if (count === 0) return this.#rotate()
      this.#pending = all.splice(count)
    }
    try {
      active.write(all.length === 1 ? all[0]!.line : all.map(({ line }) => line).join(''), all.at(-1)!.tip)
    } catch (error) {
      this.#pending.unshift(...all)
      throw error
    }
    for (const pending of all) this.#handed(pending)
  }

  #refuse(lines: readonly Pending[], error: HardshellError): void {
    for (const { waiter, taker, isTelling } of lines) {
      if (!isTelling) this.#refused += 1
      waiter?.reject(error)
      taker?.reject(error)
    }
  }

  #handed({ line, waiter, taker, isTelling }: Pending): void {
    this.#pendingChars -= line.length
    const batch = this.#batch
    batch.chars += line.length
    if (!isTelling) batch.lines += 1
    if (waiter) batch.wait(waiter)
    taker?.resolve(batch)
  }

  /** Everything before the new file is on the disk when this returns. */
  #rotate(): void {
    this.#active.rotate(this.#pending[0]!.tip.seq)
    this.#syncing?.reach()
    this.#syncing = null
    this.#batch.reach()
    this.#batch = new Batch()
  }

  #sync(): void {
    if (this.#syncing || this.#batch.chars === 0) return
    if (this.#lazySync) clearTimeout(this.#lazySync)
    this.#lazySync = null
    this.#isAwaited = false
    const batch = this.#batch
    this.#gathering.begin(batch.lines)
    this.#syncing = batch
    this.#batch = new Batch()
    this.#active.sync().then(
      () => this.#synced(batch),
      (error: unknown) => this.#loseAll(error),
    )
  }

  #synced(batch: Batch): void {
    if (this.#syncing !== batch) return // rotated meanwhile
    this.#syncing = null
    batch.reach()
    // Not at once: everybody this woke gets to write first, and shares the next sync.
    if (this.#isAwaited) this.#turn ??= setImmediate(this.#endTurn)
  }

  /** Everybody, not only this batch: the lines behind it name predecessors that do not exist now. */
  #loseAll(cause: unknown): void {
    const error = notWritten(cause)
    const lost = [this.#syncing, this.#batch]
    this.#syncing = null
    this.#batch = new Batch()
    this.#active.takeBack()
    this.#chain.rewind(this.#active.durableTip)
    this.#refuse(this.#pending.splice(0), error)
    this.#pendingChars = 0
    for (const batch of lost) {
      this.#refused += batch?.lines ?? 0
      batch?.lose(error)
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
    const untold = (): void => void (this.#isTelling = false)
    this.#add({ event_type: 'lifecycle', severity: 'high', reason }, { waiter: { resolve: told, reject: untold } }, true)
  }
}

/** How many of the lines fit; an empty file takes one of any length. */
function fitting(lines: readonly Pending[], roomBytes: number, isEmpty: boolean): number {
  let count = 0
  for (let bytes = 0; count < lines.length; count++) {
    bytes += Buffer.byteLength(lines[count]!.line)
    if (bytes > roomBytes && !(count === 0 && isEmpty)) break
  }
  return count
}

function notWritten(cause: unknown): HardshellError {
  return auditlogError('auditlog.write-failed', `audit log not written: ${messageOf(cause)}`, {
    hint: 'free the disk or repair it; the next entry tries again',
    cause,
  })
}
