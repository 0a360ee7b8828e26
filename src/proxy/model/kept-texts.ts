import { isObject, type JsonObject } from './json-text.ts'

/** Whose text it is: what a client calls signed counts only where the API would take it for that. */
export type Sender = 'client' | 'provider'

/**
 * The texts nobody may change: signed thinking, what the provider encrypted for itself, and base64 media. In requests
 * the first two stand in messages of the model, or are items of their own (OpenAI Responses). A text that also stands
 * anywhere else is not among them: a place must not lend its name to another.
 */
export function keptTexts(value: unknown, sender: Sender): ReadonlySet<string> {
  const places: Places = new Map()
  markKept(value, places, sender === 'provider')
  const kept = new Set<string>()
  if (places.size === 0) return kept
  const others = new Set<string>()
  sortTexts(value, places, { kept, others })
  for (const text of others) kept.delete(text)
  return kept
}

/** Objects and their fields. */
type Places = Map<JsonObject, Set<string>>

function markKept(value: unknown, into: Places, mayBeSigned: boolean): void {
  if (Array.isArray(value)) for (const item of value) markKept(item, into, mayBeSigned)
  if (!isObject(value)) return
  const isSigned = mayBeSigned || isOfModel(value)
  if (isSigned) markSigned(value, into)
  markMedia(value, into)
  for (const [key, item] of Object.entries(value)) {
    // What a client notes about its request is read by people, whatever it is called there.
    if (key !== 'metadata' && typeof item === 'object') markKept(item, into, isSigned)
  }
}

/** What a request says the model said: a message of it, or thinking that went out as an item (OpenAI Responses). */
function isOfModel({ role, type }: JsonObject): boolean {
  return role === 'assistant' || role === 'model' || type === 'reasoning' || String(type).startsWith('compaction')
}

function markSigned(value: JsonObject, into: Places): void {
  if (value.type === 'thinking') mark(into, value, 'thinking', 'signature')
  if (value.type === 'redacted_thinking') mark(into, value, 'data')
  mark(into, value, 'encrypted_content', 'encrypted_index', 'encrypted_stdout', 'thoughtSignature', 'thought_signature')
  if (String(value.type).startsWith('reasoning.')) mark(into, value, 'text', 'signature', 'data')
}

function markMedia(value: JsonObject, into: Places): void {
  if (value.type === 'base64') markIfMedia(into, value, 'data')
  markIfMedia(into, value, 'image_url', 'file_data', 'partial_image_b64')
  if (value.type === 'image_generation_call') markIfMedia(into, value, 'result')
  markIfMedia(into, value.inlineData ?? value.inline_data, 'data')
  markIfMedia(into, value.image_url, 'url')
  markIfMedia(into, value.audio, 'data')
  markIfMedia(into, value.input_audio, 'data')
  markIfMedia(into, value.file, 'file_data')
}

function mark(into: Places, owner: JsonObject, ...fields: string[]): void {
  for (const field of fields) {
    if (typeof owner[field] !== 'string') continue
    const marked = into.get(owner) ?? new Set()
    into.set(owner, marked.add(field))
  }
}

/** Only what is long and nothing but base64: a token written into such a field is not media. */
function markIfMedia(into: Places, owner: unknown, ...fields: string[]): void {
  if (!isObject(owner)) return
  for (const field of fields) {
    const text = owner[field]
    // No credential we look for has 512 characters of pure base64 in one line.
    if (typeof text !== 'string' || text.length <= 512) continue
    if (/^(?:data:[\w/+.;=-]+,)?[A-Za-z0-9+/_-]+=*$/.test(text)) mark(into, owner, field)
  }
}

function sortTexts(value: unknown, places: Places, into: { kept: Set<string>; others: Set<string> }): void {
  if (typeof value === 'string') into.others.add(value)
  else if (Array.isArray(value)) for (const item of value) sortTexts(item, places, into)
  else if (isObject(value)) {
    const marked = places.get(value)
    for (const [key, item] of Object.entries(value)) {
      if (marked?.has(key)) into.kept.add(item as string)
      else sortTexts(item, places, into)
    }
  }
}
