import type { PlaceKind } from './behaviour.ts'

/** A text of a conversation, and whether it was carried out. */
export interface Said {
  text: string
  kind: PlaceKind
}

// Keys under which tools get what they run; and those that hold a picture or a signature, megabytes nobody reads.
const runKeys = /^(?:command|cmd|script|code|argv|shellCommand)$/
const callKeys = /^(?:arguments|args|input|params|rawCommand)$/
const dullKeys = /^(?:data|image|image_url|signature|thinkingSignature|encrypted_content|embedding)$/
// Deeper than any event of OpenClaw, and a bound against JSON made to exhaust the stack.
const maxDepth = 24

/**
 * The texts of one event. What a tool was told to run counts as run; the rest was only said or read. An event that is
 * not JSON is one text. Pure.
 */
export function textsOfEvent(event: string): readonly Said[] {
  let value: unknown
  try {
    value = JSON.parse(event)
  } catch {
    return [{ text: event, kind: 'transcript' }]
  }
  const found: Said[] = []
  collect(value, { key: '', inCall: false, depth: 0 }, found)
  return found
}

interface Around {
  key: string
  /** Inside the arguments of a tool call. */
  inCall: boolean
  depth: number
}

function collect(value: unknown, { key, inCall, depth }: Around, found: Said[]): void {
  if (typeof value === 'string') return collectText(value, { key, inCall, depth }, found)
  if (typeof value !== 'object' || value === null) return
  if (depth > maxDepth) return void found.push({ text: writtenOut(value), kind: inCall ? 'executed' : 'transcript' })
  if (Array.isArray(value)) {
    // `argv` is one command in pieces.
    if (runKeys.test(key) && value.every((one) => typeof one === 'string')) return void found.push({ text: value.join(' '), kind: 'executed' })
    for (const one of value) collect(one, { key, inCall, depth: depth + 1 }, found)
    return
  }
  for (const [name, one] of Object.entries(value)) {
    if (!dullKeys.test(name) || inCall || typeof one !== 'string') collect(one, { key: name, inCall: inCall || callKeys.test(name), depth: depth + 1 }, found)
  }
}

/** What lies too deep to be told apart is one text. */
function writtenOut(value: object): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '' // deeper than the stack: the caller looks at the line as it stands
  }
}

function collectText(text: string, { key, inCall, depth }: Around, found: Said[]): void {
  // Arguments are often JSON in a string once more.
  if (callKeys.test(key) && /^\s*\{/.test(text) && depth < maxDepth) {
    try {
      return collect(JSON.parse(text), { key, inCall: true, depth: depth + 1 }, found)
    } catch {
      // No JSON after all: then it is what it looks like.
    }
  }
  // `{"command": …}` counts inside the arguments of a call, or where the event itself is the call.
  found.push({ text, kind: runKeys.test(key) && (inCall || depth <= 3) ? 'executed' : 'transcript' })
}
