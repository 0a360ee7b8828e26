import JSON5 from 'json5'

/** What could be read of a text that may be broken, and where it could not. */
export interface ReadText {
  /** `undefined` when there is nothing to read at all. */
  value: unknown
  problems: readonly { at: string; message: string }[]
}

/**
 * Reads JSON5 as OpenClaw does and, where that fails, as much of it as there is: a missing comma, a missing end or
 * text behind the end is named and passed over. Never throws, whatever the text is.
 */
export function readTolerantly(text: string): ReadText {
  const plain = text.replace(/^\uFEFF/, '')
  for (const parser of [JSON, JSON5]) {
    try {
      const value: unknown = parser.parse(plain)
      if (isShallow(value)) return { value, problems: [] }
      break
    } catch {
      // Not JSON: most are JSON5, the slower reader; and not that either.
    }
  }
  return new BrokenText(plain).read()
}

// OpenClaw's own configuration is 12 deep; a text of brackets alone would end the stack.
const maxDepth = 100
// The first few say it; a binary file would name thousands.
const maxProblems = 20

/** Whoever walks through a deeper one ends the stack. */
function isShallow(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; depth <= maxDepth; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    if (level.length === 0) return true
  }
  return false
}

class BrokenText {
  private at = 0
  private readonly text: string
  private readonly problems: { at: string; message: string }[] = []

  constructor(text: string) {
    this.text = text
  }

  read(): ReadText {
    const value = this.value(0)
    this.skip()
    if (this.at < this.text.length) this.note('there is text behind the end')
    return { value, problems: this.problems }
  }

  private value(depth: number): unknown {
    this.skip()
    if (depth > maxDepth) {
      this.note(`more than ${maxDepth} levels deep`)
      this.at = this.text.length
      return undefined
    }
    const first = this.text[this.at]
    if (first === '{') return this.object(depth)
    if (first === '[') return this.array(depth)
    return first === '"' || first === "'" ? this.quoted(first) : this.word()
  }

  private object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.at++
    while (this.isInside('}')) {
      const before = this.at
      const key = this.key()
      this.skip()
      if (key === null || this.text[this.at] !== ':') {
        this.note('a name and a colon were expected')
        this.at = Math.max(this.at, before + 1)
        continue
      }
      this.at++
      const value = this.value(depth + 1)
      // As JSON does it: `__proto__` is a name like any other.
      if (value !== undefined) Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
      this.comma('}')
    }
    return object
  }

  private array(depth: number): unknown[] {
    const array: unknown[] = []
    this.at++
    while (this.isInside(']')) {
      const before = this.at
      const value = this.value(depth + 1)
      if (value !== undefined) array.push(value)
      if (this.at === before) this.at++
      this.comma(']')
    }
    return array
  }

  /** True while there is something of it left; takes its end along. */
  private isInside(end: '}' | ']'): boolean {
    this.skip()
    const here = this.text[this.at]
    if (here === undefined) {
      this.note(`it ends before its ${end}`)
      return false
    }
    if (here === end) this.at++
    // The end of what stands around it: this one's own was forgotten.
    else if (here === '}' || here === ']') this.note(`${here} where ${end} was expected`)
    else return true
    return false
  }

  private comma(end: string): void {
    this.skip()
    const here = this.text[this.at]
    if (here === ',') this.at++
    else if (here !== undefined && here !== end && here !== '}' && here !== ']') this.note('a comma is missing')
  }

  private key(): string | null {
    const first = this.text[this.at]
    if (first === '"' || first === "'") return this.quoted(first) ?? null
    const name = this.match(/[^\s,:{}[\]"']+/y)
    return name === '' ? null : name
  }

  private quoted(quote: string): string | undefined {
    const start = this.at
    let end = start + 1
    while (end < this.text.length && this.text[end] !== quote && this.text[end] !== '\n') end += this.text[end] === '\\' ? 2 : 1
    this.at = Math.min(end + 1, this.text.length)
    if (this.text[end] !== quote) {
      this.note('a text without its end')
      return undefined
    }
    try {
      return JSON5.parse<string>(this.text.slice(start, this.at))
    } catch {
      this.note('a text that cannot be read')
      return undefined
    }
  }

  private word(): unknown {
    const word = this.match(/[^\s,:{}[\]"']+/y)
    try {
      if (word !== '') return JSON5.parse<unknown>(word)
    } catch {
      // Named below.
    }
    this.note('a value was expected')
    return undefined
  }

  /** Over blanks and comments. */
  private skip(): void {
    for (;;) {
      this.match(/[\s\uFEFF]*/y)
      const isLine = this.text.startsWith('//', this.at)
      if (!isLine && !this.text.startsWith('/*', this.at)) return
      const end = this.text.indexOf(isLine ? '\n' : '*/', this.at)
      this.at = end === -1 ? this.text.length : end + (isLine ? 1 : 2)
    }
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  private note(message: string): void {
    if (this.problems.length >= maxProblems) return
    this.problems.push({ at: `line ${this.text.slice(0, this.at).split('\n').length}`, message })
  }
}
