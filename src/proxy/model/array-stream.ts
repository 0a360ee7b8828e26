import { setImmediate as rest } from 'node:timers/promises'
import type { TextFinding } from './ports.ts'
import { Screen, type ScreenOptions } from './screen.ts'

/** A stream that came as one JSON array of its events, looked at event by event. */
export interface ScreenedArray {
  /** The very same text when nothing had to change. */
  text: string
  redactions: number
  stopReason: string | null
  cut: TextFinding['cut'] | null
}

/**
 * Screens what Google sends where nobody asked for `alt=sse`. It is held until it is whole: a part of a JSON array
 * is nothing a client could read anyway.
 * @returns `null` when the text is no array of events
 */
export async function screenArray(text: string, options: ScreenOptions): Promise<ScreenedArray | null> {
  const events = parseArray(text)
  if (!events) return null
  const screen = new Screen(options)
  const frames = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
  const shown: Buffer[] = []
  let sinceRest = 0
  for (const frame of frames) {
    shown.push(...screen.feed(Buffer.from(frame)))
    if (screen.cut) break
    sinceRest += frame.length
    if (sinceRest < restAfterChars) continue
    sinceRest = 0
    await rest()
  }
  const screened = [...shown, ...screen.end()].join('')
  const { redactions, stopReason, cut } = screen
  if (screened === frames.join('')) return { text, redactions, stopReason, cut }
  const rewritten = screened.split('\n\n').filter((frame) => frame !== '').map((frame) => frame.replace(/^data: /, ''))
  return { text: `[${rewritten.join(',\n')}]`, redactions, stopReason, cut }
}

// A tenth of a second of looking at worst; then everybody else has his turn.
const restAfterChars = 65_536

function parseArray(text: string): unknown[] | null {
  if (!text.trimStart().startsWith('[')) return null
  try {
    return JSON.parse(text) as unknown[]
  } catch {
    return null
  }
}
