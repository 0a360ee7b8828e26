/** What an image is built from and whom it runs as. */
export interface DockerfileFacts {
  /** Images of others, one for each stage that begins with one; stages of its own and `scratch` left out. */
  bases: readonly { image: string; line: number }[]
  /** `USER` of the last stage, `null` where it does not say. */
  user: string | null
  /** What the last stage begins with. */
  lastBase: string | null
  /** Where the whole folder it is built from is copied in, in any stage; `null`: nowhere. */
  copiesAllAt: number | null
}

/** Pure. A build argument in a name stays as it is written. */
export function parseDockerfile(text: string): DockerfileFacts {
  const bases: { image: string; line: number }[] = []
  const stages = new Set<string>()
  let user: string | null = null
  let lastBase: string | null = null
  let copiesAllAt: number | null = null
  for (const { words, line } of instructions(text)) {
    const name = words[0]!.toUpperCase()
    if (name === 'USER') user = words[1] ?? null
    if (copiesAll(words)) copiesAllAt ??= line
    if (name !== 'FROM') continue
    const [image, as, stage] = words.slice(1).filter((word) => !word.startsWith('--'))
    if (image === undefined) continue
    if (image !== 'scratch' && !stages.has(image.toLowerCase())) bases.push({ image, line })
    if (as?.toLowerCase() === 'as' && stage !== undefined) stages.add(stage.toLowerCase())
    user = null
    lastBase = image
  }
  return { bases, user, lastBase, copiesAllAt }
}

/** `COPY . /app`, also as a list; not what comes from another stage. */
function copiesAll([name, ...rest]: readonly string[]): boolean {
  if (!/^(?:COPY|ADD)$/i.test(name!) || rest.some((word) => word.startsWith('--from='))) return false
  const paths = rest.filter((word) => !word.startsWith('--')).map((word) => word.replace(/^\[?"?|"?,?\]?$/g, '')).filter((word) => word !== '')
  return paths.slice(0, -1).some((path) => /^(?:\.|\.\/|\*|\.\/\*|\/)$/.test(path))
}

/** Does the name say which image is meant? `latest` and no tag mean whatever is there that day. */
export function isPinnedImage(image: string): boolean {
  if (image.includes('@sha256:') || image.includes('$')) return true
  const tag = /:([^/:]+)$/.exec(image)?.[1]
  return tag !== undefined && tag !== 'latest'
}

function instructions(text: string): { words: string[]; line: number }[] {
  const found: { words: string[]; line: number }[] = []
  let held = ''
  let start = 0
  for (const [index, raw] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(raw)) continue
    if (held === '') start = index + 1
    held += ` ${raw.trim().replace(/\\$/, '')}`
    if (raw.trimEnd().endsWith('\\')) continue
    found.push({ words: held.trim().split(/\s+/), line: start })
    held = ''
  }
  return found
}
