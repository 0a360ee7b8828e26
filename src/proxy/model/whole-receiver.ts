import type { Api } from './api.ts'
import { screenArray } from './array-stream.ts'
import { answer } from './call.ts'
import { parseObject } from './json-text.ts'
import { errorForClient, errorHeaders, streamErrorForClient, unreadable } from './provider-error.ts'
import { redactAnswer } from './redact-answer.ts'
import { redactPlain } from './redact-json.ts'
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

  /** @returns the very same bytes when there is nothing to take out; `null` when it must not be shown */
  const redact = (body: Buffer): string | Buffer | null => {
    const text = body.toString('utf8')
    const list = api.streamsAsArray && status < 400 ? redactArray(text) : null
    if (list !== null) return list === text ? body : list
    const json = parseObject(text)
    if (json && status < 400) {
      api.tally(json, call.tally)
      // A whole answer is the last word about itself, whatever its choices look like.
      if (call.tally.block) call.tally.final = true
      call.end.stopReason = api.stopReason(json)
    }
    const result = json ? redactAnswer(text, room.answers) : redactPlain(text, room.answers)
    if (!result.ok) {
      if (result.cut) ports.onCut(result.cut)
      return null
    }
    call.end.redactedOut = result.found
    return result.found === 0 ? body : result.text
  }

  const redactArray = (text: string): string | null => {
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
    call.end.redactedOut = screened.redactions
    if (screened.cut) ports.onCut(screened.cut)
    return screened.text
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
      if (clean === null) return unreadable(call, 'the answer carries a secret that cannot be taken out')
      show(clean)
      return 'answered'
    },
    broken: () => call.reply.destroy(),
  }
}
