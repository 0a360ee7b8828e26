import type { Fields } from '../http1/index.ts'
import type { ModelContent } from './ports.ts'

// What clients of model APIs send and providers read, or write into their own logs for support. Sources: the official
// SDKs of OpenAI, Anthropic and Google; OpenRouter's app attribution; OpenClaw's turn headers.
const known: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-type',
  'http-referer',
  'idempotency-key',
  'originator',
  'session-id',
  'session_id',
  'user-agent',
  'x-app',
  'x-client-request-id',
  'x-goog-api-client', // not the others: a field mask would take the usage out of the answer
  'x-initiator',
  'x-request-id',
  'x-server-timeout',
  'x-session-id',
  'x-title',
])
const families = ['anthropic-', 'openai-', 'x-claude-', 'x-grok-', 'x-openclaw-', 'x-openrouter-', 'x-stainless-']

/**
 * Is this a header a provider has a use for? A client that may choose names and values freely has a second channel out
 * beside the body; what nobody needs stays here.
 * @param name in lower case; attacker-controlled
 * @param more names the operator added for this provider
 */
export function isForProvider(name: string, more: readonly string[] = []): boolean {
  return known.has(name) || families.some((family) => name.startsWith(family)) || more.includes(name)
}

// A client sends the same dozen values with every call; ids that are new each time push nothing out.
const maxClean = 1_024
const maxCleanChars = 200

/** Looks through the headers that would go on, and remembers which values held nothing. */
export class CleanHeaders {
  readonly #content: ModelContent
  /** As for answers: canaries are found there. */
  readonly #answers: ModelContent
  readonly #clean = new Set<string>()
  #version: number | undefined

  constructor(content: ModelContent, answers: ModelContent) {
    this.#content = content
    this.#answers = answers
  }

  /** @returns the name of a header whose value must not go on; `null` when all may */
  problemIn(headers: Pick<Fields, 'list'>, more: readonly string[] = []): string | null {
    const version = this.#content.secretsVersion?.()
    if (version !== this.#version) this.#clean.clear()
    this.#version = version
    const list = headers.list()
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i]!
      if (isForProvider(name, more) && !this.#covers(list[i + 1]!)) return name
    }
    return null
  }

  #covers(value: string): boolean {
    if (this.#clean.has(value)) return true
    if (this.#content.findSecrets(value).length > 0) return false
    if (this.#answers.findSecrets(value).some(({ cut }) => cut)) return false
    if (this.#clean.size < maxClean && value.length <= maxCleanChars) this.#clean.add(value)
    return true
  }
}
