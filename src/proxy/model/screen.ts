// long: one state machine over the events of a stream; what is looked for stands elsewhere
import type { Api, Piece } from './api.ts'
import { BesideTexts } from './beside-texts.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import { keptTexts } from './kept-texts.ts'
import type { ModelContent, TextFinding } from './ports.ts'
import { Slot } from './slot.ts'
import { byteOrderMark, createSseSplitter, readEvent, readEvents, writeEvent, type SseEvent, type SseSplitter } from './sse.ts'
import { countsOnlyText, UsualEvent } from './usual-event.ts'
import type { Tally } from './usage.ts'

export interface ScreenOptions {
  api: Api
  content: ModelContent
  tally: Tally
  /** Keep the chunk from the client that only exists because we asked for usage. */
  dropUsage: boolean
  /** What to send in place of an error the provider puts into its stream; `null` sends it as it is. */
  replaceError: (() => string) | null
  maxEventBytes: number
  /** Monotonic time. */
  nowMs(): number
}

interface Held {
  event: SseEvent
  parts: Part[]
  isKeepAlive: boolean
  sinceMs: number
}

/** One text of an event, and where it stands in the text it is a part of. */
interface Part {
  slot: Slot
  text: string
  start: number
  end: number
}

// A private key arrives in some 800 events of four characters; waiting for it whole would let a client starve. After
// this much the held text is treated as secret, and what follows it as long as it looks like more of the same.
const maxHeldEvents = 256
const maxHeldBytes = 65_536

// Providers show a sign of life every 10 to 15 seconds, and the shortest read timeouts of clients are about 30. Until
// then it keeps its place, so that bytes go out in the order they came in.
const patienceMs = 5_000

/**
 * Reads an event stream on its way to the client: counts it, and takes secrets out of its texts. Events are held back
 * only while their text may still become part of a secret, and leave as the bytes they came as; only an event that
 * carries part of a secret is written anew.
 */
export class Screen {
  /** Why the model stopped, as far as it was said. */
  stopReason: string | null = null
  /** Events that were written anew. */
  redactions = 0
  /** Something was found that ends the answer: what was fed and not handed out stays here. */
  cut: TextFinding['cut'] | null = null

  readonly #options: ScreenOptions
  readonly #splitter: SseSplitter
  readonly #slots = new Map<string, Slot>()
  readonly #usual = new UsualEvent()
  readonly #beside: BesideTexts
  /** Slots with text that was not looked at. */
  readonly #fresh = new Set<Slot>()
  #held: Held[] = []
  #heldBytes = 0
  /** Times that what goes out is not what came in. */
  #rewrites = 0

  constructor(options: ScreenOptions) {
    this.#options = options
    this.#beside = new BesideTexts(options.api, options.content.inArguments ?? options.content)
    this.#splitter = createSseSplitter(options.maxEventBytes)
  }

  /** @returns the bytes that may go on, in order; possibly none yet */
  feed(chunk: Buffer): Buffer[] {
    const wasIdle = this.#isIdle()
    const before = this.#rewrites
    if (chunk.includes(byteOrderMark)) this.#rewrites++
    for (const event of this.#splitter.feed(chunk)) this.#take(event)
    for (const slot of this.#fresh) slot.judge(false)
    const out = this.#release()
    return wasIdle && this.#isIdle() && this.#rewrites === before ? [chunk] : out
  }

  /** The stream ended: everything still held. */
  end(): Buffer[] {
    const rest = this.#splitter.rest()
    if (rest.length > 0) for (const event of readEvents(rest)) this.#take(event)
    for (const slot of this.#slots.values()) {
      slot.judge(true)
      this.#fresh.add(slot)
    }
    return this.#release()
  }

  /** Nothing is held, and no event is incomplete. */
  #isIdle(): boolean {
    return this.#held.length === 0 && this.#splitter.isBetweenEvents() && this.cut === null
  }

  #take(arrived: SseEvent): void {
    if (arrived.raw.length > mostSaidChars && saysTooMuch(arrived)) {
      this.cut ??= tooMuchAtOnce
      return
    }
    const event = this.#outside(arrived, this.#beside.around(arrived))
    const usual = event.data === null ? null : this.#usual.read(event.data)
    if (usual === null) return this.#parse(event)
    this.#options.tally.textBytes += Buffer.byteLength(usual.text)
    this.#hold(event, this.#placed([usual]), false)
  }

