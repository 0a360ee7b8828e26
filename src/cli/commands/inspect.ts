import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { channels, createInspector, loadPhonePlans, type Channel, type Inspected } from '../../content/index.ts'
import type { Terminal } from '../terminal.ts'

/** Where lines come from and go to. */
export interface InspectStreams {
  input: Readable
  output: NodeJS.WritableStream
}

/**
 * `hardshell inspect`: what the detectors say about a text. With `--jsonl` one `{id, text, channel}` a line in, one
 * `{id, flagged, score, signals}` a line out, in order, each as soon as it is read; memory holds one line.
 * @returns 2 when a line could not be read: its answer is `{id, error}`; else 0, whatever was found
 */
export async function inspect(
  options: Record<string, string | boolean | undefined>,
  terminal: Terminal,
  streams: InspectStreams = { input: process.stdin, output: process.stdout },
): Promise<number> {
  const inspectText = createInspector({ phones: await loadPhonePlans() })
  if (options['jsonl'] !== true) {
    const channel = options['channel']
    if (!isChannel(channel)) {
      terminal.err(`inspect: --channel is one of ${channels.join(', ')}`)
      return 2
    }
    terminal.out(JSON.stringify(shown(inspectText(await terminal.input(), channel))))
    return 0
  }
  let bad = 0
  const answer = (line: string | null): string => {
    const { id, ...said } = answerTo(line, inspectText)
    if ('error' in said) bad++
    return `${JSON.stringify({ id, ...said })}\n`
  }
  try {
    await pipeline(streams.input, (chunks) => answers(chunks, answer), streams.output, { end: false })
  } catch (error) {
    // Whoever read the answers has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
  return bad > 0 ? 2 : 0
}

// Sixteen times the longest input a user may be allowed (`content.input.max_length`). A line without an end must not
// fill the memory.
const mostLineUnits = 16_000_000

async function* answers(chunks: AsyncIterable<Buffer>, answer: (line: string | null) => string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let parts: string[] = []
  let units = 0
  const line = (): string | null => {
    const whole = units > mostLineUnits ? null : parts.join('')
    parts = []
    units = 0
    return whole
  }
  for await (const chunk of chunks) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n')
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) yield* answered(line(), answer)
      units += piece.length
      if (units <= mostLineUnits) parts.push(piece)
    }
  }
  yield* answered(line(), answer)
}

function* answered(line: string | null, answer: (line: string | null) => string): Generator<string> {
  if (line === null || line.trim() !== '') yield answer(line)
}

type Answer = { id: string | number | null } & (Inspected | { error: string })

function answerTo(line: string | null, inspectText: (text: string, channel: Channel) => Inspected): Answer {
  if (line === null) return { id: null, error: `a line is longer than ${mostLineUnits} units` }
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch {
    return { id: null, error: 'a line is not JSON' }
  }
  const { id, text, channel } = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>
  if (typeof id !== 'string' && typeof id !== 'number') return { id: null, error: 'id is neither a string nor a number' }
  if (typeof text !== 'string') return { id, error: 'text is not a string' }
  if (!isChannel(channel)) return { id, error: `channel is none of ${channels.join(', ')}` }
  return { id, ...shown(inspectText(text, channel)) }
}

function shown({ flagged, score, signals }: Inspected): Inspected {
  return { flagged, score: Math.floor(score * 10_000) / 10_000, signals }
}

function isChannel(value: unknown): value is Channel {
  return channels.includes(value as Channel)
}
