import type { Api } from './api.ts'
import { answer } from './call.ts'
import { parseObject } from './json-text.ts'
import { errorForClient, errorHeaders, unreadable } from './provider-error.ts'
import { redactJson } from './redact-json.ts'
import type { Refusal } from './refusal.ts'
import type { Receiver, ReceiverPorts } from './relay.ts'
import { headersToClient } from './headers.ts'

/** Collects an answer that does not stream, looks at it whole, and sends it on, unchanged if it is clean. */
export function createWholeReceiver(api: Api, status: number, ports: ReceiverPorts): Receiver {
  const { call, room } = ports
  const chunks: Buffer[] = []
  let size = 0

  const show = (body: Buffer, text: string): Refusal | 'answered' => {
    const clean = redact(text)
    if (clean === null) return unreadable(call, 'the answer carries a secret that cannot be taken out')
    const shown = status >= 400 ? errorForClient(call, status, clean) : { status, body: null }
    const changed = shown.body !== null
    const headers = changed ? headersToClient(errorHeaders(ports.providerHeaders, true), true) : ports.headers
    const ownType = String(ports.providerHeaders['content-type'] ?? 'application/octet-stream')
    const type = changed ? 'application/json' : ownType
    call.end.result ||= status >= 400 ? 'the provider answered with an error' : 'answered'
    answer(call, shown.status, type, shown.body ?? (clean === text ? body : clean), headers)
    return 'answered'
  }

  const redact = (text: string): string | null => {
    const json = parseObject(text)
    if (!json) return room.ports.content.redactSecrets(text)
    if (status < 400) {
      api.tally(json, call.tally)
      // A whole answer is the last word about itself, whatever its choices look like.
      if (call.tally.block) call.tally.final = true
      call.end.stopReason = api.stopReason(json)
    }
    const result = redactJson(text, room.ports.content)
    if (!result.ok) return null
    call.end.redactedOut = result.found
    return result.text
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
      const body = Buffer.concat(chunks)
      return show(body, body.toString('utf8'))
    },
    broken: () => call.reply.destroy(),
  }
}
