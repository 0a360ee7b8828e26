import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { explainTlsFailure, type Secret } from '../../../base/index.ts'
import { endToEndHeaders } from '../../hop-by-hop.ts'
import type { AnswerSink, Exchange, Fields, Line, OutgoingFields } from '../../http1/index.ts'
import { codingsOf } from './body.ts'
import { no, type No } from './no.ts'
import { createValueRedactor } from './real-values.ts'
import type { Receipt } from './receipt.ts'
import type { InspectRule, Room } from './room.ts'

/** What an answer needs to know of its request. */
export interface AnswerTo {
  exchange: Exchange
  receipt: Receipt
  rule: InspectRule
  room: Room
  /** Secrets this host was or may be given: none of them goes back to the agent. */
  secrets: readonly Secret[]
  /** The origin will not be asked again on this connection. */
  onLast(): void
}

/** Brings an answer back, screened. @returns why there is none; `null`: it is through, or the client left */
export function bringBack(to: AnswerTo, send: (sink: AnswerSink) => Line): Promise<No | null> {
  return new Promise((resolve) => {
    const { reply } = to.exchange
    let flow: Flow | null = null
    const fail = (refusal: No): void => {
      if (!reply.headersSent) return resolve(refusal)
      Object.assign(to.receipt, { rule: refusal.rule, reason: refusal.reason })
      reply.destroy()
      resolve(null)
    }
    const line = send({
      sent: () => {},
      start(status, fields) {
        to.receipt.status = status
        if (/(^|,)\s*close\s*(,|$)/i.test(fields.get('connection') ?? '')) to.onLast()
        const codings = codingsOf(fields.get('content-encoding'))
        if (codings === null || codings.length > 1) {
          line.abort()
          return fail(no(502, 'egress.unreadable-answer', 'the origin packed its answer in a way nobody here can read'))
        }
        reply.start(status, headersOf(fields, to))
        flow = createFlow(to, { fields, coding: codings[0] ?? null, line, done: resolve, fail })
      },
      data: (chunk) => flow!.push(chunk),
      end: () => flow!.end(),
      fail: (error) => fail(whyFailed(error)),
    })
    reply.onGone(() => {
      line.abort()
      flow?.stop()
      to.receipt.reason = 'the client left before its answer was whole'
      resolve(null)
    })
  })
}

/** Without fields of one hop, of framing and of packing; values of ours taken out of what is left. */
function headersOf(fields: Fields, { secrets, receipt }: AnswerTo): OutgoingFields {
  const kept: Record<string, string[]> = {}
  const list = endToEndHeaders(fields.list())
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    if (name === 'content-encoding' || name === 'content-length') continue
    const redactor = createValueRedactor(secrets)
    ;(kept[name] ??= []).push(redactor.push(list[i + 1]!) + redactor.end())
    receipt.redactedOut += redactor.count
  }
  return { ...kept, 'x-hardshell-visit': receipt.tunnel.visit.id }
}

interface Flow {
  push(chunk: Buffer): void
  end(): void
  stop(): void
}

interface Way {
  fields: Fields
  coding: string | null
  line: Line
  done(result: null): void
  fail(refusal: No): void
}

function createFlow(to: AnswerTo, way: Way): Flow {
  const { reply } = to.exchange
  const screen = createScreen(to, way.fields.get('content-type') ?? '')
  const write = (bytes: Buffer): boolean => {
    to.receipt.bytesOut += bytes.length
    to.receipt.tunnel.count(0, bytes.length)
    return bytes.length === 0 || reply.write(bytes)
  }
  const finish = (): void => {
    write(screen.end())
    reply.end()
    way.done(null)
  }
  if (way.coding === null) return plainFlow(to, way, { screen, write, finish })
  return packedFlow(to, { ...way, coding: way.coding }, { screen, write, finish })
}

interface Ends {
  screen: Screen
  write(bytes: Buffer): boolean
  finish(): void
}

function plainFlow({ exchange }: AnswerTo, { line }: Way, { screen, write, finish }: Ends): Flow {
  exchange.reply.onDrain(() => line.resume())
  return {
    push: (chunk) => {
      if (!write(screen.push(chunk))) line.pause()
    },
    end: finish,
    stop: () => {},
  }
}

function packedFlow({ exchange }: AnswerTo, { coding, line, fail }: Way & { coding: string }, { screen, write, finish }: Ends): Flow {
  const unpacker = unpackers[coding]!()
  let empty = true
  unpacker.on('data', (bytes: Buffer) => {
    if (!write(screen.push(bytes))) unpacker.pause()
  })
  unpacker.on('drain', () => line.resume()).on('end', finish)
  unpacker.on('error', () => {
    line.abort()
    fail(no(502, 'egress.unreadable-answer', 'the answer of the origin is not packed as it says'))
  })
  exchange.reply.onDrain(() => unpacker.resume())
  return {
    push(chunk) {
      empty = false
      if (!unpacker.write(chunk)) line.pause()
    },
    // An answer to HEAD names a coding and has no body to unpack.
    end: () => void (empty ? finish() : unpacker.end()),
    stop: () => unpacker.destroy(),
  }
}

const unpackers: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

interface Screen {
  push(bytes: Buffer): Buffer
  end(): Buffer
}

/** Bytes pass as they are when there is nothing to be found in them. */
function createScreen({ rule, room, secrets, receipt }: AnswerTo, contentType: string): Screen {
  const isText = textTypes.test(contentType)
  const values = secrets.length > 0 ? createValueRedactor(secrets) : null
  const texts = isText && rule.answers === 'redact' ? room.ports.content.answerRedactor() : null
  let looked = ''
  const look = (text: string): string => {
    if (isText && looked.length < lookedChars) looked += text.slice(0, lookedChars - looked.length)
    return text
  }
  return {
    push(bytes) {
      if (values === null && texts === null) return (look(isText ? bytes.toString('latin1') : ''), bytes)
      const own = values ? values.push(bytes.toString('latin1')) : bytes.toString('latin1')
      return Buffer.from(texts ? texts.push(look(own)) : look(own), 'latin1')
    },
    end() {
      const own = look(values?.end() ?? '')
      receipt.redactedOut += values?.count ?? 0
      if (looked !== '') receipt.signals = room.ports.content.signalsIn(Buffer.from(looked, 'latin1').toString('utf8'))
      return Buffer.from(texts ? texts.push(own) + texts.end() : own, 'latin1')
    },
  }
}

const textTypes = /^(text\/|application\/([\w.-]+\+)?(json|xml|javascript|ndjson|x-ndjson|x-www-form-urlencoded|graphql|yaml|toml)\b)/i
// An instruction to the model stands where it is read first.
const lookedChars = 16_384

function whyFailed(error: Error): No {
  const distrust = explainTlsFailure(error)
  if (distrust) return no(502, 'egress.upstream-tls', `the origin is not trusted: ${distrust.reason}; ${distrust.hint}`)
  const late = 'code' in error && error.code === 'http1.timeout'
  if (late) return no(504, 'egress.upstream-silent', 'the origin did not answer in time')
  return no(502, 'egress.unreachable', 'the origin broke off, or its answer is not one well-framed HTTP/1.1 answer')
}
