import { rewrite, textOf, type Call, type Room, type StepResult } from './call.ts'
import { inputPlaces, type InputPlace } from './input-places.ts'
import type { InputText, InputVerdict } from './ports.ts'
import { decided } from './refusal.ts'
import { scopeOf, type Allowance } from './screened-texts.ts'
import { placesOfStrings } from './string-places.ts'

/** What came of looking at the messages of a request. */
export interface Rewriting {
  /** Texts that are not to go on as they are, or that have marks of their own. */
  toChange: ReadonlyMap<string, InputVerdict>
  /** The system prompt says what marks mean; without that they would be noise. */
  explains: boolean
  allowance: Allowance
}

/**
 * Writes strings of the request anew: without what may not come in, results of tools between marks. Every other byte
 * stays. The same text of the same session is written in the same way each time, so that prompt caches still fit.
 */
export function rewriteInput(call: Call, room: Room, rewriting: Rewriting): StepResult {
  // A model inside the guard obeys no text: nothing has to be explained to it.
  const marks = rewriting.explains && !call.provider!.local
  const changes = [...rewriting.toChange.values()].some((verdict) => verdict.changes)
  if (!marks && !changes) return 'pass'
  const places: InputPlace[] = []
  const written: Writing[] = []
  for (const place of inputPlaces(call.route!.api, call.json)) {
    const verdict = verdictOn(place, call, room, rewriting)
    if (verdict?.block) return decided(verdict.block.rule, verdict.block.reason)
    const writing = verdict && writingOf(place, verdict, marks)
    if (!writing) continue
    places.push(place)
    written.push(writing)
  }
  if (places.length > 0) splice(call, places, written)
  return 'pass'
}

/** A message of several parts was looked at as a whole: each part then has a verdict of its own. */
function verdictOn(place: InputPlace, call: Call, { screened }: Room, { toChange, allowance }: Rewriting): InputVerdict | null {
  const known = toChange.get(place.text)
  if (known) return known
  const { channel, text } = place
  const scope = channel === 'tool_result' ? scopeOf(call) : (call.visit.turn?.origin?.channel ?? '')
  const input: InputText = { channel, scope, text }
  return channel === 'tool_result' || isPartOf(text, toChange) ? screened!.verdict(input, allowance) : null
}

function isPartOf(text: string, toChange: Rewriting['toChange']): boolean {
  for (const [whole, { changes }] of toChange) if (changes && whole.includes(text)) return true
  return false
}

/** What stands inside a string literal from now on. `inner` is JSON; `null`: the very bytes that stand there. */
interface Writing {
  open: string
  inner: string | null
  close: string
}

function writingOf({ channel, text }: InputPlace, verdict: InputVerdict, withMarks: boolean): Writing | null {
  const marks = withMarks && channel === 'tool_result' ? verdict.marks : undefined
  const clean = verdict.changes ? verdict.changes(text) : text
  if (!marks && clean === text) return null
  const inner = clean === text ? null : inJson(clean)
  return { open: inJson(marks?.open ?? ''), inner, close: inJson(marks?.close ?? '') }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function splice(call: Call, places: readonly InputPlace[], written: readonly Writing[]): void {
  const text = textOf(call)
  const stands = placesOfStrings(text, places.map(({ path }) => path))
  const inOrder = stands.flatMap((place, index) => (place ? [{ place, ...written[index]! }] : [])).sort((a, b) => a.place[0] - b.place[0])
  let out = ''
  let at = 0
  for (const { place, open, inner, close } of inOrder) {
    const [start, end] = place
    out += `${text.slice(at, start + 1)}${open}${inner ?? text.slice(start + 1, end - 1)}${close}`
    at = end - 1
  }
  rewrite(call, out + text.slice(at))
}
