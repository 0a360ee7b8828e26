import { isInvisible } from './invisible.ts'

/**
 * A text as patterns see it: full-width and other look-alike forms folded (NFKC), nothing invisible, spaces of any
 * kind and number one space, a line broken between two words joined. Knows where each unit came from.
 */
export interface Folded {
  text: string
  /** Offset in the original of each unit of `text`, and at the end the original's length. */
  origin: number[]
}

export function fold(text: string): Folded {
  const folded: Folded = { text: '', origin: [] }
  let blankAt = -1 // start of the blanks we are in, -1 outside
  let breaksLine = false
  // A letter and its marks are folded together, or a decomposed `ü` would not equal a composed one.
  for (const match of text.matchAll(/\P{M}\p{M}{0,30}|\p{M}/gu)) {
    const seen = [...match[0]].filter((one) => /[\t\n\r]/.test(one) || !isInvisible(one)).join('')
    if (seen === '') continue
    const letters = seen.normalize('NFKC')
    if (/^\s+$/.test(letters)) {
      breaksLine = (blankAt >= 0 && breaksLine) || /[\n\r\u2028\u2029]/.test(letters)
      if (blankAt < 0) blankAt = match.index
      continue
    }
    if (blankAt >= 0) {
      const joins = !breaksLine || (isWord(folded.text.at(-1)) && isWord(letters[0]))
      append(folded, joins ? ' ' : '\n', blankAt)
      blankAt = -1
    }
    append(folded, letters, match.index)
  }
  if (blankAt >= 0) append(folded, breaksLine ? '\n' : ' ', blankAt)
  folded.origin.push(text.length)
  return folded
}

function append(folded: Folded, letters: string, at: number): void {
  folded.text += letters
  for (let i = 0; i < letters.length; i++) folded.origin.push(at)
}

function isWord(letter: string | undefined): boolean {
  return letter !== undefined && /[\p{L}\p{N}]/u.test(letter)
}
