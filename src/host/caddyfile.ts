/** A line of a Caddyfile with its words; a block has more lines. */
export interface CaddyLine {
  words: readonly string[]
  line: number
  children: readonly CaddyLine[]
}

/**
 * Lines and blocks of a Caddyfile. Snippets and imports are told as they stand; environment variables stay unread.
 * Pure.
 */
export function parseCaddyfile(text: string): readonly CaddyLine[] {
  const lines = text.split('\n').map((raw, index) => ({ words: wordsOf(raw), line: index + 1 })).filter(({ words }) => words.length > 0)
  return block(lines)
}

function block(lines: { words: string[]; line: number }[]): CaddyLine[] {
  const found: CaddyLine[] = []
  while (lines.length > 0) {
    const { words, line } = lines.shift()!
    if (words[0] === '}') break
    const opens = words.at(-1) === '{'
    found.push({ words: opens ? words.slice(0, -1) : words, line, children: opens ? block(lines) : [] })
  }
  return found
}

// A brace is one only between spaces: `{host}` is a placeholder.
function wordsOf(raw: string): string[] {
  const words: string[] = []
  for (const [, quoted, ticked, bare] of raw.matchAll(/"((?:\\.|[^"\\])*)"|`([^`]*)`|(\S+)/g)) {
    if (bare?.startsWith('#')) break
    words.push(quoted ?? ticked ?? bare!)
  }
  return words
}
