import { hash, randomBytes } from 'node:crypto'
import { setImmediate as rest } from 'node:timers/promises'
import type { ModelContent } from './ports.ts'
import { Stopwatch, type Patience } from './patience.ts'
import { RecentBodies, type Part } from './recent-bodies.ts'
import { isClean, viewsOf } from './redact-json.ts'

// A conversation of a million tokens is some thousand parts; twice so many of 100 bytes each are a few megabytes.
const maxParts = 16_384
// Smaller parts cost more to remember than to look through.
const minPartBytes = 2_048
// What stands before a part is looked at with it: UTF-8 of the 512 characters the content room may look back.
const contextBytes = 1_536

// Names of models: a few are used, an attacker may make up more.
const maxNames = 256
const maxNameChars = 128

// Of a large body: a tenth of a second to look through at worst.
const maxPartBytes = 65_536

/** Where a message begins, or the list of tools, which stays the same while messages are added before it. */
const everyMessage = '"role"'
const theTools = '"tools"'

/**
 * Remembers which parts of requests were looked through and held no secret. An agent sends its whole conversation with
 * every call; only what is new in it need be looked at. Remembered are keyed digests of parts together with what stood
 * before them: the findings are those of the whole text, wherever it is divided.
 */
export class KnownClean {
  readonly #content: ModelContent
  readonly #key = randomBytes(32)
  /** Digest of a part → bytes at its end that may still become part of a secret. Two generations make it bounded. */
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  readonly #names = new Set<string>()
  readonly #recent = new RecentBodies()
  #version: number | undefined
  /** Parts that were looked at. */
  #looks = 0

  constructor(content: ModelContent) {
    this.#content = content
  }

  /** Is it known that nothing is found in this short text? It is then remembered as it is. */
  coversName(name: string): boolean {
    this.#forgetIfChanged()
    if (this.#names.has(name)) return true
    if (this.#content.findSecrets(name).length > 0) return false
    if (this.#names.size < maxNames && name.length <= maxNameChars) this.#names.add(name)
    return true
  }

  /**
   * @param body a JSON text, known to be UTF-8
   * @param text the same, where it is at hand
   * @returns false when anything in it may be a secret: look at it whole
   */
  covers(body: Buffer, text: string | null = null): boolean {
    this.#forgetIfChanged()
    if (body.length <= 2 * minPartBytes) return isClean(text ?? body.toString('utf8'), this.#content)
    const alike = this.#recent.like(body)
    const parts = [...(alike?.parts ?? [])]
    let { from, undecidedFrom } = behind(parts)
    for (const to of partEnds(body, from)) {
      const start = characterAt(body, Math.min(from, undecidedFrom) - contextBytes)
      const pending = this.#pendingIn(body.subarray(start, to))
      if (pending === -1) return false
      parts.push({ end: to, pending })
      undecidedFrom = to - pending
      from = to
    }
    this.#recent.keep(body, parts, alike)
    return true
  }

  /**
   * `covers` for a body so long that looking at all of it would hold everybody else up: it rests after each part that
   * had to be looked at.
   * @returns at once when all of it is known; false also when there was no time for all of it
   */
  coversLarge(body: Buffer, patience: Patience): boolean | Promise<boolean> {
    this.#forgetIfChanged()
    const parts = this.#look(body)
    for (let next = parts.next(); ; next = parts.next()) {
      if (next.done) return next.value
      if (next.value === 'looked') return finish(parts, patience)
    }
  }

  /** Goes from part to part, and says after each what it took. @returns whether nothing was found */
  *#look(body: Buffer): Generator<'known' | 'looked', boolean> {
    const version = this.#version
    const alike = this.#recent.like(body)
    const parts = [...(alike?.parts ?? [])]
    let { from, undecidedFrom } = behind(parts)
    for (const end of partEnds(body, from)) {
      // Any place will do, the same for the same text.
      for (let to = characterAt(body, Math.min(from + maxPartBytes, end)); from < end; to = characterAt(body, Math.min(to + maxPartBytes, end))) {
        const start = characterAt(body, Math.min(from, undecidedFrom) - contextBytes)
        const before = this.#looks
        const pending = this.#pendingIn(body.subarray(start, to))
        if (pending === -1) return false
        parts.push({ end: to, pending })
        undecidedFrom = to - pending
        from = to
        yield this.#looks === before ? 'known' : 'looked'
      }
    }
    // While it rested, new secrets may have come: what it saw before is then clean no more.
    if (this.#content.secretsVersion?.() !== version) return false
    this.#recent.keep(body, parts, alike)
    return true
  }

  /** @returns -1 for a part that is not clean */
  #pendingIn(part: Buffer): number {
    // Keyed, so that nobody can prepare two parts of one digest.
    const digest = hash('sha256', Buffer.concat([this.#key, part]), 'binary')
    const known = this.#young.get(digest)
    if (known !== undefined) return known
    const pending = this.#old.get(digest) ?? this.#lookAt(part)
    if (pending !== -1) this.#remember(digest, pending)
    return pending
  }

  #lookAt(part: Buffer): number {
    this.#looks++
    const raw = part.toString('utf8')
    if (!isClean(raw, this.#content)) return -1
    const undecided = viewsOf(raw).map(({ text, rawStart }) => {
      const pending = this.#content.pendingSecretLength(text)
      return pending === 0 ? 0 : Buffer.byteLength(raw.slice(rawStart(Math.max(0, text.length - pending))))
    })
    return Math.max(...undecided)
  }

  #remember(digest: string, pending: number): void {
    if (this.#young.size >= maxParts) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(digest, pending)
  }

  #forgetIfChanged(): void {
    const version = this.#content.secretsVersion?.()
    if (version === this.#version) return
    this.#version = version
    this.#young.clear()
    this.#old.clear()
    this.#names.clear()
    this.#recent.forget()
  }
}

async function finish(parts: Generator<'known' | 'looked', boolean>, patience: Patience): Promise<boolean> {
  const stopwatch = new Stopwatch(patience)
  while (!stopwatch.isUp) {
    await rest()
    const next = stopwatch.time(() => parts.next())
    if (next.done) return next.value
  }
  return false
}

/** Where to go on behind parts that are known, and from where on something is undecided. */
function behind(parts: readonly Part[]): { from: number; undecidedFrom: number } {
  const last = parts.at(-1)
  return last ? { from: last.end, undecidedFrom: last.end - last.pending } : { from: 0, undecidedFrom: 0 }
}

/**
 * Where the text is divided. Any place will do, the same for the same text; at the beginning of a message, what was
 * there before it keeps its parts.
 */
function* partEnds(body: Buffer, first: number): Generator<number> {
  let tools = body.indexOf(theTools, first === 0 ? 0 : first + 1)
  for (let from = first; from < body.length; ) {
    if (tools !== -1 && tools <= from) tools = body.indexOf(theTools, from + 1)
    const message = body.indexOf(everyMessage, from + minPartBytes)
    const end = message === -1 ? body.length : message
    from = tools === -1 ? end : Math.min(tools, end)
    yield from
  }
}

/** The place, or the first one after it that is not inside a character. */
function characterAt(body: Buffer, at: number): number {
  if (at <= 0) return 0
  while ((body[at]! & 0xc0) === 0x80) at++
  return at
}
