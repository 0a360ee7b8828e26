import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import { parseBinaryPlist, plistText, type Machine } from '../../host/index.ts'
import { shownDeep } from '../shown-evidence.ts'
import { admitIndicators } from './admit.ts'
import type { PlaceKind } from './behaviour.ts'
import { behaviours } from './behaviours.ts'
import { cellsOf, type Cell } from './database.ts'
import { shippedIndicators } from './indicator-list.ts'
import type { Confidence, Indicator } from './indicator.ts'
import { looksLikeOpenclaw } from './look-alike.ts'
import { compileIndicators } from './match-indicators.ts'
import { nextSteps, stepFor } from './next-steps.ts'
import { placesOn, type Place } from './places.ts'
import { lineOf, scanText, type Knowledge, type Trace } from './scan-text.ts'
import { textsOfEvent } from './transcript.ts'
import { filesOf, type FoundFile, type Unread } from './walk.ts'

export interface CompromiseHit {
  indicator: string
  family: string
  means: string
  /** `file:line`, `file: table.column row 3`, or a file by its name. */
  at: string
  area: string
  /** How it had to be decoded, outermost first. */
  decoding: readonly string[]
  confidence: Confidence
  source: string
  next: string
}

export interface Assessment {
  /** `hit`: something certain; `suspicious`: something to look at; else nothing was found in what could be read. */
  verdict: 'hit' | 'suspicious' | 'clean-as-far-as-looked'
  hits: readonly CompromiseHit[]
  /** What was looked at, by area. */
  looked: readonly { area: string; files: number; bytes: number }[]
  unread: readonly Unread[]
  knowledge: { indicators: number; behaviours: number; newest: string }
  next: readonly string[]
  seconds: number
}

export interface AssessRequest {
  home: string
  stateDir: string | null
  config: string | null
  /** More indicators, admitted like our own. */
  indicators?: readonly Indicator[]
  /** Hardshell's own log, where there is one: who went where. Read by the machine that holds it. */
  auditLog?: string | null
  /** Whole looks end after this; what is left is told as not looked at. */
  deadlineMs?: number
}

export interface AssessPorts {
  machine: Machine
  /** Where a file of the machine lies on this one, for what has to be opened as a file; `null` when it does not. */
  realPath(path: string): Promise<string | null>
  /** Milliseconds that only go forward. */
  now(): number
}

// The promise is half a minute; the rest is for the sentence at the end.
const usualDeadlineMs = 25_000
// Larger texts than this are logs: their newest part is looked at by whoever follows logs.
const maxFileBytes = 64 * 1024 * 1024
// Whole up to here, so that a rule sees what belongs together; then in windows that overlap.
const windowUnits = 262_144
// A text made to be slow must not keep the look from the others. Honest ones take a tenth of a second for each window.
const slowMs = 3000
const overlapUnits = 4096
const maxHits = 1000

/**
 * "Was I hit?": looks for traces of known attacks and for what only attacks do. Reads, and nothing else: no file is
 * written beside what is looked at, nothing is run, nothing is asked over the network.
 */
export async function assess(request: AssessRequest, ports: AssessPorts): Promise<Assessment> {
  const indicators = admitIndicators([...shippedIndicators, ...(request.indicators ?? [])])
  const look = new Look({ indicators: compileIndicators(indicators), behaviours }, ports, request.deadlineMs ?? usualDeadlineMs)
  const places = await placesOn(ports.machine, request)
  const log = request.auditLog ?? null
  const ours: Place[] = log === null ? [] : [{ area: "Hardshell's own log", kind: 'egress', path: log, depth: 0 }]
  for (const place of [...places, ...ours]) await look.at(place)
  if (look.unlisted > 0) look.unread.push({ at: 'this list', why: `${look.unlisted} more traces after the first ${maxHits} are not in it` })
  const verdict = look.hits.some(({ confidence }) => confidence === 'certain') ? 'hit' : look.hits.length > 0 ? 'suspicious' : 'clean-as-far-as-looked'
  return {
    verdict,
    hits: shownDeep(look.hits.toSorted((a, b) => Number(a.confidence === 'likely') - Number(b.confidence === 'likely'))),
    looked: [...look.looked].map(([area, counts]) => ({ area, ...counts })),
    unread: shownDeep(look.unread),
    knowledge: { indicators: indicators.length, behaviours: behaviours.length, newest: indicators.map(({ date }) => date).toSorted().at(-1)! },
    next: shownDeep(nextSteps(verdict, look.hits)),
    seconds: Math.round(ports.now() - look.started) / 1000,
  }
}

/** One look: what was found, what was seen, what was not. */
class Look {
  readonly hits: CompromiseHit[] = []
  readonly looked = new Map<string, { files: number; bytes: number }>()
  readonly unread: Unread[] = []
  readonly started: number
  unlisted = 0
  private readonly seen = new Set<string>()
  private readonly known: Knowledge
  private readonly ports: AssessPorts
  private readonly deadlineMs: number

  constructor(known: Knowledge, ports: AssessPorts, deadlineMs: number) {
    this.known = known
    this.ports = ports
    this.deadlineMs = deadlineMs
    this.started = ports.now()
  }

  async at(place: Place): Promise<void> {
    if (this.isLate()) return void this.unread.push({ at: place.path, why: 'out of time' })
    const files = await filesOf(this.ports.machine, place, { unread: this.unread, isLate: () => this.isLate() })
    for (const [index, file] of files.entries()) {
      if (this.seen.has(file.path)) continue
      if (this.isLate()) return void this.unread.push({ at: place.path, why: `out of time: ${files.length - index} of ${files.length} files were not looked at` })
      this.seen.add(file.path)
      await this.file(file)
    }
  }

