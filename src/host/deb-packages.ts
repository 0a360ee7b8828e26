/** Packages of dpkg's status file or of a list of apt: name, version, and whether it is installed. Pure. */
export function parsePackages(text: string): readonly { name: string; version: string; installed: boolean }[] {
  return text.split('\n\n').flatMap((stanza) => {
    const name = field(stanza, 'Package')
    const version = field(stanza, 'Version')
    return name === null || version === null ? [] : [{ name, version, installed: field(stanza, 'Status')?.endsWith(' installed') ?? false }]
  })
}

/** Below zero when `a` is older. Debian policy manual, 5.6.12: epoch, upstream, revision. Pure. */
export function compareDebVersions(a: string, b: string): number {
  const [one, other] = [split(a), split(b)]
  return one.epoch - other.epoch || comparePart(one.upstream, other.upstream) || comparePart(one.revision, other.revision)
}

function field(stanza: string, name: string): string | null {
  const start = stanza.startsWith(`${name}: `) ? 0 : stanza.indexOf(`\n${name}: `) + 1
  if (start === 0 && !stanza.startsWith(`${name}: `)) return null
  const end = stanza.indexOf('\n', start)
  return stanza.slice(start + name.length + 2, end === -1 ? undefined : end).trim()
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest] = /^(?:(\d+):)?(.*)$/s.exec(version)!
  const dash = rest!.lastIndexOf('-')
  return { epoch: Number(epoch), upstream: dash === -1 ? rest! : rest!.slice(0, dash), revision: dash === -1 ? '' : rest!.slice(dash + 1) }
}

/** Stretches without and with digits in turn. */
function comparePart(a: string, b: string): number {
  let [left, right] = [a, b]
  while (left !== '' || right !== '') {
    const [words, others] = [/^\D*/.exec(left)![0], /^\D*/.exec(right)![0]]
    const byWords = compareWords(words, others)
    if (byWords !== 0) return byWords
    ;[left, right] = [left.slice(words.length), right.slice(others.length)]
    const [digits, otherDigits] = [/^\d*/.exec(left)![0], /^\d*/.exec(right)![0]]
    const byNumber = BigInt(digits || '0') - BigInt(otherDigits || '0')
    if (byNumber !== 0n) return byNumber < 0n ? -1 : 1
    ;[left, right] = [left.slice(digits.length), right.slice(otherDigits.length)]
  }
  return 0
}

/** `~` comes before the end, letters before everything else. */
function compareWords(a: string, b: string): number {
  const rank = (text: string, at: number): number => {
    const character = text[at]
    if (character === undefined) return 0
    return character === '~' ? -1 : /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256
  }
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = rank(a, at) - rank(b, at)
    if (difference !== 0) return difference
  }
  return 0
}
