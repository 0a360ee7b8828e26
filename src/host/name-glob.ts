/**
 * Does a name of a folder match a pattern of glob(7): `*`, `?` and `[a-z]`, as sshd and nginx include files? A name that
 * begins with a dot has to be asked for by one. Node's own is experimental and says so on stderr.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  return matches(tokensOf(pattern), [...name])
}

/** `null` is a `*`; everything else takes one character. */
type Token = ((character: string) => boolean) | null

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let left = pattern; left !== ''; ) {
    const set = left.startsWith('[') ? /^\[([!^]?)([^\]]+)\]/s.exec(left) : null
    const first = String.fromCodePoint(left.codePointAt(0)!)
    if (set !== null) tokens.push((character) => inSet(set[2]!, character) === (set[1] === ''))
    else tokens.push(first === '*' ? null : first === '?' ? () => true : (character) => character === first)
    left = left.slice(set?.[0].length ?? first.length)
  }
  return tokens
}

/** The last `*` takes one character more whenever what follows does not fit: no pattern takes longer than both lengths multiplied. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let [token, at, star, from] = [0, 0, -1, 0]
  while (at < name.length) {
    const test = tokens[token]
    if (test === null) [star, from, token] = [token, at, token + 1]
    else if (test?.(name[at]!) === true) [token, at] = [token + 1, at + 1]
    else if (star === -1) return false
    else [token, at, from] = [star + 1, from + 1, from + 1]
  }
  return tokens.slice(token).every((rest) => rest === null)
}

function inSet(set: string, character: string): boolean {
  const ranges = set.match(/.-.|./gs) ?? []
  return ranges.some((range) => (range.length === 3 ? character >= range[0]! && character <= range[2]! : range === character))
}
