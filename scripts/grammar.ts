/** Lines with `{slots}`, and what may stand in them. */
export interface Grammar {
  slots: Record<string, readonly string[]>
  kinds: Record<string, readonly string[]>
}

/** Writes `count` different texts of one kind. The same seed gives the same texts. @throws when a slot has no list */
export function write(grammar: Grammar, kind: string, count: number, seed: number): string[] {
  const next = chance(seed)
  const texts = new Set<string>()
  // Short lists run out of different texts: three tries for each.
  for (let tries = 0; texts.size < count && tries < 3 * count; tries++) texts.add(fill(pick(grammar.kinds[kind]!, next), grammar, next))
  return [...texts]
}

function fill(line: string, grammar: Grammar, next: () => number): string {
  return line.replace(/\{([A-Za-z0-9]+)\}/g, (_, slot: string) => {
    const list = grammar.slots[slot]
    if (!list) throw new Error(`no list for {${slot}}`)
    return fill(pick(list, next), grammar, next)
  })
}

function pick<One>(list: readonly One[], next: () => number): One {
  return list[Math.floor(next() * list.length)]!
}

/** Mulberry32 (T. Ettinger, public domain): small, and the same on every machine. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
