import type { Finding } from './detect.ts'
import { freshDetector } from './find.ts'
import type { KnownValues } from './known.ts'
import type { Span } from './resolve.ts'

/** A piece of the redacted stream. */
export interface Redacted {
  /** What may be shown now; often shorter than the chunk, because its end may be the beginning of a secret. */
  text: string
  /** Secrets whose end has been seen with this chunk. Offsets are of the whole stream as it was handed in. */
  findings: Finding[]
}

export interface StreamRedactor {
  push(chunk: string): Redacted
  /** Hands out what was held back. The redactor is used up then. */
  end(): Redacted
}

/**
 * Redacts a text that arrives in chunks. All texts handed out, joined, equal `redactSecrets` of the whole, however it
 * was cut. Memory is bounded: at most what `pendingSecretLength` may report, and one chunk.
 */
export function createStreamRedactor(known: KnownValues | null = null): StreamRedactor {
  const detector = freshDetector(known)
  const writer = createWriter()
  const step = (chunk: string, last: boolean): Redacted => {
    writer.read(chunk)
    const { spans, open, settledTo } = detector.push(chunk, last)
    for (const span of spans) writer.replace(span)
    if (open) writer.begin(open)
    else writer.copyTo(settledTo)
    return { text: writer.take(), findings: spans.map(({ type, start, end }) => ({ type, start, end })) }
  }
  return { push: (chunk) => step(chunk, false), end: () => step('', true) }
}

/** Writes the outgoing side. Offsets are of the whole stream. */
function createWriter(): {
  read(chunk: string): void
  copyTo(offset: number): void
  replace(span: Span): void
  begin(span: Span): void
  take(): string
} {
  let raw = '' // what has come in from `at` on
  let at = 0
  let out = ''
  let begunAt = -1 // start of the secret whose replacement is out though its end is not known

  const drop = (offset: number): void => {
    raw = raw.slice(offset - at)
    at = offset
  }
  const copyTo = (offset: number): void => {
    if (offset <= at) return
    out += raw.slice(0, offset - at)
    drop(offset)
  }
  return {
    read: (chunk) => void (raw += chunk),
    copyTo,
    replace(span) {
      if (span.start !== begunAt) {
        copyTo(span.start)
        out += span.replacement
      }
      if (span.end > at) drop(span.end)
    },
    begin(span) {
      if (span.start !== begunAt) {
        copyTo(span.start)
        out += span.replacement
        begunAt = span.start
      }
      drop(at + raw.length)
    },
    take() {
      const text = out
      out = ''
      return text
    },
  }
}
