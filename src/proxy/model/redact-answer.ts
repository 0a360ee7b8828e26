import { withoutEchoes } from './echoes.ts'
import { isObject } from './json-text.ts'
import { keptTexts } from './kept-texts.ts'
import type { ModelContent } from './ports.ts'
import { cleaned, isClean, redactJson, type Redacted } from './redact-json.ts'

/**
 * Takes out of a whole answer what must not be shown: secrets everywhere, and from what is said whatever else is looked
 * for there. Arguments of tool calls keep their addresses: those are what the tool is asked for.
 * @param text valid JSON
 */
export function redactAnswer(text: string, content: ModelContent): Redacted {
  const result = redactJson(text, content.inArguments ?? content)
  if (!result.ok || content.inArguments === undefined) return result
  if (isClean(result.text, content)) return result
  const parsed: unknown = JSON.parse(result.text)
  const kept = keptTexts(parsed, 'provider')
  let found = 0
  const clean = (value: string): string => {
    const redacted = kept.has(value) ? value : cleaned(value, content)
    if (redacted !== value) found++
    return redacted
  }
  const written = rewritten(parsed, clean)
  return found === 0 ? result : { ok: true, text: withoutEchoes(JSON.stringify(written)), found: result.found + found }
}

/** Where the APIs keep what a tool is called with: OpenAI, Anthropic, Gemini. */
const argumentKeys: ReadonlySet<string> = new Set(['arguments', 'input', 'args'])

function rewritten(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((item) => rewritten(item, clean))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, argumentKeys.has(key) ? item : rewritten(item, clean)]))
}
