import { joined, markerOf } from './finders.ts'
import { closingQuote, isEscaped } from './json-text.ts'
import type { ModelContent, TextFinding } from './ports.ts'
import { innerView, maxDepth, plainView, resolveEscapes, type View } from './redact-json.ts'

interface Mark {
  start: number
  end: number
  text: string
}

// Left of the undecided text stays this much for patterns that look at what stands before a secret (`password=`).
const contextChars = 512
// A private key of 4096 bits is 3.2 KiB; whatever waits longer than this is forgotten from the front.
const maxWindowChars = 65_536

/**
 * One text that arrives in parts: an answer, the arguments of one tool call. It knows up to where the text is
 * decided, that is, no later part can make a secret of it. Offsets count from the beginning of the text.
 */
export class Slot {
  /** Everything before this is decided. Only grows. */
  decided = 0
  /** Something was found that ends the answer; what came before it is decided. */
  cut: TextFinding['cut'] | null = null

  readonly #kind: 'text' | 'json'
  readonly #content: ModelContent
  /** The end of the text, from `#base` on. */
  #window = ''
  #base = 0
  #marks: Mark[] = []
  #gaveUpAt = -1

  constructor(kind: 'text' | 'json', content: ModelContent) {
    this.#kind = kind
    this.#content = content
  }

  /** @returns the offset of the end */
  append(text: string): number {
    this.#window += text
    return this.#base + this.#window.length
  }

  /** Looks again at what is not decided. @param whole nothing follows */
  judge(whole: boolean): void {
    const views = this.#views(whole)
    let limit = this.#base + this.#window.length
    for (const { text, rawStart } of whole ? [] : views) {
      const pending = Math.max(0, Math.min(this.#content.pendingSecretLength(text), text.length))
      limit = Math.min(limit, this.#base + rawStart(text.length - pending))
    }
    const found = views.length === 1 ? this.#foundIn(views[0]!) : joined(views.flatMap((view) => this.#foundIn(view)))
    // A secret that reaches into the pending end may still grow: it is decided as a whole or not at all.
    for (const { start, end } of found) if (end > limit) limit = Math.min(limit, start)
    for (const { type, start, end, secret, cut } of found) {
      const from = Math.max(start, this.decided)
      if (end > limit || from >= end) continue
      if (cut) {
        this.cut = cut
        this.decided = Math.max(this.decided, from)
        return
      }
      this.#mark(from, end, markerOf(type, secret, this.#content))
    }
    this.decided = Math.max(this.decided, limit)
    this.#forget()
  }

  /** Offsets count in the whole text. */
  #foundIn({ text, rawStart, viewStart }: View): (TextFinding & { secret: string })[] {
    const from = viewStart(Math.max(0, this.decided - this.#base))
    const found = this.#content.findSecretsFrom?.(text, from) ?? this.#content.findSecrets(text)
    return found.map((finding) => {
      const { start, end } = finding
      return { ...finding, secret: text.slice(start, end), start: this.#base + rawStart(start), end: this.#base + rawStart(end) }
    })
  }

  /**
   * What its readers make of it: a tool gets its arguments with their escapes resolved, where `\u0067hp_…` is a token,
   * and may read a JSON text in them. An escape that is cut by the end is not there yet.
   */
  #views(whole: boolean): View[] {
    const raw = this.#window
    const views = [this.#kind === 'json' ? resolveEscapes(whole ? raw : raw.slice(0, beforeEscape(raw, raw.length))) : plainView(raw)]
    for (let view: View | null = views[0]!; views.length < maxDepth; ) {
      if (!view.text.includes('\\')) break
      view = innerView(view, whole ? view.text.length : beforeEscape(view.text, view.text.length))
      if (view === null) break
      views.push(view)
    }
    return views
  }

  /** Gives up waiting: everything undecided is treated as secret. */
  giveUp(): void {
    const length = this.#kind === 'json' ? beforeEscape(this.#window, this.#window.length) : this.#window.length
    const end = this.#base + length
    if (end <= this.decided) return
    this.#mark(this.decided, end, '[REDACTED_SUSPECTED]')
    this.#gaveUpAt = end
    this.decided = end
  }

  /** A decided part of the text, redacted; `null` when there is nothing to redact in it. Asked for in order. */
  redacted(text: string, start: number): string | null {
    const end = start + text.length
    const hits = this.#marks.filter((hit) => hit.start < end && hit.end > start)
    this.#marks = this.#marks.filter((hit) => hit.end > end)
    if (hits.length === 0) return null
    let out = ''
    let at = start
    for (const hit of hits) {
      if (hit.start > at) out += text.slice(at - start, hit.start - start)
      if (hit.start >= start) out += hit.text
      at = Math.min(hit.end, end)
    }
    return out + text.slice(at - start)
  }

  #mark(from: number, to: number, text: string): void {
    for (const [start, end] of this.#coverable(from, to)) {
      const goesOn = start === this.#gaveUpAt // where we gave up: one marker is enough
      this.#marks.push({ start, end, text: goesOn ? '' : text })
      if (goesOn) this.#gaveUpAt = end
    }
  }

  /** A JSON text must stay one: quotes that end a string, what stands between strings, half escapes are kept. */
  #coverable(from: number, to: number): [number, number][] {
    if (this.#kind === 'text') return [[from, to]]
    const json = this.#window
    const runs = runsBetweenQuotes(json, from - this.#base, to - this.#base)
    return runs
      .filter(([start, end]) => runs.length === 1 || !jsonSyntax.test(json.slice(start, end)))
      .map(([start, end]): [number, number] => [afterEscape(json, start), beforeEscape(json, end)])
      .filter(([start, end]) => end > start)
      .map(([start, end]) => [this.#base + start, this.#base + end])
  }

  #forget(): void {
    const drop = Math.max(this.decided - this.#base - contextChars, this.#window.length - maxWindowChars)
    if (drop <= contextChars) return // cutting seldom and much is cheaper than a little at every part
    const whole = this.#kind === 'json' ? beforeEscape(this.#window, drop) : drop
    this.#window = this.#window.slice(whole)
    this.#base += whole
    this.decided = Math.max(this.decided, this.#base)
  }
}

/** What stands between the strings of a JSON text. */
const jsonSyntax = /^(?:[\s,:{}[\]\d.eE+-]|true|false|null)*$/

/** The parts of a piece of JSON text that no quote divides which opens or closes a string. */
function runsBetweenQuotes(json: string, start: number, end: number): [number, number][] {
  const runs: [number, number][] = []
  for (let from = start; from <= end; ) {
    const to = Math.min(closingQuote(json, from - 1), end)
    if (to > from) runs.push([from, to])
    from = to + 1
  }
  return runs
}

/** Where the escape ends whose middle this is, or the place itself. */
function afterEscape(json: string, at: number): number {
  const opened = openEscape(json, at)
  if (opened === -1) return at
  return Math.min(json.length, opened + (json[opened + 1] === 'u' ? 6 : 2))
}

function beforeEscape(json: string, at: number): number {
  const opened = openEscape(json, at)
  return opened === -1 ? at : opened
}

/** Index of the backslash of an escape that is cut by this place; -1 when none is. */
function openEscape(json: string, at: number): number {
  const tail = /\\(?:u[0-9a-fA-F]{0,3})?$/.exec(json.slice(Math.max(0, at - 5), at))
  if (!tail) return -1
  const opened = Math.max(0, at - 5) + tail.index
  return isEscaped(json, opened) ? -1 : opened
}
