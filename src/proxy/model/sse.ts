/** One event of an event stream: its exact bytes, and what they say. */
export interface SseEvent {
  raw: Buffer
  /** Value of the `event:` line, or null. */
  name: string | null
  /** The `data:` lines joined; `null` when there are none (comments, blank lines). */
  data: string | null
  /** All other lines that are not empty: name, id, comments, and what nobody knows. */
  around: string
}

export interface SseSplitter {
  /** @returns the events that became whole with these bytes */
  feed(chunk: Buffer): SseEvent[]
  /** All that was fed is in events that were handed out. */
  isBetweenEvents(): boolean
  /** What is left when the stream ends: an unfinished event, or nothing. */
  rest(): Buffer
}

const lineFeed = 10
const carriageReturn = 13

/**
 * Cuts a byte stream into events wherever the network cut it. Joined, the `raw` of all events and the rest are the
 * bytes that came in. Source: WHATWG HTML, 9.2.5 "Parsing an event stream" (LF, CRLF and CR end a line).
 * @throws RangeError when one event grows beyond `maxEventBytes`
 */
export function createSseSplitter(maxEventBytes: number): SseSplitter {
  let parts: Buffer[] = []
  let size = 0
  let lineIsEmpty = true
  let afterReturn = false
  let blankAfterReturn = false

  const cut = (chunk: Buffer, from: number, to: number): SseEvent[] => {
    parts.push(chunk.subarray(from, to))
    const raw = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    parts = []
    size = 0
    return readEvents(raw)
  }

  return {
    feed(chunk) {
      const events: SseEvent[] = []
      let from = 0
      const hasReturns = afterReturn || chunk.includes(carriageReturn)
      for (let at = 0; at < chunk.length; at++) {
        if (!hasReturns) {
          // Nearly always: from line feed to line feed.
          const end = chunk.indexOf(lineFeed, at)
          if (end !== at) lineIsEmpty = false
          if (end === -1) break
          at = end
        }
        const byte = chunk[at]!
        if (blankAfterReturn) {
          // A blank line ended in CR; a LF right after it still belongs to it.
          const end = byte === lineFeed ? at + 1 : at
          blankAfterReturn = afterReturn = false
          lineIsEmpty = true
          events.push(...cut(chunk, from, end))
          from = end
          if (byte === lineFeed) continue
        }
        if (byte === lineFeed && afterReturn) afterReturn = false
        else if (byte === lineFeed || byte === carriageReturn) {
          afterReturn = byte === carriageReturn
          if (lineIsEmpty && afterReturn) blankAfterReturn = true
          else if (lineIsEmpty) {
            events.push(...cut(chunk, from, at + 1))
            from = at + 1
          }
          lineIsEmpty = true
        } else {
          lineIsEmpty = false
          afterReturn = false
        }
      }
      if (from < chunk.length) {
        parts.push(from === 0 ? chunk : chunk.subarray(from))
        size += chunk.length - from
        if (size > maxEventBytes) throw new RangeError('an event of the stream is too large')
      }
      return events
    },
    isBetweenEvents: () => parts.length === 0,
    rest: () => Buffer.concat(parts),
  }
}

/** What no reader shows, and some strip: in UTF-8. */
export const byteOrderMark = Buffer.from('\ufeff')

/**
 * One event as a rule. A byte order mark before a line is taken out for good: the official SDKs decode line by line and
 * so do not see it, and where it makes a line look like more than an empty one, they see two events.
 */
export function readEvents(raw: Buffer): SseEvent[] {
  if (!raw.includes(byteOrderMark)) return [readEvent(raw)]
  const lines = raw.toString('utf8').split(/\r\n|\n|\r/).map((line) => line.replace(/^\ufeff+/, ''))
  return lines.join('\n').split(/(?<=\n\n)/).map((event) => readEvent(Buffer.from(event)))
}

/** Reads the lines of one event. */
export function readEvent(raw: Buffer): SseEvent {
  const text = raw.toString('utf8')
  const plain = plainEvent(text)
  if (plain !== null) return { raw, ...plain }
  let name: string | null = null
  let data: string | null = null
  let around = ''
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.startsWith('data:')) {
      const value = line.startsWith(' ', 5) ? line.slice(6) : line.slice(5)
      data = data === null ? value : `${data}\n${value}`
      continue
    }
    if (line.startsWith('event:')) name = line.slice(6).trim()
    if (line !== '') around = around === '' ? line : `${around}\n${line}`
  }
  return { raw, name, data, around }
}

/** The usual event: one `data:` line, perhaps an `event:` line before it, and the empty one; `null` for any other. */
function plainEvent(text: string): Omit<SseEvent, 'raw'> | null {
  if (!text.endsWith('\n\n') || text.includes('\r')) return null
  const named = text.startsWith('event: ') ? text.indexOf('\n') : -1
  const at = named + 1
  if (!text.startsWith('data: ', at) || text.indexOf('\n', at) !== text.length - 2) return null
  const data = text.slice(at + 6, -2)
  if (named === -1) return { name: null, data, around: '' }
  return { name: text.slice(7, named).trim(), data, around: text.slice(0, named) }
}

/** The event with other data; name, line ends and other fields stay. `data` is one line (JSON). */
export function writeEvent(event: SseEvent, data: string): Buffer {
  const text = event.raw.toString('utf8')
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n'
  const lines = text.split(/\r\n|\n|\r/)
  const first = lines.findIndex((line) => line.startsWith('data:'))
  const written = lines.flatMap((line, index) => {
    if (index === first) return [`data: ${data}`]
    return line.startsWith('data:') ? [] : [line]
  })
  return Buffer.from(written.join(lineEnd))
}
