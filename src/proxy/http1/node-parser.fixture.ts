import { createRequire } from 'node:module'

/**
 * Node's own parser (llhttp), as an independent opinion on what a message says. Reached through the module inside
 * Node that holds it, which no type describes: the only way to it without a socket in between.
 */
export interface Parsed {
  messages: { line: string; headers: string[]; body: string }[]
  /** The parser's code of what is wrong; `null` when nothing is. */
  error: string | null
}

interface Parser {
  initialize(type: number, resource: object): void
  execute(bytes: Buffer): number | Error
  finish(): Error | undefined
  [callback: number]: (...given: never[]) => unknown
}

interface HttpCommon {
  methods: string[]
  HTTPParser: (new () => Parser) & Record<string, number>
}

const { HTTPParser, methods } = createRequire(import.meta.url)('_http_common') as HttpCommon

/** @param hangsUp the peer closes behind these bytes: an answer without a length ends there */
export function nodeParses(kind: 'request' | 'response', segments: readonly Buffer[], hangsUp = false): Parsed {
  const parsed: Parsed = { messages: [], error: null }
  const parser = new HTTPParser()
  let headers: string[] = []
  let line = ''
  let early = ''
  let body = ''
  parser.initialize(kind === 'request' ? HTTPParser.REQUEST! : HTTPParser.RESPONSE!, {})
  // Called when there are many fields, and for trailers, which nobody wants; the first line may come with either.
  parser[HTTPParser.kOnHeaders!] = (more: string[], url: string) => {
    if (line !== '') return
    headers.push(...more)
    early += url
  }
  parser[HTTPParser.kOnHeadersComplete!] = (
    _major: number,
    _minor: number,
    all: string[] | undefined,
    method: number | undefined,
    url: string | undefined,
    status: number,
  ) => {
    headers.push(...(all ?? []))
    line = kind === 'request' ? `${methods[method!]} ${url ?? early}` : String(status)
    early = ''
    return 0
  }
  parser[HTTPParser.kOnBody!] = (piece: Buffer) => void (body += piece.toString('latin1'))
  parser[HTTPParser.kOnMessageComplete!] = () => {
    const named = headers.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text))
    parsed.messages.push({ line, headers: named, body })
    headers = []
    line = body = ''
  }
  for (const segment of segments) {
    const result = parser.execute(segment)
    if (typeof result === 'number') continue
    parsed.error = 'code' in result ? String(result.code) : result.message
    return parsed
  }
  const unfinished = hangsUp ? parser.finish() : undefined
  if (unfinished) parsed.error = 'HPE_INVALID_EOF_STATE'
  return parsed
}
