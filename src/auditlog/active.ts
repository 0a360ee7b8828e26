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

/** The file that is being written, and everything that can happen to it between two whole lines. */
export class ActiveFile {
  readonly #start: ActiveStart
  readonly #disk: Disk
  /** `null`: renamed by a rotation that could not create the next one. */
  #file: LogFile | null
  #bytes: number
  #firstSeq: number
  #tip: Tip | null
  #mayEndTorn = false
  #isFolderSynced = true

  constructor(start: ActiveStart, disk: Disk) {
    this.#start = start
    this.#disk = disk
    this.#file = start.file
    this.#bytes = start.bytes
    this.#firstSeq = start.firstSeq
    this.#tip = start.tip
  }

  /** Last entry known to be on the disk. */
  get tip(): Tip | null {
    return this.#tip
  }

  /** Bytes that fit before the next rotation. */
  roomBytes(): number {
    const { rotateBytes } = this.#start
    return this.#bytes < rotateBytes ? rotateBytes - this.#bytes : rotateBytes
  }

  /**
   * Brings whole lines to the disk, into a fresh file when this one is full.
   * After a throw the file ends, or will be made to end, where it ended before.
   * @param lines.tip where the chain stands after these lines
   */
  async commit(lines: { text: Buffer; firstSeq: number; tip: Tip }): Promise<void> {
    await this.#mend()
    this.#refuseIfTouched()
    if (this.#bytes > 0 && this.#bytes + lines.text.length > this.#start.rotateBytes) await this.#rotate(lines.firstSeq)
    this.#mayEndTorn = true
    await this.#file!.append(lines.text)
    const bytes = this.#bytes + lines.text.length
    this.#writeHead(lines.tip, bytes)
    this.#mayEndTorn = false
    this.#bytes = bytes
    this.#tip = lines.tip
  }

  async close(): Promise<void> {
    await this.#mend().catch(() => {}) // the next start cuts half a line off, and says so
    await this.#start.head.close()
    await this.#file?.close()
  }

  /** Takes back what a failed commit left: none of it was acknowledged. */
  async #mend(): Promise<void> {
    if (this.#file === null) await this.#create()
    if (!this.#isFolderSynced) await this.#syncFolder()
    if (!this.#mayEndTorn) return
    await this.#file!.cut(this.#bytes)
    this.#mayEndTorn = false
  }

  /** A log that was cut, replaced or removed under our hands is not continued as if nothing had happened. */
  #refuseIfTouched(): void {
    const { path } = this.#start
    const found = this.#disk.look(path)
    if (found && found.inode === this.#file!.inode && found.bytes === this.#bytes) return
    const saw = found ? `${found.bytes} bytes` : 'nothing'
    throw new Error(`${path} was changed by somebody else: ${saw} where ${this.#bytes} bytes are ours`)
  }

  // Each step leaves a state from which the next commit, or the next start after a crash, goes on: renamed but
  // nothing created, created but the folder not synced.
  async #rotate(nextSeq: number): Promise<void> {
    const old = this.#file!
    await this.#disk.rename(this.#start.path, segmentPath(this.#start.path, this.#firstSeq))
    this.#file = null
    this.#bytes = 0
    this.#firstSeq = nextSeq
    await old.close()
    await this.#create()
    await this.#syncFolder()
  }

  async #create(): Promise<void> {
    const { path, mode } = this.#start
    this.#file = await this.#disk.open(path, { mode, how: 'create' })
    this.#isFolderSynced = false
    if (this.#tip) this.#writeHead(this.#tip, 0)
  }

  async #syncFolder(): Promise<void> {
    await this.#disk.syncFolder(dirname(this.#start.path))
    this.#isFolderSynced = true
  }

  // When the lines are safe, before anybody is told: never ahead of the disk, never behind an acknowledgement.
  #writeHead({ seq, digest }: Tip, bytes: number): void {
    const { head, path } = this.#start
    head.write({ seq, hash: `sha256:${digest}`, bytes, file: basename(path) })
  }
}
