/**
 * Does a name of a folder match a pattern of glob(7): `*`, `?` and `[a-z]`, as sshd and nginx include files? A name that
 * begins with a dot has to be asked for by one. Node's own is experimental and says so on stderr.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  return matches(pattern, name)
}

function matches(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return name === ''
  const left = rest.join('')
  if (first === '*') return matches(left, name) || (name !== '' && matches(pattern, name.slice(1)))
  if (name === '') return false
  if (first === '?') return matches(left, name.slice(1))
  const set = first === '[' ? /^([!^]?)([^\]]+)\](.*)$/s.exec(left) : null
  if (set === null) return first === name[0] && matches(left, name.slice(1))
  return inSet(set[2]!, name[0]!) === (set[1] === '') && matches(set[3]!, name.slice(1))
}

function inSet(set: string, character: string): boolean {
  const ranges = set.match(/.-.|./gs) ?? []
  return ranges.some((range) => (range.length === 3 ? character >= range[0]! && character <= range[2]! : range === character))
}
