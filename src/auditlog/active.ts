import { basename, dirname } from 'node:path'
import type { Tip } from './chain.ts'
import type { Disk, LogFile } from './disk.ts'
import type { HeadFile } from './head.ts'
import { segmentPath } from './segments.ts'

/** What an active file starts from. */
export interface ActiveStart {
  path: string
  mode: number
  rotateBytes: number
  file: LogFile
  head: HeadFile
  /** Length of the file, which ends with a newline or is empty. */
  bytes: number
  /** Place of the file's first entry; of the next entry when the file is empty. */
  firstSeq: number
  tip: Tip | null
}

/** Where a file stood between two whole lines. */
interface Mark {
  bytes: number
  tip: Tip | null
}

/** The file that is being written, and everything that can happen to it between two whole lines. */
export class ActiveFile {
  readonly #start: ActiveStart
  readonly #disk: Disk
  /** `null`: renamed by a rotation that could not create the next one. */
  #file: LogFile | null
  #firstSeq: number
  /** Whole lines the kernel has. */
  #written: Mark
  /** Whole lines the disk has; never ahead of `#written`. */
  #durable: Mark
  #mayEndTorn = false
  #isFolderSynced = true

  constructor(start: ActiveStart, disk: Disk) {
    this.#start = start
    this.#disk = disk
    this.#file = start.file
    this.#firstSeq = start.firstSeq
    this.#written = { bytes: start.bytes, tip: start.tip }
    this.#durable = this.#written
  }

  /** Last entry known to be on the disk. */
  get durableTip(): Tip | null {
    return this.#durable.tip
  }

  /** Last entry known to be with the kernel. */
  get writtenTip(): Tip | null {
    return this.#written.tip
  }

  /** Bytes that fit before the next rotation. */
  get roomBytes(): number {
    return this.#start.rotateBytes - this.#written.bytes
  }

  get isEmpty(): boolean {
    return this.#written.bytes === 0
  }

  /**
   * Makes sure that the file is the one we left: a log that was cut, replaced or removed under our hands is not
   * continued as if nothing had happened.
   */
  look(): void {
    this.#mend()
    const { path } = this.#start
    const found = this.#disk.look(path)
    const { bytes } = this.#written
    if (found && found.inode === this.#file!.inode && found.bytes === bytes) return
    const saw = found ? `${found.bytes} bytes` : 'nothing'
    throw new Error(`${path} was changed by somebody else: ${saw} where ${bytes} bytes are ours`)
  }

  /**
   * Hands whole lines to the kernel. After a throw the file ends, or will be made to end, where it ended before.
   * @param tip where the chain stands after these lines
   */
  write(text: string, tip: Tip): void {
    this.#mend()
    this.#mayEndTorn = true
    this.#file!.write(text)
    this.#mayEndTorn = false
    this.#written = { bytes: this.#written.bytes + Buffer.byteLength(text), tip }
  }

  /** Brings to the disk what was written before this was called. */
  async sync(): Promise<void> {
    const file = this.#file
    const mark = this.#written
    if (!file) return // between two files: the old one was synced whole
    try {
      await file.sync()
    } catch (error) {
      if (file === this.#file) throw error
    }
    if (file === this.#file) this.#reach(mark) // else it was rotated meanwhile, which synced it all
  }

  /** Brings everything to the disk at once, and goes on in a fresh file. @param nextSeq the first entry in there */
  rotate(nextSeq: number): void {
    this.#mend()
    const old = this.#file!
    old.syncNow()
    this.#reach(this.#written)
    // Each step leaves a state from which the next write, or the next start after a crash, goes on: renamed but
    // nothing created, created but the folder not synced.
    this.#disk.rename(this.#start.path, segmentPath(this.#start.path, this.#firstSeq))
    this.#file = null
    this.#firstSeq = nextSeq
    this.#written = { bytes: 0, tip: this.#written.tip }
    this.#durable = this.#written
    old.close()
    this.#mend()
  }

  /** Forgets what was written and could not be brought to the disk: none of it was acknowledged. */
  takeBack(): void {
    if (this.#written !== this.#durable) this.#mayEndTorn = true
    this.#written = this.#durable
  }

  async close(): Promise<void> {
    try {
      this.#mend()
    } catch {
      // The next start cuts half a line off, and says so.
    }
    await this.#start.head.close()
    this.#file?.close()
  }

  /** Finishes what a failed write, sync or rotation left undone. */
  #mend(): void {
    if (this.#file === null) this.#create()
    if (!this.#isFolderSynced) this.#syncFolder()
    if (!this.#mayEndTorn) return
    this.#file!.cut(this.#written.bytes)
    this.#mayEndTorn = false
  }

  #create(): void {
    const { path, mode } = this.#start
    this.#file = this.#disk.open(path, { mode, how: 'create' })
    this.#isFolderSynced = false
    this.#writeHead(this.#durable)
  }

  #syncFolder(): void {
    this.#disk.syncFolder(dirname(this.#start.path))
    this.#isFolderSynced = true
  }

  // When the lines are safe, before anybody is told: never ahead of the disk, never behind an acknowledgement.
  #reach(mark: Mark): void {
    this.#writeHead(mark)
    this.#durable = mark
  }

  #writeHead({ bytes, tip }: Mark): void {
    const { head, path } = this.#start
    if (tip) head.write({ seq: tip.seq, hash: `sha256:${tip.digest}`, bytes, file: basename(path) })
  }
}
