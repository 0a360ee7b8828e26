import type { Call, Room } from './call.ts'
import type { AnswerFinder, ModelContent, TextFinding } from './ports.ts'

/**
 * The content room as it looks at answers: what else is taken out of them is found together with secrets. Without
 * such finders it is the very same object.
 */
export function forAnswers(content: ModelContent, note: (type: string) => void = () => {}): ModelContent {
  const finders = (content.answerFinders ?? []).map((finder) => (finder.tells ? withoutNotes(finder, note) : finder))
  const inKept = keptContent(content, finders)
  if (finders.length === 0) return inKept ? { ...content, inKept } : content
  const everywhere = finders.filter(({ exceptArguments }) => exceptArguments !== true)
  const answers = { ...withFinders(content, finders), ...(inKept && { inKept }) }
  if (everywhere.length === finders.length) return answers
  const others = finders.filter(({ exceptArguments }) => exceptArguments === true)
  return { ...answers, inArguments: withFinders(content, everywhere), besideArguments: withFinders(nothing, others) }
}

const nothing: ModelContent = { findSecrets: () => [], redactSecrets: (text) => text, pendingSecretLength: () => 0 }

/** The content room for one answer: what is only to be told is noted with its call. */
export function answersOf({ noted }: Pick<Call, 'noted'>, { answers, ports }: Pick<Room, 'answers' | 'ports'>): ModelContent {
  const tells = ports.content.answerFinders?.some((finder) => finder.tells) === true
  return tells ? forAnswers(ports.content, (type) => void noted.add(type)) : answers
}

function withoutNotes(finder: AnswerFinder, note: (type: string) => void): AnswerFinder {
  return {
    ...finder,
    find: (text, from) =>
      finder.find(text, from).filter(({ type, isNote }) => {
        if (isNote) note(type)
        return !isNote
      }),
  }
}

/** A change voids what is signed, and a picture is no text: only what must not be shown at any price is looked for. */
function keptContent(content: ModelContent, finders: readonly AnswerFinder[]): ModelContent | null {
  const ending = finders.filter(({ endsAnswers }) => endsAnswers === true)
  const { findKnown, pendingKnownLength } = content
  if (ending.length === 0 && !findKnown) return null
  const known: ModelContent = {
    ...(findKnown && { findKnown }),
    redactSecrets: (text: string) => content.redactSecrets(text),
    findSecrets: (text: string) => findKnown?.(text) ?? [],
    pendingSecretLength: (text: string) => pendingKnownLength?.(text) ?? 0,
  }
  return withFinders(known, ending)
}

function withFinders(content: ModelContent, finders: readonly AnswerFinder[]): ModelContent {
  if (finders.length === 0) return content
  const findSecretsFrom = (text: string, from: number): readonly TextFinding[] =>
    joined([...content.findSecrets(text), ...finders.flatMap((finder) => finder.find(text, from))])
  const findSecrets = (text: string): readonly TextFinding[] => findSecretsFrom(text, 0)
  return {
    findSecrets,
    findSecretsFrom,
    ...(content.findKnown && { findKnown: content.findKnown }),
    pendingSecretLength: (text) =>
      Math.max(content.pendingSecretLength(text), ...finders.map((finder) => finder.pending(text))),
    redactSecrets(text) {
      let out = ''
      let at = 0
      for (const { type, start, end } of findSecrets(text)) {
        out += text.slice(at, start) + markerOf(type, text.slice(start, end), content)
        at = end
      }
      return out + text.slice(at)
    },
  }
}

/**
 * What stands where a secret was: the content room's own word for it where it knows the secret by itself, else one in
 * the same form. No quote, no backslash, so that it fits into any string.
 */
export function markerOf(type: string, secret: string, content: ModelContent): string {
  const word = content.redactSecrets(secret)
  return /^\[REDACTED_\w+\]$/.test(word) ? word : `[REDACTED_${type.replaceAll(/\W/g, '_').toUpperCase()}]`
}

/** Findings that overlap become one: the first one's kind, as far as either reaches, and a cut if either has one. */
export function joined<Finding extends TextFinding>(found: readonly Finding[]): Finding[] {
  const result: Finding[] = []
  for (const next of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (!last || next.start >= last.end) result.push(next)
    else result[result.length - 1] = { ...next, ...last, end: Math.max(last.end, next.end) }
  }
  return result
}
