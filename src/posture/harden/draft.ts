import { posix } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { HardshellError } from '../../base/index.ts'
import type { FileStatus, Machine } from '../../host/index.ts'
import { parts, type Change, type Part } from '../change.ts'
import { changedMeanwhile, edited } from './edit.ts'
import { digestOf, type Hands, type Rights, type Seen } from './hands.ts'
import type { Wanted } from './merge.ts'
import type { CommandStep, PathStep, Side, Step } from './step.ts'

/** Which paths lie where, and who touches them. */
export interface Ground {
  /** Absolute path of `openclaw.json`. */
  config: string | null
  sideOf(path: string): Side
  hands: Readonly<Record<Side, Hands | null>>
}

interface Entry {
  on: Side
  path: string
  before: Seen | null
  now: (Rights & { bytes: Buffer | null; kind: Seen['kind'] }) | null
  checks: Set<string>
  part: Part
}

/**
 * The machine as it would be. Changes are worked in here first, in memory: checks and guards judge the result before
 * anything is touched, and many changes of one file become one.
 */
export class Draft {
  private readonly ground: Ground
  private readonly entries = new Map<string, Entry>()
  private readonly commands: CommandStep[] = []

  constructor(ground: Ground) {
    this.ground = ground
  }

  /** @throws HardshellError `posture.changed-meanwhile` when the place does not read as judged, `posture.not-ours` */
  async work(wanted: Wanted): Promise<void> {
    const { change, checks, part } = wanted
    if (change.kind === 'command') {
      const known = this.commands.findIndex((step) => isDeepStrictEqual(step.do, change.do))
      const step: CommandStep = { kind: 'command', part, checks, do: change.do, undo: change.undo, means: change.means }
      if (known === -1) this.commands.push(step)
      else this.commands[known] = { ...this.commands[known]!, checks: [...new Set([...this.commands[known]!.checks, ...checks])] }
      return
    }
    const path = change.kind === 'setting' ? this.ground.config : change.path
    if (path === null) throw new HardshellError('posture.changed-meanwhile', 'there is no openclaw.json any more')
    const entry = await this.entry(path, part, change.kind === 'mode' || change.kind === 'owner' ? 'rights' : 'bytes')
    worked(entry, change)
    for (const check of checks) entry.checks.add(check)
    if (parts.indexOf(part) > parts.indexOf(entry.part)) entry.part = part
  }

  /** What has to be done, in the order of parts; folders that files need come right before them. */
  async steps(): Promise<readonly Step[]> {
    const steps: Step[] = []
    for (const entry of this.entries.values()) steps.push(...(await this.stepsOf(entry, steps)))
    // A package is installed before its files are written, a firewall opened before it is switched on: in the order the checks name them.
    const ordered = [...this.commands.filter(isInstallation), ...steps, ...this.commands.filter((command) => !isInstallation(command))]
    return parts.flatMap((part) => ordered.filter((step) => step.part === part))
  }

  /** The bytes a step is to leave behind. */
  contentOf(step: PathStep): Buffer {
    return this.entries.get(`${step.on} ${step.path}`)!.now!.bytes!
  }

  /** The bytes that were there; kept by whoever wants to put them back. */
  formerly(step: PathStep): Seen | null {
    return this.entries.get(`${step.on} ${step.path}`)?.before ?? null
  }

  /** Whether anything was planned there, and what stood there before. */
  knows(on: Side, path: string): boolean {
    return this.entries.has(`${on} ${path}`)
  }

  formerlyAt(on: Side, path: string): Seen | null {
    return this.entries.get(`${on} ${path}`)!.before
  }

  /** A file as it would be; `null` where nothing is planned, or no file. */
  fileAt(on: Side, path: string): (Rights & { bytes: Buffer }) | null {
    const now = this.entries.get(`${on} ${path}`)?.now
    return now == null || now.bytes === null ? null : { ...rightsOf(now), bytes: now.bytes }
  }

