import { withoutEchoes } from './echoes.ts'
import { isObject } from './json-text.ts'
import { keptTexts } from './kept-texts.ts'
import type { ModelContent } from './ports.ts'
import type { Patience } from './patience.ts'
import { cleaned, findingsIn, isClean, redactFound, redactJson, type Redacted } from './redact-json.ts'
import { redactLargeJson } from './redact-large.ts'

/**
 * Takes out of a whole answer what must not be shown: secrets everywhere, and from what is said whatever else is looked
 * for there. Arguments of tool calls keep their addresses: those are what the tool is asked for.
 * @param text valid JSON
 */
export function redactAnswer(text: string, content: ModelContent): Redacted {
  const { inArguments, besideArguments } = content
  if (!inArguments || !besideArguments) return redactJson(text, content)
  // Nearly every answer is clean: its words need not be looked through for the same things again.
  const found = findingsIn(text, inArguments)
  const result = redactFound(text, found, inArguments, 'provider')
  const others = found.length === 0 ? besideArguments : content
  return !result.ok || isClean(result.text, others) ? result : withoutSaid(result, content)
}

/** The same for an answer so long that looking at it at once would hold everybody else up. */
export async function redactLargeAnswer(text: string, content: ModelContent, patience: Patience): Promise<Redacted> {
  const result = await redactLargeJson(text, content.inArguments ?? content, 'provider', patience)
  if (!result.ok || content.inArguments === undefined) return result
  const said = await redactLargeJson(result.text, content, 'provider', patience)
  if (!said.ok && !said.cut) return said
  return said.ok && said.found === 0 ? result : withoutSaid(result, content)
}

/** Takes out what was found beside the arguments of tools. */
function withoutSaid(result: Redacted & { ok: true }, content: ModelContent): Redacted {
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
