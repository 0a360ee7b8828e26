import { isAscii, isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { countMembers, parseObject } from './json-text.ts'
import { decided, malformed } from './refusal.ts'
import { tooLarge } from './route.ts'

/** Reads the body whole: what is not known whole can be neither judged nor inspected. */
export function receive(call: Call, room: Room): StepResult | Promise<StepResult> {
  if (call.route!.kind === 'models') return 'pass'
  if (room.running.size > room.options.maxConcurrent) return tooMany(room) // before its body takes our memory
  const { maxBodyBytes } = room.options
  const whole = call.exchange.bodyIfWhole(maxBodyBytes)
  if (whole) return room.held.take(call, whole.length) ? read(call, whole) : noRoom()
  // The announced length is not believed, what arrives is counted.
  return call.exchange.body(maxBodyBytes, (bytes) => room.held.take(call, bytes)).then((body) => {
    if (body === 'too-large') return tooLarge(room)
    if (body === 'no-room') return noRoom()
    if (body === 'broken') return malformed(400, 'request.broken', 'the request ended in the middle')
    return read(call, body)
  })
}

function read(call: Call, body: Buffer): StepResult {
  call.end.bytesIn = body.length
  call.body = body
  call.fingerprint = `${body.length}-${crc32(body)}`
  if (!isUtf8(body)) return malformed(400, 'request.not-utf8', 'the request is not UTF-8')
  call.text = isAscii(body) ? body.toString('latin1') : body.toString('utf8') // a quarter less for a large one
  const json = parseObject(call.text)
  if (!json) return malformed(400, 'request.not-json', 'the request is not a JSON object')
  call.json = json
  const { model, stream } = call.route!
  const ask = apiOf(call).readAsk(json, { model, stream, text: call.text })
  if (typeof ask === 'string') return malformed(400, 'request.not-valid', ask)
  call.ask = ask
  // The parser keeps one of two members with the same name: the text has one more than the object.
  if (countMembers(call.text) !== Object.keys(json).length) {
    return malformed(400, 'request.duplicate-key', 'a key occurs twice in the request; which one counts is not defined')
  }
  return 'pass'
}

function noRoom(): StepResult {
  return decided('limits.memory', 'the requests under way fill the memory set aside for them; try again shortly', 429)
}

function tooMany({ options }: Room): StepResult {
  const reason = `more than ${options.maxConcurrent} model calls are under way; try again shortly`
  return decided('limits.concurrent', reason, 429)
}
