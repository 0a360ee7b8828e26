import type { Api } from './api.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import type { ModelContent, TextFinding } from './ports.ts'
import { redactJson, redactPlain, type Redacted } from './redact-json.ts'
import { readEvent, writeEvent, type SseEvent } from './sse.ts'

// Anthropic names eight kinds of events, OpenAI's Responses some fifty.
const maxCleanAround = 128
// Fits in place of a text and of a whole value.
const inPlaceOfText = '{}'

/**
 * Looks through what events of a stream carry outside their running texts, each event by itself. An event in which
 * nothing is found comes back as the very same object.
 */
export class BesideTexts {
  /** Something was found that ends the answer. */
  cut: TextFinding['cut'] | null = null

  readonly #api: Api
  readonly #content: ModelContent
  /** What was looked at and held nothing: most events of a stream say the same beside their texts. */
  #cleanBeside = ''
  readonly #cleanAround = new Set<string>()

  constructor(api: Api, content: ModelContent) {
    this.#api = api
    this.#content = content
  }

  /** Names, ids and comments: some clients show them, others log them. */
  around(event: SseEvent): SseEvent {
    const { around, data } = event
    if (around === '' || this.#cleanAround.has(around)) return event
    const result = this.#noteCut(redactPlain(around, this.#content))
    if (result.ok && result.found === 0) {
      if (this.#cleanAround.size < maxCleanAround) this.#cleanAround.add(around)
      return event
    }
    const lines = [result.ok ? result.text : ':', ...(data?.split('\n').map((line) => `data: ${line}`) ?? [])]
    return readEvent(Buffer.from(`${lines.join('\n')}\n\n`))
  }

  /** An event without running text may still carry whole ones (search results, citations). */
  whole(event: SseEvent, json: JsonObject | null): SseEvent {
    if (event.data === null || event.data === '[DONE]') return event
    const result = this.#noteCut((json === null ? redactPlain : redactJson)(event.data, this.#content))
    if (result.ok && result.found === 0) return event
    return withData(event, result.ok ? result.text.replaceAll(/[\r\n]+/g, ' ') : '{}')
  }

  /** What an event has beside its running texts, in fields we know and in others. */
  texts(event: SseEvent): SseEvent {
    const json = parseObject(event.data!)!
    const texts = this.#api.pieces(json)
    for (const piece of texts) piece.set(inPlaceOfText)
    const beside = JSON.stringify(json)
    if (beside === this.#cleanBeside) return event
    const result = this.#noteCut(redactJson(beside, this.#content))
    if (result.ok && result.found === 0) {
      this.#cleanBeside = beside
      return event
    }
    const clean = parseObject(result.ok ? result.text : '{}')!
    const places = this.#api.pieces(clean)
    if (places.length !== texts.length) return withData(event, '{}')
    for (const [index, { text }] of texts.entries()) places[index]!.set(text)
    return withData(event, JSON.stringify(clean))
  }

  #noteCut(result: Redacted): Redacted {
    if (!result.ok && result.cut) this.cut ??= result.cut
    return result
  }
}

function withData(event: SseEvent, data: string): SseEvent {
  return { ...event, data, raw: writeEvent(event, data) }
}
