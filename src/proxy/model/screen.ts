import type { Api, Piece } from './api.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import type { ModelContent } from './ports.ts'
import { redactJson } from './redact-json.ts'
import { createSlot, type Slot } from './slot.ts'
import { createSseSplitter, readEvent, writeEvent, type SseEvent } from './sse.ts'
import type { Tally } from './usage.ts'

/** Reads an event stream on its way to the client: counts it, and takes secrets out of its texts. */
export interface Screen {
  /** @returns the bytes that may go on, in order; possibly none yet */
  feed(chunk: Buffer): Buffer[]
  /** The stream ended: everything still held. */
  end(): Buffer[]
  stopReason(): string | null
  redactions(): number
}

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
 * Events are held back only while their text may still become part of a secret, and leave as the bytes they came as;
 * only an event that carries part of a secret is written anew.
 */
export function createScreen(options: ScreenOptions): Screen {
  const { api, content, tally } = options
  const splitter = createSseSplitter(options.maxEventBytes)
  const slots = new Map<string, Slot>()
  const held: Held[] = []
  let heldBytes = 0
  let stop: string | null = null
  let redactions = 0

  const slotOf = (piece: Piece): Slot => {
    const known = slots.get(piece.slot)
    if (known) return known
    const slot = createSlot(piece.kind === 'json' ? 'json' : 'text', content)
    slots.set(piece.slot, slot)
    return slot
  }

  const release = (out: Buffer[]): void => {
    while (held.length > 0 && held[0]!.parts.every(({ slot, end }) => slot.decided() >= end)) {
      const next = held.shift()!
      heldBytes -= next.event.raw.length
      const changed = rewrite(next)
      if (changed) redactions++
      out.push(changed ?? next.event.raw)
    }
  }

  const take = (event: SseEvent, out: Buffer[]): void => {
    const json = event.data === null ? null : parseObject(event.data)
    if (json) {
      api.tally(json, tally)
      stop = api.stopReason(json) ?? stop
      if (options.dropUsage && api.isUsageOnly(json)) return
    }
    if (isError(event, json) && options.replaceError) event = readable(options.replaceError())
    const pieces = json ? api.pieces(json) : []
    for (const piece of pieces) tally.textBytes += Buffer.byteLength(piece.text)
    const parts = pieces.filter((piece) => piece.kind !== 'kept').map((piece) => placed(piece, slotOf(piece)))
    if (pieces.length === 0) event = redactWhole(event)
    for (const slot of new Set(parts.map((part) => part.slot))) slot.judge(false)
    for (const slot of ended(event, json)) slot.judge(true)
    held.push({ event, json, parts })
    heldBytes += event.raw.length
    release(out)
    if (held.length <= maxHeldEvents && heldBytes <= maxHeldBytes) return
    for (const { parts: waiting } of held) for (const { slot } of waiting) slot.giveUp()
    release(out)
  }

  /** The slots that get no more text, which are then forgotten. */
  const ended = (event: SseEvent, json: JsonObject | null): Slot[] => {
    const names = event.data === '[DONE]' ? 'all' : json ? api.endedSlots(json) : []
    const over: Slot[] = []
    if (names.length === 0) return over
    for (const [name, slot] of slots) {
      if (names !== 'all' && !names.some((pattern) => name.startsWith(pattern.slice(0, -1)))) continue
      over.push(slot)
      slots.delete(name)
    }
    return over
  }

  /** Events that carry no running text may still carry whole ones (search results, citations). */
  const redactWhole = (event: SseEvent): SseEvent => {
    if (event.data === null || event.data === '[DONE]') return event
    if (parseObject(event.data) === null) {
      const clean = content.redactSecrets(event.data)
      return clean === event.data ? event : rewritten(event, clean.replaceAll(/[\r\n]+/g, ' '))
    }
    const result = redactJson(event.data, content)
    if (result.ok && result.found === 0) return event
    return rewritten(event, result.ok ? result.text : '{}')
  }

  const rewritten = (event: SseEvent, data: string): SseEvent => {
    redactions++
    return { ...event, data, raw: writeEvent(event, data) }
  }

  return {
    feed(chunk) {
      const out: Buffer[] = []
      for (const event of splitter.feed(chunk)) take(event, out)
      return out
    },
    end() {
      const out: Buffer[] = []
      const rest = splitter.rest()
      if (rest.length > 0) take(readable(rest), out)
      for (const slot of slots.values()) slot.judge(true)
      release(out)
      return out
    },
    stopReason: () => stop,
    redactions: () => redactions,
  }
}

function placed(piece: Piece, slot: Slot): Held['parts'][number] {
  const end = slot.append(piece.text)
  return { piece, slot, start: end - piece.text.length, end }
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

function readable(bytes: string | Buffer): SseEvent {
  return readEvent(typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
}
