import type { Api } from './api.ts'
import { screenArray } from './array-stream.ts'
import { answer } from './call.ts'
import { answersOf } from './finders.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import { keptTexts } from './kept-texts.ts'
import { errorForClient, errorHeaders, streamErrorForClient, unreadable } from './provider-error.ts'
import type { Refusal } from './refusal.ts'
import { redactAnswer, redactLargeAnswer } from './redact-answer.ts'
import { isJson, redactJson, redactPlain, type Redacted } from './redact-json.ts'
import { largeChars } from './redact-large.ts'
import type { Receiver, ReceiverPorts } from './relay.ts'

/** Collects an answer that does not stream, looks at it whole, and sends it on, unchanged if it is clean. */
export function createWholeReceiver(api: Api, status: number, ports: ReceiverPorts): Receiver {
  const { call, room } = ports
  const answers = answersOf(call, room)
  const chunks: Buffer[] = []
  let size = 0

  const show = (clean: string | Buffer): void => {
    const shown = status >= 400 ? errorForClient(call, status, clean.toString()) : { status, body: null }
    call.end.result ||= status >= 400 ? 'the provider answered with an error' : 'answered'
    if (shown.body !== null) return answer(call, shown.status, 'application/json', shown.body, errorHeaders(ports.providerHeaders))
    const hasType = ports.providerHeaders.get('content-type') !== undefined
    answer(call, shown.status, hasType ? null : 'application/octet-stream', clean, ports.headers)
  }

  let problem = ''
  const cannot = (why: string): null => {
    problem = why
    return null
  }

  /** @returns the very same bytes when there is nothing to take out; `null` when it must not be shown */
  const redact = (body: Buffer): string | Buffer | null | Promise<string | Buffer | null> => {
    const text = body.toString('utf8').replace(/^\ufeff+/, '') // clients strip it, and read what is behind it
    const json = parseObject(text)
    if (json && status < 400) noteUsage(json)
    if (json && isTooLong(text, json)) return cannot('the answer is longer than can be looked through at once')
    const large = json !== null && text.length >= largeChars
    const show = (result: Redacted | null): string | Buffer | null => shownOf(body, text, result)
    if (large) return redactLargeAnswer(text, answers, { nowMs: () => room.ports.clock.monotonicMs(), maxWorkMs }).then(show)
    if (isArrayStream(json)) return redactArray(text, api, ports).then(show)
    return show(json ? redactAnswer(text, answers) : redactOther(text))
  }

  const shownOf = (body: Buffer, text: string, result: Redacted | null): string | Buffer | null => {
    if (!result?.ok) {
      if (result?.cut) ports.onCut(result.cut)
      return cannot(result ? 'the answer carries a secret that cannot be taken out' : 'the answer is not the JSON that was asked for')
    }
    call.end.redactedOut = result.found
    return result.text === text ? body : result.text
  }

  const noteUsage = (json: JsonObject): void => {
    api.tally(json, call.tally)
    // A whole answer is the last word about itself, whatever its choices look like.
    if (call.tally.block) call.tally.final = true
    call.end.stopReason = api.stopReason(json)
  }

  const isArrayStream = (json: JsonObject | null): boolean => json === null && status < 400 && call.route!.kind === 'call' && api.streamsAsArray

  /** @returns `null` for an answer nobody knows how its client reads */
  const redactOther = (text: string): Redacted | null => {
    if (status < 400 && call.route!.kind === 'call') return null
    return isJson(text) ? redactJson(text, answers) : redactPlain(text, answers)
  }

  const close = (clean: string | Buffer | null): Refusal | 'answered' => {
    if (clean === null) return unreadable(call, problem)
    if (!ports.isOver() && !call.gone && call.cutReason === null) show(clean)
    return 'answered'
  }

  return {
    data(chunk) {
      size += chunk.length
      call.tally.textBytes = size
      if (size > room.options.maxAnswerBytes) throw new RangeError('the answer is larger than maxAnswerBytes')
      chunks.push(chunk)
      return true
    },
    end() {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      const clean = redact(body)
      return clean instanceof Promise ? clean.then(close) : close(clean)
    },
    broken: () => call.reply.destroy(),
  }
}

async function redactArray(text: string, api: Api, { call, room }: ReceiverPorts): Promise<Redacted | null> {
  const screened = await screenArray(text, {
    api,
    content: answersOf(call, room),
    tally: call.tally,
    dropUsage: false,
    replaceError: streamErrorForClient(call),
    maxEventBytes: room.options.maxAnswerBytes,
    nowMs: () => room.ports.clock.monotonicMs(),
  })
  if (!screened) return null
  call.end.stopReason = screened.stopReason
  const { cut, redactions } = screened
  if (cut) return { ok: false, reason: cut.reason, cut }
  return { ok: true, text: screened.text, found: redactions }
}

// Looking through the largest answer of an honest provider takes a tenth of it.
const maxWorkMs = 10_000

// As many tokens as no model writes at once; looking through more of it would hold up everybody else.
const maxSaidChars = 4_194_304

function isTooLong(text: string, json: JsonObject): boolean {
  if (text.length <= maxSaidChars) return false
  let keptChars = 0
  for (const kept of keptTexts(json, 'provider')) keptChars += kept.length // pictures and sound
  return text.length - keptChars > maxSaidChars
}
