import { apiOf, rewrite, textOf, type Call, type Room, type StepResult } from './call.ts'
import { isObject, topLevel } from './json-text.ts'
import type { Patience } from './patience.ts'
import { redactJson, type Redacted } from './redact-json.ts'
import { largeChars, redactLargeJson } from './redact-large.ts'
import { decided } from './refusal.ts'

/** Looks at what is about to leave. The body stays the bytes that came in unless something has to change. */
export function inspect(call: Call, room: Room): StepResult | Promise<StepResult> {
  const { ports, knownClean, headers } = room
  const header = call.provider!.local ? null : headers.problemIn(call.request.headers, call.provider!.forwardHeaders)
  if (header !== null) return decided('inspect.header', `the request header ${header} holds a secret or a canary; those do not go to a provider`)
  if (call.route!.kind === 'models') return 'pass'
  const { body } = call
  if (body.length < largeChars) {
    return knownClean.covers(body, call.text) ? goOn(call, null) : takeOut(call, redactJson(textOf(call), ports.content, 'client'))
  }
  const patience = { nowMs: () => ports.clock.monotonicMs(), maxWorkMs }
  const covered = knownClean.coversLarge(body, patience)
  return covered === true ? goOn(call, null) : inspectLarge(call, room, { covered, patience })
}

// Ten times what the largest request takes that is not made to take long.
const maxWorkMs = 10_000

interface Looking {
  covered: boolean | Promise<boolean>
  patience: Patience
}

async function inspectLarge(call: Call, { ports }: Room, { covered, patience }: Looking): Promise<StepResult> {
  if (await covered) return goOn(call, null)
  return takeOut(call, await redactLargeJson(textOf(call), ports.content, 'client', patience))
}

function takeOut(call: Call, result: Redacted): StepResult {
  if (!result.ok) return decided('inspect.unredactable', result.reason)
  call.end.redactedIn = result.found
  return goOn(call, result.text)
}

/** @param redacted the request without its secrets; `null`: it has none */
function goOn(call: Call, redacted: string | null): StepResult {
  let text = redacted
  if (call.route!.kind === 'call') {
    if (wantsMoreAnswersThanCovered(call)) {
      return decided('inspect.too-many-answers', 'more answers are asked for than the output limit has tokens')
    }
    if (wantsUsageAsked(call)) text = askForUsage(call, text ?? textOf(call))
    if (call.capOutputTokens !== null) text = addOutputCap(call, { text: text ?? textOf(call), tokens: call.capOutputTokens })
  }
  if (text !== null && text !== textOf(call)) rewrite(call, text)
  return 'pass'
}

function wantsUsageAsked(call: Call): boolean {
  const { stream, wantsUsage } = call.ask!
  if (call.provider!.usageInStream === 'never') return false // the bytes bound the cost then
  return stream && !wantsUsage && apiOf(call).usageRequest !== null
}

/**
 * The one change made unasked: without it a streamed chat completion ends without a word about what it cost. The
 * chunk this adds is kept from the client again (screen.ts).
 */
function askForUsage(call: Call, text: string): string {
  const usageRequest = apiOf(call).usageRequest!
  call.usageAdded = true
  const options = call.json.stream_options
  const place = topLevel(text).get('stream_options')
  if (!place) return withMember(text, `"stream_options":{${usageRequest}}`)
  const others = typeof options === 'object' && options !== null ? { ...options, include_usage: undefined } : {}
  return text.slice(0, place[0]) + withMember(JSON.stringify(others), usageRequest) + text.slice(place[1])
}

/** Each answer has one token at least: shared out among too many, the limit would not hold. */
function wantsMoreAnswersThanCovered({ ask, capOutputTokens }: Call): boolean {
  return capOutputTokens !== null && ask!.answers > Math.max(1, capOutputTokens)
}

/** The bound the meter reserved with holds only if the provider is told about it. */
function addOutputCap(call: Call, { text, tokens }: { text: string; tokens: number }): string {
  const { field, parent } = apiOf(call).outputCap
  const cap = Math.max(1, Math.floor(tokens / call.ask!.answers))
  if (parent === null) return setMember(text, field, String(cap))
  const present = call.json[parent]
  return setMember(text, parent, JSON.stringify({ ...(isObject(present) ? present : {}), [field]: cap }))
}

/** Replaces what stands under a key, `null` most likely, or adds it. */
function setMember(text: string, key: string, value: string): string {
  const place = topLevel(text).get(key)
  return place ? text.slice(0, place[0]) + value + text.slice(place[1]) : withMember(text, `"${key}":${value}`)
}

/** The object's text with one more member in front, all other bytes as they are. */
function withMember(object: string, member: string): string {
  const open = object.indexOf('{')
  const rest = object.slice(open + 1)
  return `${object.slice(0, open + 1)}${member}${rest.trimStart().startsWith('}') ? '' : ','}${rest}`
}