  /** A machine as it would look to a reader; programs still tell of the present one. */
  machine(base: Machine, side: Side): Machine {
    const changed = (path: string): Entry | undefined => this.entries.get(`${side} ${path}`)
    const made = [...this.entries.values()].filter((entry) => entry.on === side && entry.before === null && entry.now !== null)
    const below = (folder: string): string[] => made.filter(({ path }) => path.startsWith(folder === '/' ? '/' : `${folder}/`)).map(({ path }) => path.slice(folder === '/' ? 1 : folder.length + 1).split('/')[0]!)
    return {
      platform: base.platform,
      home: base.home,
      uid: base.uid,
      env: base.env,
      live: base.live,
      run: async (command, timeoutMs) => await base.run(command, timeoutMs),
      rows: async (path, query) => await base.rows(path, query),
      text: async (path, maxBytes) => {
        const entry = changed(path)
        return entry === undefined || entry.now?.bytes === null ? await base.text(path, maxBytes) : (entry.now?.bytes.toString('utf8') ?? null)
      },
      names: async (path) => {
        const names = (await base.names(path))?.filter((name) => changed(posix.join(path, name))?.now !== null) ?? null
        const added = below(path)
        return added.length === 0 ? names : [...new Set([...(names ?? []), ...added])].sort()
      },
      status: async (path) => {
        const entry = changed(path)
        if (entry === undefined) return below(path).length > 0 ? ((await base.status(path)) ?? folderStatus) : await base.status(path)
        return entry.now === null ? null : { ...emptyStatus, ...(await base.status(path)), ...statusOf(entry.now) }
      },
    }
  }

  /** What only changes hands may be a database of gigabytes: its bytes are read when somebody changes them. */
  private async entry(path: string, part: Part, what: 'bytes' | 'rights'): Promise<Entry> {
    const on = this.ground.sideOf(path)
    const known = this.entries.get(`${on} ${path}`)
    if (known && (what === 'rights' || known.before?.kind !== 'file' || known.before.bytes !== null)) return known
    const before = await this.handsOf(on, path).look(path, what)
    if (known) {
      if (before === null || !isDeepStrictEqual(rightsOf(before), rightsOf(known.before!))) throw changedMeanwhile(path)
      known.before = before
      known.now = { ...known.now!, bytes: before.bytes }
      return known
    }
    const entry: Entry = { on, path, before, now: before === null ? null : { ...before }, checks: new Set(), part }
    this.entries.set(`${on} ${path}`, entry)
    return entry
  }

  private handsOf(side: Side, path: string): Hands {
    const hands = this.ground.hands[side]
    if (hands === null) throw new HardshellError('posture.not-applied', `${path} lies on a machine that was not given`, { hint: 'hardshell harden --host-root DIR' })
    return hands
  }

  private async stepsOf(entry: Entry, before: readonly Step[]): Promise<Step[]> {
    const of = { on: entry.on, path: entry.path, part: entry.part, checks: [...entry.checks].sort() }
    const [was, now] = [entry.before, entry.now]
    if (isDeepStrictEqual(was, now)) return []
    if (was !== null && now !== null && (was.bytes === null || was.bytes.equals(now.bytes!))) {
      return [{ ...of, kind: 'rights', of: was.kind, before: rightsOf(was), after: rightsOf(now) }]
    }
    const folders = was === null ? await this.foldersFor(entry, before) : []
    if (was === null) Object.assign(now!, await this.ownerFor(entry, folders))
    return [...folders, { ...of, kind: 'content', before: was === null ? null : contentOf(was), after: now === null ? null : contentOf(now) }]
  }

