/** A path that can be judged. */
export interface RequestPath {
  /** As it is sent on, without its query. */
  path: string
  /** Behind the question mark, without it; empty: there is none. */
  query: string
  /** Every way an origin may read it, the path as it stands among them. */
  readings: readonly string[]
}

/**
 * Reads a target in origin form, which is attacker-controlled. Origins disagree about what is decoded how often, about
 * dot segments, doubled slashes, backslashes and parameters: a path may only pass when each reading of it may, and so
 * an encoded slash in a name (`/projects/group%2Fname`) passes where a climb (`/mine/%2e%2e/theirs`) does not.
 * @returns a sentence when no two origins could be expected to agree
 * Source: RFC 3986, sections 5.2.4 and 6.2; CVE-2021-41773 and its kind
 */
export function readPath(target: string): RequestPath | string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '' : target.slice(mark + 1)
  const readings = new Set<string>()
  let text = path
  for (let decoded = 0; ; decoded++) {
    for (const reading of readingsOf(text)) readings.add(reading)
    if (!text.includes('%')) break
    if (decoded === maxDecodings) return 'its path is encoded too often'
    const next = decode(text)
    if (next === null) return 'its path holds a percent sign that encodes nothing, or no UTF-8'
    if (hidden.test(next)) return 'its path encodes control characters'
    if (otherPercents.test(next)) return 'its path encodes a percent sign that is none'
    text = next
  }
  return { path, query, readings: [...readings] }
}

// Twice is a proxy in front of an application. What needs more is written to be misread.
const maxDecodings = 3
const hidden = /[\0-\x1f\x7f]/
// Become one where names are normalised, and encode anew.
const otherPercents = /[\uff05\ufe6a]/

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function* readingsOf(text: string): Generator<string> {
  yield text
  // Fullwidth dots and slashes become ordinary ones where names are normalised: NFKC, UAX 15.
  for (const form of new Set([text, text.normalize('NFKC')])) {
    const forward = form.replaceAll('\\', '/')
    yield resolve(forward.split('/'))
    // `/a;x/..;/b`: parameters of a segment, which Java servers cut off before they resolve dots.
    yield resolve(forward.split('/').map((segment) => segment.split(';')[0]!))
    yield resolve(forward.split('/').map((segment) => segment.trim())) // Windows takes no notice of blanks at the end
  }
}

/** Without dot segments and empty ones. */
function resolve(segments: readonly string[]): string {
  const kept: string[] = []
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '.' && segment !== '') kept.push(segment)
  }
  const isFolder = ['', '.', '..'].includes(segments.at(-1)!)
  return `/${kept.join('/')}${isFolder && kept.length > 0 ? '/' : ''}`
}

/** Is every reading at or below one of these? Case counts: an origin that ignores it is offered less, never more. */
export function isBelow({ readings }: RequestPath, prefixes: readonly string[]): boolean {
  return readings.every((reading) => prefixes.some((prefix) => isAt(reading, prefix)))
}

function isAt(path: string, prefix: string): boolean {
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
  return path === prefix || path.startsWith(folder) || path === folder.slice(0, -1)
}
