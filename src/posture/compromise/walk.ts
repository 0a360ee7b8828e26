import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import type { FileStatus, Machine } from '../../host/index.ts'
import type { Place } from './places.ts'

/** A file to look at. */
export interface FoundFile {
  place: Place
  path: string
  bytes: number
  modifiedMs: number
  executable: boolean
}

/** Something that was not looked at, and why. */
export interface Unread {
  at: string
  why: string
}

// Each file is asked for its time, so that the newest come first: these many take three seconds on a small machine.
const maxSeen = 50_000
// The largest skill of the public archive holds 400 files; of more than this in one place the newest are looked at.
const maxFiles = 5000
// Node reads with four threads; more questions at once only wait in memory.
const atOnce = 16
// A folder of a thousand closed ones is one sentence, not a thousand.
const maxReasons = 100
// What a package manager put there is judged by its name, and by advisories.
// Objects of Git are compressed and run by nobody; its hooks are run.
const skipped = (folder: string, name: string): boolean => name === 'node_modules' || (name === 'objects' && posix.basename(folder) === '.git')

/**
 * The newest files of a place, newest first: an attack is more often of this week than of last year. One link to a folder
 * is followed on each way down, as OpenClaw links its own skills; a second is not, so no walk can circle.
 */
export async function filesOf(machine: Machine, place: Place, { unread, isLate }: { unread: Unread[]; isLate(): boolean }): Promise<readonly FoundFile[]> {
  const walk = new Walk(machine, place, isLate)
  const top = await walk.statusOf(place.path)
  if (top !== null) await walk.look(place.path, top, { depth: place.depth, linked: false })
  unread.push(...walk.reasons())
  return walk.newest()
}

interface Step {
  /** Folders below that are still walked. */
  depth: number
  linked: boolean
}

class Walk {
  private found: FoundFile[] = []
  private counted = 0
  private seen = 0
  private stopped: string | null = null
  private silent = 0
  private readonly unread: Unread[] = []
  private readonly machine: Machine
  private readonly place: Place
  private readonly isLate: () => boolean

  constructor(machine: Machine, place: Place, isLate: () => boolean) {
    this.machine = machine
    this.place = place
    this.isLate = isLate
  }

  async look(path: string, status: FileStatus, { depth, linked }: Step): Promise<void> {
    const { place } = this
    const isLink = status.kind === 'link' && (await this.machine.names(path).catch(() => null)) !== null
    if (isLink && linked && path !== place.path) return this.tell({ at: path, why: 'a link behind a link' })
    if (status.kind !== 'folder' && !isLink) return this.file(path, status)
    if (place.namesOnly === true && path !== place.path) this.keep({ place, path, bytes: 0, modifiedMs: status.modifiedMs, executable: false })
    if (depth >= 0) await this.folder(path, { depth: depth - 1, linked: linked || isLink })
  }

  async statusOf(path: string): Promise<FileStatus | null> {
    return await this.told(path, async () => await this.machine.status(path))
  }

  newest(): readonly FoundFile[] {
    return this.found.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, maxFiles)
  }

  reasons(): readonly Unread[] {
    const { path: at } = this.place
    return [
      ...this.unread,
      ...(this.silent > 0 ? [{ at, why: `${this.silent} more could not be read` }] : []),
      ...(this.counted > maxFiles ? [{ at, why: `${this.counted - maxFiles} older of ${this.counted} files: only the newest ${maxFiles} are looked at` }] : []),
      ...(this.stopped === null ? [] : [{ at, why: this.stopped }]),
    ]
  }

  private async folder(path: string, step: Step): Promise<void> {
    const names = ((await this.told(path, async () => await this.machine.names(path))) ?? []).filter((name) => !skipped(path, name))
    for (let start = 0; start < names.length; start += atOnce) {
      if (this.isOver()) return
      const paths = names.slice(start, start + atOnce).map((name) => posix.join(path, name))
      const statuses = await Promise.all(paths.map(async (one) => await this.statusOf(one)))
      this.seen += paths.length
      for (const [index, status] of statuses.entries()) if (status !== null) await this.look(paths[index]!, status, step)
    }
  }

  private isOver(): boolean {
    if (this.stopped === null && this.seen >= maxSeen) this.stopped = `more than ${maxSeen} files and folders: the others were not looked at`
    if (this.stopped === null && this.isLate()) this.stopped = `out of time after ${this.seen} files and folders: the others were not looked at`
    return this.stopped !== null
  }

  private file(path: string, { kind, size, mode, modifiedMs }: FileStatus): void {
    const { place } = this
    const counts = place.names === undefined || path === place.path || place.names.test(posix.basename(path))
    if (counts && kind !== 'other') this.keep({ place, path, bytes: place.namesOnly === true ? 0 : size, modifiedMs, executable: kind === 'file' && (mode & 0o111) !== 0 })
  }

  /** The older ones go when there are twice as many as are looked at. */
  private keep(file: FoundFile): void {
    this.counted++
    this.found.push(file)
    if (this.found.length >= 2 * maxFiles) this.found = [...this.newest()]
  }

  private tell(one: Unread): void {
    if (this.unread.length < maxReasons) this.unread.push(one)
    else this.silent++
  }

  private async told<T>(at: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read()
    } catch (error) {
      this.tell({ at, why: messageOf(error).replace(`cannot read ${at}: `, '') })
      return null
    }
  }
}