  private async file(file: FoundFile): Promise<void> {
    const { place, path } = file
    this.byName(file)
    if (place.namesOnly === true) return this.count(file)
    try {
      if (path.endsWith('.sqlite')) await this.database(file)
      else await this.text(file)
      this.count(file)
    } catch (error) {
      this.unread.push({ at: path, why: messageOf(error).replace(`cannot read ${path}: `, '') })
    }
  }

  private async text({ place, path }: FoundFile): Promise<void> {
    const read = await this.ports.machine.text(path, maxFileBytes)
    if (read === null) return
    const text = read.startsWith('bplist') ? await this.propertyList(path) : read
    if (this.known.indicators.hasDigests) this.byDigest(text, place, path)
    if (path.endsWith('.jsonl') || place.kind === 'egress') return this.events(text, place, path)
    const begun = this.ports.now()
    for (const { start, part } of windowsOf(text)) {
      if (this.isLate() || this.ports.now() - begun > slowMs) return void this.unread.push({ at: path, why: `takes too long: looked at its end and up to line ${lineOf(text, start)}` })
      for (const trace of scanText(part, place.kind, this.known)) this.add(trace, place, `${path}:${lineOf(text, start + trace.start)}`)
    }
  }

  /** What launchd reads, as lines: the bytes themselves hold every text, and none of them beside what it belongs to. */
  private async propertyList(path: string): Promise<string> {
    const bytes = (await this.ports.machine.bytes?.(path, maxFileBytes)) ?? null
    if (bytes === null) throw new Error('a binary property list')
    return plistText(parseBinaryPlist(bytes))
  }

  /** One event a line, which is how OpenClaw writes transcripts and we write our log. */
  private events(text: string, place: Place, path: string): void {
    let line = 0
    for (const event of text.split('\n')) {
      line++
      if (event !== '') this.event(event, place, `${path}:${line}`)
      if (line % 256 === 0 && this.isLate()) return void this.unread.push({ at: path, why: `out of time after line ${line}` })
    }
  }

  private event(event: string, place: Place, at: string): void {
    for (const { text, kind } of textsOfEvent(event)) {
      const as: PlaceKind = place.kind === 'egress' ? 'egress' : kind
      for (const { part } of windowsOf(text)) {
        if (this.isLate()) return
        for (const trace of scanText(part, as, this.known)) this.add(trace, place, at)
      }
    }
  }

  private async database({ place, path }: FoundFile): Promise<void> {
    const real = await this.ports.realPath(path)
    if (real === null) throw new Error('not on this machine')
    let count = 0
    for (const { at, text } of cellsOf(real) as Iterable<Cell>) {
      this.event(text, place, `${path}: ${at}`)
      if (++count % 256 === 0 && this.isLate()) return void this.unread.push({ at: path, why: `out of time after ${count} values` })
    }
  }

  private byName({ place, path, executable }: FoundFile): void {
    const name = posix.basename(path)
    const scoped = posix.basename(posix.dirname(path)).startsWith('@') ? `${posix.basename(posix.dirname(path))}/${name}` : name
    for (const one of [...new Set([...this.known.indicators.byName(name), ...this.known.indicators.byName(scoped)])]) this.add({ ...one, start: 0, decoding: [] }, place, path)
    if (place.area === 'npm packages' && looksLikeOpenclaw(scoped)) {
      this.add({ id: 'behaviour.look-alike-package', family: 'behaviour', means: 'a package whose name is one slip away from OpenClaw’s, beside or instead of it', source: 'Veracode: more than 1,000 "claw" packages on npm and PyPI, 2026', confidence: 'likely', start: 0, decoding: [] }, place, path)
    }
    if (place.area === 'temporary folders' && executable && name.startsWith('.')) {
      this.add({ id: 'behaviour.hidden-program', family: 'behaviour', means: 'a program that does not want to be seen, in a folder everybody may write to', source: 'MITRE ATT&CK T1564.001', confidence: 'likely', start: 0, decoding: [] }, place, path)
    }
  }

  private byDigest(text: string, place: Place, path: string): void {
    if (text.includes('\ufffd')) return // not text: its bytes were not read as they are
    for (const one of this.known.indicators.byDigest(createHash('sha256').update(text).digest('hex'))) this.add({ ...one, start: 0, decoding: [] }, place, path)
  }

  private add(trace: Trace, { area }: Place, at: string): void {
    const { id, family, means, source, confidence, decoding } = trace
    if (this.hits.some((hit) => hit.indicator === id && hit.at === at)) return
    if (this.hits.length >= maxHits) return void this.unlisted++
    this.hits.push({ indicator: id, family, means, at, area, decoding, confidence, source, next: stepFor(area) })
  }

  private count({ place: { area }, bytes }: FoundFile): void {
    const before = this.looked.get(area) ?? { files: 0, bytes: 0 }
    this.looked.set(area, { files: before.files + 1, bytes: before.bytes + bytes })
  }

  private isLate(): boolean {
    return this.ports.now() - this.started > this.deadlineMs
  }
}

function* windowsOf(text: string): Generator<{ start: number; part: string }> {
  // The end comes second: time may run out in between, and what is added to a file is added there.
  const last = Math.max(0, text.length - windowUnits)
  if (last > 0) yield { start: last, part: text.slice(last) }
  for (let start = 0; start === 0 || start < last; start += windowUnits - overlapUnits) yield { start, part: text.slice(start, start + windowUnits) }
}
