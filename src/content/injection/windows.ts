import type { Words } from './words.ts'

/** Words `from` to `to` (not included) that are judged together. */
export interface Window {
  from: number
  to: number
}

// A page: what a role-play prompt or a mail fills. Longer texts are judged page by page, half overlapping.
const page = 400

/**
 * What of a text is judged on its own: every sentence, every three sentences in a row, every page. An instruction
 * buried in a long document is then as visible as one that stands alone.
 */
export function windowsOf(words: Words): Window[] {
  const windows: Window[] = []
  const starts: number[] = []
  for (let at = 0; at < words.count; at++) {
    if (at === 0 || words.sentence[at] !== words.sentence[at - 1]) starts.push(at)
  }
  for (let i = 0; i < starts.length; i++) {
    const ends = starts[i + 1] ?? words.count
    windows.push({ from: starts[i]!, to: ends })
    if (starts.length > 1 && i + 2 < starts.length) windows.push({ from: starts[i]!, to: starts[i + 3] ?? words.count })
  }
  if (starts.length === 1) return windows
  for (let from = 0; from === 0 || from + page / 2 < words.count; from += page / 2) {
    windows.push({ from, to: Math.min(from + page, words.count) })
  }
  return windows
}
