import type { Api } from './api.ts'
import { screenArray } from './array-stream.ts'
import { answer } from './call.ts'
import { parseObject, type JsonObject } from './json-text.ts'
import { keptTexts } from './kept-texts.ts'
import { errorForClient, errorHeaders, streamErrorForClient, unreadable } from './provider-error.ts'
import { redactAnswer } from './redact-answer.ts'
import { isJson, redactJson, redactPlain, type Redacted } from './redact-json.ts'
import type { Receiver, ReceiverPorts } from './relay.ts'
import { headersToClient } from './headers.ts'

/** Collects an answer that does not stream, looks at it whole, and sends it on, unchanged if it is clean. */
export function createWholeReceiver(api: Api, status: number, ports: ReceiverPorts): Receiver {
  const { call, room } = ports
  const chunks: Buffer[] = []
  let size = 0

  const show = (clean: string | Buffer): void => {
    const shown = status >= 400 ? errorForClient(call, status, clean.toString()) : { status, body: null }
    const changed = shown.body !== null
    const headers = changed ? headersToClient(errorHeaders(ports.providerHeaders, true), true) : ports.headers
    const ownType = String(ports.providerHeaders['content-type'] ?? 'application/octet-stream')
    const type = changed ? 'application/json' : ownType
    call.end.result ||= status >= 400 ? 'the provider answered with an error' : 'answered'
    answer(call, shown.status, type, shown.body ?? clean, headers)
  }

  let problem = ''
  const cannot = (why: string): null => {
    problem = why
    return null
  }

  /** @returns the very same bytes when there is nothing to take out; `null` when it must not be shown */
  const redact = (body: Buffer): string | Buffer | null => {
    const text = body.toString('utf8').replace(/^\ufeff+/, '') // clients strip it, and read what is behind it
    const json = parseObject(text)
    if (json && status < 400) noteUsage(json)
    if (json && isTooLong(text, json)) return cannot('the answer is longer than can be looked through at once')
    const result = json ? redactAnswer(text, room.answers) : redactOther(text)
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

  /** @returns `null` for an answer nobody knows how its client reads */
  const redactOther = (text: string): Redacted | null => {
    const isAnswer = status < 400 && call.route!.kind === 'call'
    if (isAnswer) return api.streamsAsArray ? redactArray(text, api, ports) : null
    return isJson(text) ? redactJson(text, room.answers) : redactPlain(text, room.answers)
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
      if (clean === null) return unreadable(call, problem)
      show(clean)
      return 'answered'
    },
    broken: () => call.reply.destroy(),
  }
}

function redactArray(text: string, api: Api, { call, room }: ReceiverPorts): Redacted | null {
  const screened = screenArray(text, {
    api,
    content: room.answers,
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

// As many tokens as no model writes at once; looking through more of it would hold up everybody else.
const maxSaidChars = 4_194_304

function isTooLong(text: string, json: JsonObject): boolean {
  if (text.length <= maxSaidChars) return false
  let keptChars = 0
  for (const kept of keptTexts(json, 'provider')) keptChars += kept.length // pictures and sound
  return text.length - keptChars > maxSaidChars
}
