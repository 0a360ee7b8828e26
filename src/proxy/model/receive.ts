import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { parseObject, topLevel } from './json-text.ts'
import { decided, malformed } from './refusal.ts'
import { tooLarge } from './route.ts'

/** Reads the body whole: what is not known whole can be neither judged nor inspected. */
export async function receive(call: Call, room: Room): Promise<StepResult> {
  if (call.route!.kind === 'models') return 'pass'
  if (room.running.size > room.options.maxConcurrent) return tooMany(room) // before its body takes our memory
  const body = await readBody(call.request, room.options.maxBodyBytes)
  if (body === 'too-large') return tooLarge(room)
  if (body === 'broken') return malformed(400, 'request.broken', 'the request ended in the middle')
  call.end.bytesIn = body.length
  call.body = body
  return read(call) ?? 'pass'
}

function read(call: Call): StepResult | null {
  if (!isUtf8(call.body)) return malformed(400, 'request.not-utf8', 'the request is not UTF-8')
  call.text = call.body.toString('utf8')
  const json = parseObject(call.text)
  if (!json) return malformed(400, 'request.not-json', 'the request is not a JSON object')
  call.json = json
  const ask = apiOf(call).readAsk(json)
  if (typeof ask === 'string') return malformed(400, 'request.not-valid', ask)
  call.ask = ask
  if (topLevel(call.text).duplicate !== null) {
    return malformed(400, 'request.duplicate-key', 'a key occurs twice in the request; which one counts is not defined')
  }
  return null
}

function tooMany({ options }: Room): StepResult {
  const reason = `more than ${options.maxConcurrent} model calls are under way; try again shortly`
  return decided('limits.concurrent', reason, 429)
}

/** Attacker-controlled: the announced length is not believed, what arrives is counted. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'broken'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) {
        request.pause()
        resolve('too-large')
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', () => resolve('broken'))
    request.on('close', () => resolve('broken')) // a promise keeps its first answer
  })
}
