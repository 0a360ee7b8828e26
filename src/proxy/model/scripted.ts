import type { LocalModelAnswer, LocalModelMessage, LocalModelRequest } from './local.ts'

/**
 * A model without a model, so that everything works offline. It obeys what stands in the user's last words:
 * `SAY:<text>`, `TOOL:<name> {json}`, `SLOW:<seconds> <text>`; a tool's result it reports as `TOOL_RESULT<<…>>`.
 * To everything else it says who it is and how to get a real one. A pure function of the messages.
 */
export function scriptedModel(request: Pick<LocalModelRequest, 'messages'>): LocalModelAnswer {
  const fresh = sinceLastAnswer(request.messages)
  // OpenClaw appends context of its own as user messages after a tool's result: the last result counts, not the last
  // message.
  const result = fresh.findLast((message) => message.isToolResult)
  if (result) return { text: `TOOL_RESULT<<${result.text.slice(0, maxResultChars)}>>` }
  const texts = fresh.filter((message) => message.role === 'user').map((message) => withoutContext(message.text))
  for (const text of texts) {
    const answer = obey(text)
    if (answer) return answer
  }
  return { text: introduction }
}

// Enough to see what a tool said, little enough for one chat message.
const maxResultChars = 1500

const introduction =
  'Hello! I am the scripted model built into Hardshell: I answer offline and know no more than this sentence. ' +
  'For a real model set ANTHROPIC_API_KEY or OPENAI_API_KEY (or ANTHROPIC_API_KEY_FILE, OPENAI_API_KEY_FILE) and ' +
  'start again. Until then try "SAY:hello" or "SLOW:5 counting to five".'

function sinceLastAnswer(messages: readonly LocalModelMessage[]): readonly LocalModelMessage[] {
  return messages.slice(messages.findLastIndex((message) => message.role === 'assistant') + 1)
}

/** The user's own words: without the internal context and the `Runtime:` line OpenClaw 2026.9 puts around them. */
function withoutContext(text: string): string {
  return text
    .replaceAll(/<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>[\s\S]*?(?:<<<END_OPENCLAW_INTERNAL_CONTEXT>>>|$)/g, '')
    .replace(/^Runtime: agent=[^\n]*\n+/, '')
    .replace(/\n\nRuntime: agent=[\s\S]*$/, '')
}

function obey(text: string): LocalModelAnswer | null {
  const order = /\b(SAY|TOOL|SLOW):([\s\S]*)$/.exec(text)
  if (!order) return null
  const [, verb, rest = ''] = order
  if (verb === 'SAY') return { text: rest.trim() }
  if (verb === 'TOOL') return toolCall(rest)
  const slow = /^(\d{1,4})\s*([\s\S]*)$/.exec(rest)
  return slow && { text: slow[2]!.trim() || 'slow', slowMs: Number(slow[1]) * 1000 }
}

function toolCall(text: string): LocalModelAnswer | null {
  const name = /^\s*([\w.-]+)\s*/.exec(text)
  if (!name) return null
  const args = firstObject(text.slice(name[0].length))
  return args && { tool: name[1]!, args }
}

/** The JSON object a text begins with, whatever follows it. */
function firstObject(text: string): Record<string, unknown> | null {
  if (!text.startsWith('{')) return null
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (inString) {
      if (char === '\\') at++
      else if (char === '"') inString = false
    } else if (char === '"') inString = true
    else if (char === '{') depth++
    else if (char === '}' && --depth === 0) return parse(text.slice(0, at + 1))
  }
  return null
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}
