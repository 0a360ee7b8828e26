import type { Api, Piece } from './api.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import type { ModelContent } from './ports.ts'
import { redactJson } from './redact-json.ts'
import { Slot } from './slot.ts'
import { createSseSplitter, readEvent, writeEvent, type SseEvent, type SseSplitter } from './sse.ts'
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
}

interface Held {
  event: SseEvent
  json: JsonObject | null
  parts: { piece: Piece; slot: Slot; start: number; end: number }[]
}

// A private key arrives in some 800 events of four characters; waiting for it whole would let a client starve. After
// this much the held text is treated as secret, and what follows it as long as it looks like more of the same.
const maxHeldEvents = 256
const maxHeldBytes = 65_536

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

  readonly #options: ScreenOptions
  readonly #splitter: SseSplitter
  readonly #slots = new Map<string, Slot>()
  readonly #held: Held[] = []
  #heldBytes = 0

  constructor(options: ScreenOptions) {
    this.#options = options
    this.#splitter = createSseSplitter(options.maxEventBytes)
  }

  /** @returns the bytes that may go on, in order; possibly none yet */
  feed(chunk: Buffer): Buffer[] {
    const out: Buffer[] = []
    for (const event of this.#splitter.feed(chunk)) this.#take(event, out)
    return out
  }

  /** The stream ended: everything still held. */
  end(): Buffer[] {
    const out: Buffer[] = []
    const rest = this.#splitter.rest()
    if (rest.length > 0) this.#take(readEvent(rest), out)
    for (const slot of this.#slots.values()) slot.judge(true)
    this.#release(out)
    return out
  }

  #take(arrived: SseEvent, out: Buffer[]): void {
    const { api, tally, dropUsage, replaceError } = this.#options
    const json = arrived.data === null ? null : parseObject(arrived.data)
    if (json) {
      api.tally(json, tally)
      this.stopReason = api.stopReason(json) ?? this.stopReason
      if (dropUsage && api.isUsageOnly(json)) return
    }
    const pieces = json ? api.pieces(json) : []
    for (const piece of pieces) tally.textBytes += Buffer.byteLength(piece.text)
    let event = arrived
    if (replaceError && isError(event, json)) event = readEvent(Buffer.from(replaceError()))
    else if (pieces.length === 0) event = this.#redactWhole(event, json)
    const parts = pieces.filter((piece) => piece.kind !== 'kept').map((piece) => this.#place(piece))
    for (const slot of new Set(parts.map((part) => part.slot))) slot.judge(false)
    for (const slot of this.#ended(event, json)) slot.judge(true)
    this.#held.push({ event, json, parts })
    this.#heldBytes += event.raw.length
    this.#release(out)
    this.#boundHeld(out)
  }

  #place(piece: Piece): Held['parts'][number] {
    let slot = this.#slots.get(piece.slot)
    if (!slot) {
      slot = new Slot(piece.kind === 'json' ? 'json' : 'text', this.#options.content)
      this.#slots.set(piece.slot, slot)
    }
    const end = slot.append(piece.text)
    return { piece, slot, start: end - piece.text.length, end }
  }

  #release(out: Buffer[]): void {
    while (this.#held.length > 0 && this.#held[0]!.parts.every(({ slot, end }) => slot.decided >= end)) {
      const next = this.#held.shift()!
      this.#heldBytes -= next.event.raw.length
      const changed = rewrite(next)
      if (changed) this.redactions++
      out.push(changed ?? next.event.raw)
    }
  }

  #boundHeld(out: Buffer[]): void {
    if (this.#held.length <= maxHeldEvents && this.#heldBytes <= maxHeldBytes) return
    for (const { parts } of this.#held) for (const { slot } of parts) slot.giveUp()
    this.#release(out)
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

  /** Events that carry no running text may still carry whole ones (search results, citations). */
  #redactWhole(event: SseEvent, json: JsonObject | null): SseEvent {
    const { content } = this.#options
    if (event.data === null || event.data === '[DONE]') return event
    if (json === null) {
      const clean = content.redactSecrets(event.data)
      return clean === event.data ? event : this.#rewritten(event, clean.replaceAll(/[\r\n]+/g, ' '))
    }
    const result = redactJson(event.data, content)
    if (result.ok && result.found === 0) return event
    return this.#rewritten(event, result.ok ? result.text : '{}')
  }

  #rewritten(event: SseEvent, data: string): SseEvent {
    this.redactions++
    return { ...event, data, raw: writeEvent(event, data) }
  }
}

function rewrite({ event, json, parts }: Held): Buffer | null {
  let changed = false
  for (const { piece, slot, start } of parts) {
    const clean = slot.redacted(piece.text, start)
    if (clean === null) continue
    piece.set(clean)
    changed = true
  }
  return changed ? writeEvent(event, JSON.stringify(json)) : null
}

function isError(event: SseEvent, json: JsonObject | null): boolean {
  return event.name === 'error' || json?.type === 'error' || (json?.error !== undefined && json.error !== null)
}
