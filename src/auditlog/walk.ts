import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { noDigest, type Tip } from './chain.ts'
import { frontEnd, frontStart, tailEnd, tailOf, tailStart } from './parse-line.ts'
import { parseEntry, parseLine, type ParsedLine } from './parse-line.ts'
import { newline, type Block } from './read-lines.ts'

/** The first line that does not hold. */
export interface FirstBad {
  file: string
  /** From 1; for missing lines, where they should be. 0: the file as a whole, not one of its lines. */
  line: number
  /** What the line says its place is; for a missing line, the place that is missing. `null`: it does not say. */
  seq: number | null
  /** One sentence. */
  reason: string
}

interface Place {
  file: string
  line: number
  seq: number
}

/** Goes along a chain line by line, in constant memory, up to the first bad line. */
export class Walk {
  /** Lines that hold. */
  entries = 0
  /** The first one that does not. `null` so far. */
  bad: FirstBad | null = null
  /** The last one that holds. */
  last: Place | null = null
  /** The entry the head record names, once it was met. */
  watched: (Place & { digest: string }) | null = null
  readonly #watchSeq: number
  /** What the next line must hang on. `null`: the first line is taken at its word. */
  #expected: Tip | null
  #line = 0
  /** Two lines that do not fit: only the line after them can say which of the two was changed. */
  #doubt: { before: Place; here: Place; digest: string } | null = null

  /**
   * @param from `genesis`: the first line must be entry 0; `anywhere`: a later segment alone
   * @param watchSeq the entry the head record names; -1: none
   */
  constructor(from: 'genesis' | 'anywhere', watchSeq: number) {
    this.#expected = from === 'genesis' ? { seq: 0, digest: noDigest } : null
    this.#watchSeq = watchSeq
  }

  /** Lines from here on are those of another file. */
  beginFile(): void {
    this.#line = 0
  }

  /** Looks at whole lines. Once something is bad, the rest is not looked at. */
  takeBlock(file: string, block: Block): void {
    const { bytes } = block
    const isText = isUtf8(bytes) // all at once: ten times faster than line by line
    for (let start = 0; start < bytes.length && !this.bad; ) {
      const end = bytes.indexOf(newline, start)
      this.#takeLine(file, bytes.subarray(start, end), isText)
      start = end + 1
    }
  }

  /** What stands behind the last newline. */
  takeRest(file: string, reason: string): void {
    if (this.#doubt) return this.#settle('before')
    this.#fail({ file, line: this.#line + 1, seq: null, reason })
  }

  /** No more lines. @param head what the head record says of the end, if it is there */
  finish(head: Tip | null): void {
    if (!this.#doubt) return
    // No line after them, but perhaps the head record knows the second one. If not, a changed line is likelier than
    // a changed prev_hash: the line is where the content is.
    const { here, digest } = this.#doubt
    this.#settle(head?.seq === here.seq && head.digest !== digest ? 'here' : 'before')
  }

  #takeLine(file: string, line: Buffer, isText: boolean): void {
    this.#line += 1
    const text = line.toString('latin1')
    if (this.#doubt) return this.#settle(text.endsWith(tailOf(this.#doubt.digest)) ? 'before' : 'here')
    const expected = this.#expected
    if (expected && (isText || isUtf8(line)) && isPlainlyGood(text, expected)) {
      return this.#accept({ file, line: this.#line, seq: expected.seq }, hash('sha256', line, 'hex'))
    }
    const parsed = parseLine(line)
    if (typeof parsed === 'string') return this.#fail({ file, line: this.#line, seq: null, reason: parsed })
    this.#judge({ file, line: this.#line, seq: parsed.entry.seq }, parsed)
  }

  #judge(here: Place, { entry, previous, digest }: ParsedLine): void {
    const expected = (this.#expected ??= { seq: here.seq, digest: here.seq === 0 ? noDigest : previous })
    if (here.seq !== expected.seq) return this.#fail({ ...here, reason: outOfOrder(expected.seq, here.seq) })
    if (entry.prev_hash !== `sha256:${previous}`) return this.#fail({ ...here, reason: 'prev_hash is there twice' })
    if (previous === expected.digest) return this.#accept(here, digest)
    if (!this.last) return this.#fail({ ...here, reason: 'prev_hash of the first entry must be zeros' })
    this.#doubt = { before: this.last, here, digest }
  }

  #accept(here: Place, digest: string): void {
    this.last = here
    this.entries += 1
    this.#expected = { seq: here.seq + 1, digest }
    if (here.seq === this.#watchSeq) this.watched = { ...here, digest }
  }

  #settle(which: 'before' | 'here'): void {
    const { before, here } = this.#doubt!
    this.#doubt = null
    if (which === 'here') return this.#fail({ ...here, reason: 'prev_hash is not the hash of the line before' })
    this.entries -= 1
    this.#fail({ ...before, reason: 'changed: its hash is not the prev_hash of the line after it' })
  }

  #fail(found: FirstBad): void {
    this.bad = found
  }
}

/**
 * The fast way past a sound line: no string is put together for comparing. The line is read as Latin-1, which is as
 * good for JSON's grammar and a copy instead of a decode.
 */
function isPlainlyGood(text: string, { seq, digest }: Tip): boolean {
  const place = String(seq)
  const tail = text.length - tailStart.length - digest.length - tailEnd.length
  if (!text.startsWith(frontStart) || !text.startsWith(place, frontStart.length)) return false
  if (!text.startsWith(frontEnd, frontStart.length + place.length)) return false
  if (!text.startsWith(tailStart, tail) || !text.startsWith(digest, tail + tailStart.length)) return false
  if (!text.endsWith(tailEnd)) return false
  const entry = parseEntry(text)
  // Again from the parsed value: a second key of the same name would win there.
  return (
    entry !== null &&
    entry.seq === seq &&
    typeof entry.prev_hash === 'string' &&
    entry.prev_hash.endsWith(digest) &&
    typeof entry.event_type === 'string' &&
    typeof entry.timestamp === 'string'
  )
}

function outOfOrder(want: number, saw: number): string {
  const what = saw > want ? 'entries are missing here, or moved' : 'an entry is repeated, or moved'
  return `seq ${want} expected, ${saw} found: ${what}`
}
