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
export function screenArray(text: string, options: ScreenOptions): ScreenedArray | null {
  const events = parseArray(text)
  if (!events) return null
  const screen = new Screen(options)
  const frames = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
  const screened = [...frames.flatMap((frame) => screen.feed(Buffer.from(frame))), ...screen.end()].join('')
  const { redactions, stopReason, cut } = screen
  if (screened === frames.join('')) return { text, redactions, stopReason, cut }
  const rewritten = screened.split('\n\n').filter((frame) => frame !== '').map((frame) => frame.replace(/^data: /, ''))
  return { text: `[${rewritten.join(',\n')}]`, redactions, stopReason, cut }
}

function parseArray(text: string): unknown[] | null {
  if (!text.trimStart().startsWith('[')) return null
  try {
    return JSON.parse(text) as unknown[]
  } catch {
    return null
  }
}
