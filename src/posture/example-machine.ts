import { posix } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HardshellError } from '../base/index.ts'
import type { FileStatus, Machine } from '../host/index.ts'
import { applyChanges } from '../openclaw/index.ts'
import { withLine, type Change } from './change.ts'
import type { Example, ExampleFile } from './example.ts'
import type { Subject } from './subject.ts'
import { withYaml } from './yaml-change.ts'
import { fromHome } from './home-folder.ts'

const home = '/home/claw'
const stateDir = `${home}/.openclaw`
const configPath = `${stateDir}/openclaw.json`
const guard = { configDir: '/etc/openclaw', stateDir: '/var/lib/hardshell' }
/** 2026-11-21 12:00 UTC: ages in examples are counted from here. */
const now = Date.UTC(2026, 10, 21, 12)

/** A machine in memory that an example describes; `apply` is what harden does, without its care. */
export class ExampleMachine implements Machine {
  readonly home = home
  readonly live = true
  readonly platform: Machine['platform']
  readonly uid: number
  readonly env: Machine['env']
  private readonly entries = new Map<string, Required<ExampleFile>>()
  private runs: Example['runs']
  private readonly example: Example
  private readonly guarded: boolean

  constructor(example: Example) {
    this.example = example
    this.platform = example.platform ?? 'linux'
    this.uid = example.uid ?? 1000
    this.env = { HOME: home, ...example.env }
    this.runs = example.runs ?? {}
    this.guarded = Object.keys(example.files ?? {}).some((name) => name.startsWith('$GUARD'))
    const text = example.configText ?? (example.config === undefined ? undefined : JSON.stringify(example.config, null, 2))
    if (text !== undefined) this.put(configPath, { text })
    this.putAll(example.files)
  }

  subject(): Subject {
    const config = this.entries.has(configPath) ? configPath : null
    return { host: this, files: this, config, stateDir: this.entries.has(stateDir) ? stateDir : null, guard: this.guarded ? guard : null, now }
  }

  async text(path: string): Promise<string | null> {
    const entry = this.follow(path)
    if (entry === null) return null
    if (entry.kind !== 'file') throw new HardshellError('host.unreadable', `cannot read ${path}: not a file`)
    return entry.text
  }

  /** A file that is no text stands in an example with one character for each of its bytes. */
  async bytes(path: string): Promise<Buffer | null> {
    const text = await this.text(path)
    return text === null ? null : Buffer.from(text, 'latin1')
  }

  /** A database in an example is the statements that make it. */
  async rows(path: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[] | null> {
    const statements = await this.text(path)
    if (statements === null) return null
    const database = new DatabaseSync(':memory:')
    try {
      database.exec(statements)
      return database.prepare(query).all()
    } finally {
      database.close()
    }
  }

  async names(path: string): Promise<readonly string[] | null> {
    const entry = this.follow(path)
    if (entry === null) return null
    if (entry.kind !== 'folder') throw new HardshellError('host.unreadable', `cannot read ${path}: ENOTDIR`)
    const here = path === '/' ? '/' : `${path}/`
    const below = [...this.entries.keys()].filter((name) => name.startsWith(here) && name !== here)
    return [...new Set(below.map((name) => name.slice(here.length).split('/')[0]!))].sort()
  }

  async status(path: string): Promise<FileStatus | null> {
    const entry = this.entries.get(path)
    if (!entry) return null
    const { kind, mode, uid, gid, modifiedMs, target, text } = entry
    return { kind, mode, uid, gid, size: Buffer.byteLength(text), modifiedMs, target: kind === 'link' ? target : null }
  }

  /** Told by an example as what `git log OBJECTS TIPS` prints. */
  async gitPatches(objects: string, tips: readonly string[]): ReturnType<NonNullable<Machine['gitPatches']>> {
    const ran = await this.run(['git', 'log', objects, ...tips])
    if (ran !== null && ran.status !== 0) throw new Error(ran.err)
    return ran === null ? null : { text: ran.out, whole: true }
  }

  async run(command: readonly string[]): ReturnType<Machine['run']> {
    const ran = this.runs?.[command.join(' ')]
    if (ran !== undefined) return typeof ran === 'string' ? { status: 0, out: ran, err: '' } : { err: '', ...ran }
    const installed = Object.keys(this.runs ?? {}).some((known) => known.split(' ')[0] === command[0])
    return installed ? { status: 1, out: '', err: `the example does not say what "${command.join(' ')}" prints` } : null
  }

  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'setting') {
        this.put(configPath, { text: applyChanges(this.entries.get(configPath)?.text ?? '{}', [change]) })
      } else if (change.kind === 'line') {
        const before = this.entries.get(change.path)
        this.put(change.path, { ...before, text: withLine(before?.text ?? null, change), mode: before?.mode ?? change.mode ?? 0o644 })
      } else if (change.kind === 'yaml') {
        const before = this.entries.get(change.path)
        this.put(change.path, { ...before, text: withYaml(before?.text ?? null, change), mode: before?.mode ?? change.mode ?? 0o600 })
      } else if (change.kind === 'file') {
        const before = this.entries.get(change.path)
        if (change.to === null) this.entries.delete(change.path)
        else this.put(change.path, { ...before, text: change.to, mode: change.mode ?? before?.mode ?? 0o600 })
      } else if (change.kind === 'command') {
        this.runs = { ...this.runs, ...this.example.fixedRuns }
        this.putAll(this.example.fixedFiles)
      } else {
        const entry = this.entries.get(change.path)
        if (!entry) throw new Error(`${change.path} is not in the example`)
        Object.assign(entry, change.kind === 'mode' ? { mode: change.to } : change.to)
      }
    }
  }

  private putAll(files: Example['files']): void {
    for (const [name, file] of Object.entries(files ?? {})) {
      const path = fromHome(name, home).replace(/^\$STATE/, stateDir).replace(/^\$GUARD_STATE/, guard.stateDir).replace(/^\$GUARD/, guard.configDir)
      this.put(path, typeof file === 'string' ? { text: file } : file)
    }
  }

  private put(path: string, file: ExampleFile): void {
    const kind = file.kind ?? 'file'
    const owner = path.startsWith(home) ? 1000 : 0
    const fallback = { mode: kind === 'folder' ? 0o700 : 0o600, uid: owner, gid: owner, target: '', text: '', modifiedMs: now }
    this.entries.set(path, { ...fallback, ...file, kind })
    for (let above = posix.dirname(path); !this.entries.has(above); above = posix.dirname(above)) {
      const mine = above.startsWith(home) ? 1000 : 0
      this.entries.set(above, { ...fallback, kind: 'folder', mode: above.startsWith(stateDir) ? 0o700 : 0o755, uid: mine, gid: mine })
    }
  }

  private follow(path: string): Required<ExampleFile> | null {
    const entry = this.entries.get(path)
    if (entry?.kind !== 'link') return entry ?? null
    return this.follow(posix.resolve(posix.dirname(path), entry.target))
  }
}
