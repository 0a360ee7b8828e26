import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiName } from './api.ts'

/** One recorded answer, and what is known about it from elsewhere. */
export interface Recorded {
  name: string
  api: ApiName
  /** How it was framed: events, one JSON document, or a JSON array of events. */
  form: 'sse' | 'json' | 'array'
  status: number
  model: string
  /** As the provider sent it. */
  sent: Buffer
  packed: boolean
  /** `undefined`: nobody said. */
  stopReason: string | null | undefined
  settled: Record<string, number | boolean>
}

export const notServed = 'an endpoint that is not served'
export const damaged = 'its packed bytes were damaged when the set was made'

/** Where the whole sets lie that were too large for the repository: `MODEL_API_DATA=DIR`. */
export const wholeSets = process.env['MODEL_API_DATA']

const folder = new URL('../../../tests/fixtures/model-api/', import.meta.url)

interface Expected {
  api: ApiName
  stopReason: string
  settled: Record<string, number>
  exact?: false
}

/** The fixtures of this repository. */
export function fixtures(): Recorded[] {
  const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>
  return Object.entries(expected).map(([name, { api, stopReason, settled, exact = true }]) => ({
    name,
    api,
    form: name.includes('.sse') ? 'sse' : name.endsWith('.array.json') ? 'array' : 'json',
    status: 200,
    model: 'recorded-model',
    sent: readFileSync(new URL(name, folder)),
    packed: name.endsWith('.gz'),
    stopReason,
    settled: { ...settled, exact },
  }))
}

interface Row {
  id: string
  endpoint?: string
  stream: boolean
  status?: number
  response_headers?: Record<string, string[]>
  response_body: string
  expect: { model: string | null; usage: Record<string, unknown>; stop: string | null }
}

/** Every exchange of the sets in a folder that belongs to an API we serve. */
export function exchangesIn(directory: string): { recorded: Recorded[]; left: { name: string; why: string }[] } {
  const recorded: Recorded[] = []
  const left: { name: string; why: string }[] = []
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(directory, file), 'utf8').trim().split('\n')) {
      const row = JSON.parse(line) as Row
      const name = `${file} ${row.id}`
      const api = apiOf(row)
      if (api === null) left.push({ name, why: notServed })
      else if (row.response_headers?.['Content-Encoding']) left.push({ name, why: damaged })
      else recorded.push(recordedFrom(name, api, row))
    }
  }
  return { recorded, left }
}

function apiOf({ endpoint = 'messages' }: Row): ApiName | null {
  if (endpoint.endsWith('messages')) return 'anthropic-messages'
  return endpoint === 'chat' ? 'openai-chat' : endpoint === 'responses' ? 'openai-responses' : null
}

function recordedFrom(name: string, api: ApiName, { stream, status = 200, response_body, expect }: Row): Recorded {
  const failed = !stream && /^\s*\{\s*"error"/.test(response_body)
  return {
    name,
    api,
    form: stream ? 'sse' : 'json',
    status: failed ? 400 : status,
    model: expect.model ?? 'recorded-model',
    sent: Buffer.from(response_body),
    packed: false,
    stopReason: failed ? undefined : expect.stop,
    settled: failed ? {} : billed(api, expect.usage),
  }
}

/** Worked out apart from the code under test: what the fields mean in each API's documentation. */
function billed(api: ApiName, usage: Record<string, unknown>): Recorded['settled'] {
  const at = (path: string): number => {
    const found = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], usage)
    return typeof found === 'number' ? found : 0
  }
  if (api === 'anthropic-messages') {
    if (usage['input_tokens'] === undefined) return {}
    const steps = ((usage['iterations'] as Record<string, unknown>[] | undefined) ?? []).filter(({ type }) => type !== 'advisor_message')
    const sum = (field: string): number => Math.max(at(field), steps.reduce((total, step) => total + Number(step[field] ?? 0), 0))
    return { inputTokens: sum('input_tokens'), outputTokens: sum('output_tokens'), cacheReadTokens: sum('cache_read_input_tokens'), exact: true }
  }
  const [input, output] = api === 'openai-chat' ? ['prompt_tokens', 'completion_tokens'] : ['input_tokens', 'output_tokens']
  if (usage[input!] === undefined) return {}
  const cached = at(`${input}_details.cached_tokens`)
  return {
    inputTokens: at(input!) - cached,
    // xAI counts reasoning beside the completion, and only the total shows it.
    outputTokens: Math.max(at(output!), at('total_tokens') - at(input!)),
    cacheReadTokens: cached,
    reasoningTokens: at(`${output}_details.reasoning_tokens`),
    exact: true,
  }
}
