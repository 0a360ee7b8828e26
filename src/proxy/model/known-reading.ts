import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { countMembers, parseObject, type JsonObject } from './json-text.ts'

/**
 * How far a request was read before: up to the end of a message, as the parser gave it. The next request of the
 * conversation begins with the same bytes; only what stands behind them need be read.
 *
 * That this is the same as reading all of it is grammar: behind a complete element of a list, what may follow and what
 * it means depends on where the list stands, not on what the elements are. Each end kept here was shown to be one by
 * `JSON.parse` itself: of what stands before the list, closed by `]}`, and of every element alone.
 */
export interface Reading {
  /** Which member of the request holds the conversation. */
  readonly key: string
  /** The members before it. */
  readonly before: JsonObject
  readonly messages: readonly ReadMessage[]
}

interface ReadMessage {
  /** Frozen, all of it: it is part of every request that repeats it. */
  readonly value: JsonObject
  /** Where it ends in the body, in bytes. */
  readonly end: number
  /** Of the body up to there. */
  readonly crc: number
  /** What takes memory once it is parsed, up to there. */
  readonly tokens: number
}

/** A whole request, most of which was not read again. */
export interface Read {
  json: JsonObject
  /** Of the whole body. */
  crc: number
  reading: Reading
}

// More than any conversation has; each takes some 100 bytes beside its text.
const maxMessages = 8_192
// Conversations are text. A list of a million empty lists takes thirty times its length once it is parsed, and nothing
// honest is nested so deeply.
const [freeTokens, bytesPerToken, maxDepth] = [256, 8, 64]

const conversationKeys = ['messages', 'input', 'contents']

/**
 * Reads a request whose beginning was read before.
 * @param sameBytes of its beginning are those `reading` was made from
 * @returns `null` when it has to be read whole, be it because it is no valid request
 */
export function readOn(reading: Reading, body: Buffer, sameBytes: number): Read | null {
  const known = reading.messages.filter(({ end }) => end <= sameBytes)
  const last = known.at(-1)
  if (!last) return null
  const { key, before } = reading
  const tail = body.subarray(last.end)
  if (!isUtf8(tail)) return null
  const text = `{"${key}":[{}${tail.toString('utf8')}`
  const behind = parseObject(text)
  if (!behind || !isUnambiguous(behind, text, before)) return null
  const { [key]: list, ...after } = behind
  if (!Array.isArray(list)) return null
  const messages = [...known, ...messagesFrom(body, { at: last.end, crc: last.crc, tokens: last.tokens, isFirst: false, count: known.length })]
  const fresh: unknown[] = list.slice(1)
  return {
    json: { ...before, [key]: [...known.map(({ value }) => value), ...fresh], ...after },
    crc: crc32(tail, last.crc),
    reading: { key, before, messages },
  }
}

/**
 * Makes out how far a request can be gone on from. Takes as long again as reading it.
 * @param body known to be a JSON object in UTF-8
 * @returns one without messages when it holds no conversation
 */
export function readingOf(body: Buffer): Reading {
  const list = listIn(body)
  if (!list) return nothingRead
  const { open, tokens } = list
  const text = `${body.toString('utf8', 0, open + 1)}]}`
  const before = parseObject(text)
  const key = Object.keys(before ?? {}).at(-1)
  if (!before || key === undefined || !conversationKeys.includes(key) || !isUnambiguous(before, text, {})) return nothingRead
  const { [key]: none, ...others } = before
  if (!Array.isArray(none) || none.length > 0) return nothingRead
  const messages = [...messagesFrom(body, { at: open + 1, crc: crc32(body.subarray(0, open + 1)), tokens, isFirst: true, count: 0 })]
  return { key, before: frozen(others), messages }
}

const nothingRead: Reading = { key: '', before: {}, messages: [] }

/** No key of the top level stands there twice, nor in both halves. */
function isUnambiguous(half: JsonObject, text: string, other: JsonObject): boolean {
  const keys = Object.keys(half)
  return countMembers(text) === keys.length && !keys.some((key) => Object.hasOwn(other, key))
}

interface Place {
  at: number
  crc: number
  tokens: number
  isFirst: boolean
  count: number
}

/** The elements of a list, one after the other, as long as they are objects. */
function* messagesFrom(body: Buffer, { at, crc, tokens, isFirst, count }: Place): Generator<ReadMessage> {
  const walk = new Walk(tokens)
  for (let [from, first, sum] = [at, isFirst, crc]; count < maxMessages; count++) {
    const start = first ? behindSpace(body, from) : behindComma(body, from)
    const end = start === -1 ? -1 : endOfObject(body, start, walk)
    const value = end === -1 ? null : parseObject(body.toString('utf8', start, end))
    if (value === null) return
    sum = crc32(body.subarray(from, end), sum)
    yield { value: frozen(value), end, crc: sum, tokens: walk.tokens }
    from = end
    first = false
  }
}

function behindComma(body: Buffer, from: number): number {
  const at = behindSpace(body, from)
  return body[at] === comma ? behindSpace(body, at + 1) : -1
}

function behindSpace(body: Buffer, from: number): number {
  let at = from
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at++
  return at
}

/** Behind the object that begins here; -1 when none does, or one that is not kept. */
function endOfObject(body: Buffer, start: number, walk: Walk): number {
  if (body[start] !== braceOpen) return -1
  for (let at = start; at < body.length; at++) {
    at = walk.over(body, at)
    if (walk.depth === 0) return walk.isModest(at) ? at + 1 : -1
  }
  return -1
}

/** Where the list of the conversation opens; `null`: nowhere at the top level. What it finds is a guess, and tried. */
function listIn(body: Buffer): { open: number; tokens: number } | null {
  const walk = new Walk(0)
  let key = ''
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (byte === bracketOpen && walk.depth === 1 && conversationKeys.includes(key)) return walk.isModest(at) ? { open: at, tokens: walk.tokens } : null
    if (byte === quote && walk.depth === 1) key = body.toString('latin1', at + 1, Math.min(closingQuote(body, at), at + 16))
    at = walk.over(body, at)
  }
  return null
}

/** Goes over JSON, and counts what takes memory once it is parsed. */
class Walk {
  depth = 0
  tokens: number
  #deepest = 0

  /** @param tokens those before it */
  constructor(tokens: number) {
    this.tokens = tokens
  }

  /** @returns where what begins here ends: a string, or a single byte */
  over(body: Buffer, at: number): number {
    const byte = body[at]!
    if (byte === quote) return closingQuote(body, at)
    if (byte === comma) this.tokens++
    else if (byte === braceOpen || byte === bracketOpen) {
      this.depth++
      this.tokens++
      if (this.depth > this.#deepest) this.#deepest = this.depth
    } else if (byte === braceClose || byte === bracketClose) this.depth--
    return at
  }

  /** @param bytes gone over, all in all */
  isModest(bytes: number): boolean {
    return this.#deepest <= maxDepth && this.tokens <= freeTokens + bytes / bytesPerToken
  }
}

function closingQuote(body: Buffer, open: number): number {
  let at = open + 1
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1
  return at
}

/** What many requests share, none may change. */
function frozen<T extends object>(value: T): T {
  for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) frozen(child as object)
  return Object.freeze(value)
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const braceOpen = 0x7b
const braceClose = 0x7d
const bracketOpen = 0x5b
const bracketClose = 0x5d
