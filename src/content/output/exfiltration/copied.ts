/** Tells whether a text repeats what was said in a conversation. */
export interface CopiedText {
  /** @returns true when 32 letters and digits or more stand in both, one after the other but for other signs */
  isIn(text: string): boolean
}

// 32 letters are six or seven words: titles in addresses are shared that far only with a page the address came from.
const minRun = 32
const shingle = 12
// Of a long conversation the end is kept: what was said last is what an injected instruction asks for.
const maxUnits = 262_144

/**
 * Prepares what was said, so that addresses can be held against it. What stands in an address of the conversation
 * itself is not counted: repeating a link gives nothing away.
 */
export function rememberText(texts: readonly string[]): CopiedText {
  const said = plain(texts.join('\n').slice(-maxUnits).replace(/https?:[^\s)>"'\]]{1,2048}/gi, ' '))
  const places = new Map<string, number>()
  for (let at = 0; at + shingle <= said.length; at += shingle) places.set(said.slice(at, at + shingle), at)
  return {
    isIn(text) {
      const payload = plain(text)
      for (let at = 0; at + shingle <= payload.length; at++) {
        const place = places.get(payload.slice(at, at + shingle))
        if (place !== undefined && runAround(said, place, payload, at) >= minRun) return true
      }
      return false
    },
  }
}

function runAround(said: string, place: number, payload: string, at: number): number {
  let from = 0
  while (from < minRun && from < Math.min(place, at) && said[place - from - 1] === payload[at - from - 1]) from++
  let to = 0
  while (to < minRun && place + to < said.length && said[place + to] === payload[at + to]) to++
  return from + to
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
