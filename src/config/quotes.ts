// What word processors and web pages make of " and ' : general punctuation and guillemets. Source: Unicode, Pi and Pf.
const around = /^[“”„‟‘’‚‛«»]|[“”„‟‘’‚‛«»]$/
const beginningAWord = /(?<=^|[\s:,[{])[“”„‟‘’‚‛«»]/

/**
 * Judges an unquoted word or key: does it begin or end with a typographic quote, where a plain one was meant? Inside
 * a sentence such a character is only an apostrophe.
 * @returns what to say, without the word itself, which may be a secret; `null` when all is well
 */
export function quoteAround(word: string): string | null {
  const found = around.exec(word)
  return found ? messageAbout(found[0]) : null
}

/**
 * Looks for the quote that made a line unreadable.
 * @returns where in the line it is, and what to say; `null` when it was something else
 */
export function quoteInLine(line: string): { index: number; message: string } | null {
  const found = beginningAWord.exec(line)
  return found ? { index: found.index, message: messageAbout(found[0]) } : null
}

/** What was meant: the word without the quotes around it. */
export function withoutQuotes(word: string): string {
  return word.replace(/^[“”„‟‘’‚‛«»]+|[“”„‟‘’‚‛«»]+$/g, '')
}

function messageAbout(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  const remedy = 'replace it and its partner with the plain "'
  return `typographic quote ${character} (U+${code}), which YAML takes for a letter: ${remedy}`
}