  private async foldersFor({ on, path, part, checks }: Entry, steps: readonly Step[]): Promise<Extract<Step, { kind: 'folder' }>[]> {
    const missing: Extract<Step, { kind: 'folder' }>[] = []
    const hands = this.handsOf(on, path)
    const known = new Map(steps.flatMap((step) => (step.kind === 'folder' && step.on === on ? [[step.path, step] as const] : [])))
    for (let folder = posix.dirname(path); folder !== '/' && (await hands.look(folder, 'rights')) === null; folder = posix.dirname(folder)) {
      const made = known.get(folder)
      if (made !== undefined) {
        // Whoever needs it first has it made.
        if (parts.indexOf(made.part) > parts.indexOf(part)) made.part = part
        continue
      }
      // Below /etc everybody may look, elsewhere the folder is as private as what is put into it.
      missing.unshift({ kind: 'folder', on, path: folder, part, checks: [...checks].sort(), after: { mode: folder.startsWith('/etc/') ? 0o755 : 0o700, uid: 0, gid: 0 } })
    }
    if (missing.length === 0) return []
    const owner = await this.ownerOf(on, posix.dirname(missing[0]!.path))
    return missing.map((step) => ({ ...step, after: { ...step.after, ...owner } }))
  }

  /** What is new belongs to whoever has the folder. */
  private async ownerFor({ on, path }: Entry, folders: readonly Extract<Step, { kind: 'folder' }>[]): Promise<{ uid: number; gid: number }> {
    const made = folders.at(-1)?.after
    return made === undefined ? await this.ownerOf(on, posix.dirname(path)) : { uid: made.uid, gid: made.gid }
  }

  private async ownerOf(on: Side, folder: string): Promise<{ uid: number; gid: number }> {
    const seen = await this.handsOf(on, folder).look(folder, 'rights')
    return { uid: seen?.uid ?? process.geteuid?.() ?? 0, gid: seen?.gid ?? process.getegid?.() ?? 0 }
  }
}

function isInstallation({ do: [program] }: CommandStep): boolean {
  return program === 'apt-get' || program === 'dnf'
}

function worked(entry: Entry, change: Exclude<Change, { kind: 'command' }>): void {
  if (change.kind === 'mode' || change.kind === 'owner') {
    const now = entry.now
    if (now === null || (change.kind === 'mode' ? now.mode !== change.from : now.uid !== change.from.uid || now.gid !== change.from.gid)) throw changedMeanwhile(entry.path)
    Object.assign(now, change.kind === 'mode' ? { mode: change.to } : change.to)
    return
  }
  if (entry.now?.kind === 'folder') throw new HardshellError('posture.not-ours', `${entry.path} is a folder where a file is expected`)
  const text = textOf(entry)
  const after = edited(text, change, entry.path)
  const fresh = entry.before === null ? freshMode(change) : undefined
  const mode = change.kind === 'file' ? (change.mode ?? fresh) : fresh
  entry.now = after === null ? null : { kind: 'file', uid: 0, gid: 0, mode: 0o600, ...(entry.now ?? entry.before), ...(mode === undefined ? {} : { mode }), bytes: Buffer.from(after) }
}

function freshMode(change: Change): number {
  if (change.kind === 'line') return change.mode ?? 0o644
  return (change.kind === 'file' || change.kind === 'yaml' ? change.mode : undefined) ?? 0o600
}

function textOf({ now, path }: Entry): string | null {
  if (now === null) return null
  const text = now.bytes!.toString('utf8')
  if (!Buffer.from(text).equals(now.bytes!)) throw new HardshellError('posture.not-ours', `${path} is not UTF-8: it is not edited`)
  return text
}

function rightsOf({ mode, uid, gid }: Rights): Rights {
  return { mode, uid, gid }
}

function contentOf(file: Rights & { bytes: Buffer | null }): Rights & { sha256: string } {
  return { ...rightsOf(file), sha256: digestOf(file.bytes!) }
}

const emptyStatus: FileStatus = { kind: 'file', mode: 0o600, uid: 0, gid: 0, size: 0, modifiedMs: 0, target: null }
const folderStatus: FileStatus = { ...emptyStatus, kind: 'folder', mode: 0o755 }

function statusOf({ kind, mode, uid, gid, bytes }: NonNullable<Entry['now']>): Partial<FileStatus> {
  return { kind, mode, uid, gid, target: null, ...(bytes === null ? {} : { size: bytes.length }) }
}