  #parse(arrived: SseEvent): void {
    const { api, tally, dropUsage, replaceError } = this.#options
    const json = arrived.data === null ? null : parseObject(arrived.data)
    const before = { ...tally }
    const stopReason = json && api.stopReason(json)
    if (json) {
      api.tally(json, tally)
      this.stopReason = stopReason ?? this.stopReason
      if (dropUsage && api.isUsageOnly(json)) return void this.#rewrites++
    }
    let pieces = json ? api.pieces(json) : []
    for (const piece of pieces) tally.textBytes += Buffer.byteLength(piece.text)
    const isKeepAlive = json ? api.isKeepAlive(json) : arrived.data === null
    let event = arrived
    if (replaceError && isError(event, json, api)) event = this.#rewritten(readEvent(Buffer.from(replaceError())))
    else if (pieces.length > 0) event = this.#outside(event, this.#beside.texts(event))
    else if (!isKeepAlive) event = this.#outside(event, this.#beside.whole(event, json))
    if (event !== arrived) pieces = piecesOf(event, api)
    const parts = this.#placed(pieces)
    const ended = this.#ended(event, json)
    for (const slot of ended) {
      slot.judge(true)
      this.#fresh.delete(slot)
      this.cut ??= slot.cut
    }
    this.#hold(event, parts, isKeepAlive)
    const saidMore = ended.length > 0 || stopReason !== null || isKeepAlive || event !== arrived
    if (pieces.length === 1 && !saidMore && countsOnlyText(before, tally)) {
      this.#usual.learn(event.data!, pieces[0]!, api.pieces)
    }
  }

  #hold(event: SseEvent, parts: Part[], isKeepAlive: boolean): void {
    this.#held.push({ event, parts, isKeepAlive, sinceMs: this.#options.nowMs() })
    this.#heldBytes += event.raw.length
  }

  #placed(pieces: readonly Pick<Piece, 'slot' | 'kind' | 'text'>[]): Part[] {
    const { inKept } = this.#options.content
    return pieces.filter(({ kind }) => kind !== 'kept' || inKept).map((piece) => this.#place(piece))
  }

  #place(piece: Pick<Piece, 'slot' | 'kind' | 'text'>): Part {
    let slot = this.#slots.get(piece.slot)
    if (!slot) {
      const { content } = this.#options
      if (piece.kind === 'json') slot = new Slot('json', content.inArguments ?? content)
      else slot = new Slot('text', piece.kind === 'kept' ? content.inKept! : content)
      this.#slots.set(piece.slot, slot)
    }
    this.#fresh.add(slot)
    const end = slot.append(piece.text)
    return { slot, text: piece.text, start: end - piece.text.length, end }
  }

  #release(): Buffer[] {
    for (const slot of this.#fresh) this.cut ??= slot.cut
    this.#fresh.clear()
    const out: Buffer[] = []
    this.#releaseDecided(out)
    if (this.cut) return out
    if (this.#held.length > maxHeldEvents || this.#heldBytes > maxHeldBytes) {
      for (const { parts } of this.#held) for (const { slot } of parts) slot.giveUp()
      this.#releaseDecided(out)
    }
    this.#releaseKeepAlives(out)
    return out
  }

  #releaseDecided(out: Buffer[]): void {
    let count = 0
    for (const next of this.#held) {
      if (!next.parts.every(({ slot, end }) => slot.decided >= end)) break
      count++
      this.#heldBytes -= next.event.raw.length
      const changed = this.#rewrite(next)
      if (changed) this.#countRewrite()
      out.push(changed ?? next.event.raw)
    }
    this.#held.splice(0, count)
  }

  /** Signs of life overtake a text that has been waiting long: the client must not take the silence for the end. */
  #releaseKeepAlives(out: Buffer[]): void {
    if (!this.#held.some(({ isKeepAlive }) => isKeepAlive)) return
    if (this.#options.nowMs() - this.#held[0]!.sinceMs < patienceMs) return
    for (const { event, isKeepAlive } of this.#held) if (isKeepAlive) out.push(event.raw)
    this.#held = this.#held.filter(({ isKeepAlive }) => !isKeepAlive)
    this.#heldBytes = this.#held.reduce((sum, { event }) => sum + event.raw.length, 0)
    this.#rewrites++
  }

  /** The slots that get no more text, which are then forgotten. */
  #ended(event: SseEvent, json: JsonObject | null): Slot[] {
    const names = event.data === '[DONE]' ? 'all' : json ? this.#options.api.endedSlots(json) : []
    const over: Slot[] = []
    if (names.length === 0) return over
    for (const [name, slot] of this.#slots) {
      if (names !== 'all' && !names.some((pattern) => name.startsWith(pattern.slice(0, -1)))) continue
      over.push(slot)
      this.#slots.delete(name)
    }
    return over
  }

  /** @returns `null` when nothing is to be taken out of it */
  #rewrite({ event, parts }: Held): Buffer | null {
    const clean = parts.map(({ slot, text, start }) => slot.redacted(text, start))
    if (clean.every((text) => text === null)) return null
    const json = parseObject(event.data!)!
    const { api, content } = this.#options
    const pieces = api.pieces(json).filter((piece) => piece.kind !== 'kept' || content.inKept)
    for (const [index, text] of clean.entries()) if (text !== null) pieces[index]!.set(text)
    return writeEvent(event, JSON.stringify(json))
  }

  /** @param clean the very same event when there was nothing to take out of it */
  #outside(event: SseEvent, clean: SseEvent): SseEvent {
    this.cut ??= this.#beside.cut
    if (clean !== event) this.#countRewrite()
    return clean
  }

  #rewritten(event: SseEvent): SseEvent {
    this.#rewrites++
    return event
  }

  #countRewrite(): void {
    this.redactions++
    this.#rewrites++
  }
}

// Responses repeats at its end all it said, and in front what it was asked with: some hundred thousand characters each.
const mostSaidChars = 1_048_576

const tooMuchAtOnce = { rule: 'inspect.event-too-large', reason: 'an event of the stream is larger than can be looked through at once' }

/** Pictures and sound, and what the provider encrypted for itself, are not looked through. */
function saysTooMuch({ data, around }: SseEvent): boolean {
  const json = data === null ? null : parseObject(data)
  if (json === null) return true
  let keptChars = 0
  for (const kept of keptTexts(json, 'provider')) keptChars += kept.length
  return data!.length - keptChars + around.length > mostSaidChars
}

function piecesOf({ data }: SseEvent, api: Api): Piece[] {
  const json = data === null ? null : parseObject(data)
  return json ? api.pieces(json) : []
}

function isError(event: SseEvent, json: JsonObject | null, api: Api): boolean {
  if (event.name === 'error' || (json?.error !== undefined && json.error !== null)) return true
  return json !== null && api.isFailure(json)
}
