import type { CompiledPattern } from './compile.ts'
import type { Entry } from './keyword-tables.ts'

/** How keywords begin, to tell what the end of a text may cut off. */
export interface StartTable {
  exact: Map<string, Set<CompiledPattern>>
  folded: Map<string, Set<CompiledPattern>>
  /** What keywords begin with, both cases. */
  letters: Set<number>
}

/** Every beginning of a keyword, with the patterns it may become. */
export function startTable(entries: readonly Entry[]): StartTable {
  const tables: StartTable = { exact: new Map(), folded: new Map(), letters: new Set() }
  for (const { keyword, ignoreCase, patterns } of entries) {
    const table = ignoreCase ? tables.folded : tables.exact
    tables.letters.add(keyword.charCodeAt(0))
    if (ignoreCase) tables.letters.add(keyword[0]!.toUpperCase().charCodeAt(0))
    // A keyword of two is only found once a third unit follows: until then it counts as begun.
    for (let length = 1; length < Math.max(keyword.length, 3); length++) {
      const start = keyword.slice(0, length)
      const set = table.get(start) ?? new Set()
      for (const pattern of patterns) set.add(pattern)
      table.set(start, set)
    }
  }
  return tables
}
