import type { CompiledPattern } from './compile.ts'

/** A keyword stands at `at`, and these patterns begin with it or with something longer. */
export interface Hit {
  at: number
  patterns: readonly CompiledPattern[]
}

/** Finds keywords: one expression over all literals, which measured fastest of all ways to search for hundreds. */
export interface Trigger {
  /** Places of keywords in order, from `from` on. Overlapping ones too. */
  hits(text: string, from: number): Generator<Hit>
  /** Where a keyword may have begun that the end of the text cuts off; `text.length` when nowhere. */
  begun(text: string, from: number): number
}

/** @param ignoreCase which half of the patterns this trigger serves: the two need different expressions */
export function createTrigger(patterns: readonly CompiledPattern[], ignoreCase: boolean): Trigger {
  const roots = rootsOf(patterns)
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text)
  const byRoot = new Map(roots.map((root) => [root, patterns.filter((pattern) => hasKeyword(pattern, root))]))
  const search = new RegExp(roots.map(escapeLiteral).join('|'), ignoreCase ? 'gi' : 'g')
  const starts = startsOf(roots)
  const longestStart = Math.max(0, ...roots.map((root) => root.length - 1))

  return {
    *hits(text, from) {
      let at = from
      while (at < text.length) {
        // The expression is shared between generators that run side by side: its place is set on every turn.
        search.lastIndex = at
        const match = search.exec(text)
        if (!match) return
        yield { at: match.index, patterns: byRoot.get(fold(match[0]))! }
        at = match.index + 1
      }
    },

    begun(text, from) {
      for (let length = Math.min(longestStart, text.length - from); length > 0; length--) {
        const at = text.length - length
        if (starts.has(fold(text.slice(at)))) return at
      }
      return text.length
    },
  }
}

/** Keywords that do not begin with another keyword: exactly one of them can stand at a place. */
function rootsOf(patterns: readonly CompiledPattern[]): string[] {
  const all = [...new Set(patterns.flatMap((pattern) => pattern.keywords))]
  return all.filter((word) => !all.some((other) => other !== word && word.startsWith(other))).sort()
}

function hasKeyword(pattern: CompiledPattern, root: string): boolean {
  return pattern.keywords.some((keyword) => keyword.startsWith(root))
}

/** Every proper beginning of a keyword. */
function startsOf(roots: string[]): Set<string> {
  return new Set(roots.flatMap((root) => Array.from({ length: root.length - 1 }, (_, i) => root.slice(0, i + 1))))
}

/** The hits of several triggers as one row. */
export function* hitsInOrder(triggers: readonly Trigger[], text: string, from: number): Generator<Hit> {
  const queues = triggers.map((trigger) => trigger.hits(text, from))
  const heads = queues.map((queue) => nextOf(queue))
  for (;;) {
    let first = -1
    for (const [i, head] of heads.entries()) {
      if (head && (first < 0 || head.at < heads[first]!.at)) first = i
    }
    if (first < 0) return
    yield heads[first]!
    heads[first] = nextOf(queues[first]!)
  }
}

function nextOf(queue: Generator<Hit>): Hit | null {
  const { done, value } = queue.next()
  return done ? null : value
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
