/** Settings of apt by their full name, such as `APT::Periodic::Unattended-Upgrade`: lists keep every item (apt.conf(5)). */
export type AptSettings = Readonly<Record<string, readonly string[]>>

/** Files of apt.conf.d in their order: flat names and blocks alike. Pure. */
export function parseAptConf(texts: readonly string[]): AptSettings {
  const found: Record<string, string[]> = {}
  for (const text of texts) collect(tokensOf(text), found)
  return found
}

function collect(tokens: readonly string[], into: Record<string, string[]>): void {
  const path: string[][] = [[]]
  let words: string[] = []
  for (const token of tokens) {
    if (token === '{') {
      path.push([...path.at(-1)!, ...words])
      words = []
    } else if (token === '}') {
      if (path.length > 1) path.pop()
      words = []
    } else if (token === ';') {
      settle([...path.at(-1)!], words, into)
      words = []
    } else words.push(token)
  }
}

/** `Name "value";` sets, `"value";` inside a block adds to its list, `#clear Name;` empties. */
function settle(path: string[], words: readonly string[], into: Record<string, string[]>): void {
  if (words.length === 0) return
  if (words[0] === '#clear') {
    for (const name of words.slice(1)) delete into[name.toLowerCase()]
    return
  }
  const isItem = words.length === 1 && words[0]!.startsWith('"')
  const [name, value] = isItem ? ['', words[0]!] : [words[0]!, words[1]]
  if (value === undefined) return
  const key = [...path, ...(name === '' ? [] : [name])].join('::').replace(/::$/, '').toLowerCase()
  if (key === '') return
  const bare = value.replaceAll('"', '')
  if (isItem || name.endsWith('::')) (into[key] ??= []).push(bare)
  else into[key] = [bare]
}

function tokensOf(text: string): string[] {
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*#(?!clear).*$/gm, '')
  return [...bare.matchAll(/"[^"\n]*"|[{};]|\/\/[^\n]*|[^\s{};"]+/g)].map(([token]) => token).filter((token) => !token.startsWith('//'))
}
