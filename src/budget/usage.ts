/**
 * Tokens of one model call as they are billed. Kinds do not overlap, except that reasoning is part of output.
 * Source: Anthropic Messages API and OpenAI API references, "usage".
 */
export interface Usage {
  /** Text input that neither came from nor went into a cache. */
  inputTokens: number
  outputTokens: number
  cacheReadTokens?: number
  cacheWrite5mTokens?: number
  cacheWrite1hTokens?: number
  /** Share of `outputTokens` that was thinking; a few models price it apart. */
  reasoningTokens?: number
  /** Audio and images, charged at the dearest rate of the model. */
  mediaInputTokens?: number
  mediaOutputTokens?: number
  /** Searches the provider made on its side. */
  webSearches?: number
}

/** The wire format a usage block comes in, under OpenClaw's names for it. */
export type UsageFlavor = 'anthropic-messages' | 'openai-completions' | 'openai-responses'

/**
 * Reads the usage block of an answer. For an Anthropic stream hand in the fields of `message_start` overlaid with
 * those of the last `message_delta`.
 * @param raw as received; attacker-controlled as far as the provider is
 * @returns `null` when the counts that matter are missing or are not counts: the caller settles the worst case then
 */
export function readUsage(flavor: UsageFlavor, raw: unknown): Usage | null {
  const block = objectOf(raw)
  if (!block) return null
  const usage = flavor === 'anthropic-messages' ? fromAnthropic(block) : fromOpenAi(block)
  return usage && isCountable(usage) ? usage : null
}

/** True when every field is a count that some model could have produced. */
export function isCountable(usage: Usage): boolean {
  return Object.values(usage).every((count) => count === undefined || isCount(count))
}

// The largest context on the market is ten million tokens; a hundred million leaves room and keeps money sums exact.
export const maxPlausibleTokens = 100_000_000

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maxPlausibleTokens
}

type Block = Record<string, unknown>

function fromAnthropic(block: Block): Usage | null {
  if (!isCount(block.input_tokens) || !isCount(block.output_tokens)) return null
  const written = countOr0(block.cache_creation_input_tokens)
  const split = objectOf(block.cache_creation)
  const wrote5m = split ? countOr0(split.ephemeral_5m_input_tokens) : written
  return {
    inputTokens: block.input_tokens,
    outputTokens: block.output_tokens,
    cacheReadTokens: countOr0(block.cache_read_input_tokens),
    cacheWrite5mTokens: wrote5m,
    // Recorded answers of server-side tools have a split that sums to less than the total. What it leaves open
    // is charged at the dearer lifetime, which is never too little.
    cacheWrite1hTokens: Math.max(countOr0(split?.ephemeral_1h_input_tokens), written - wrote5m),
    webSearches: countOr0(objectOf(block.server_tool_use)?.web_search_requests),
  }
}

function fromOpenAi(block: Block): Usage | null {
  const input = block.prompt_tokens ?? block.input_tokens
  const output = block.completion_tokens ?? block.output_tokens
  if (!isCount(input) || !isCount(output)) return null
  const inputDetails = objectOf(block.prompt_tokens_details ?? block.input_tokens_details)
  const outputDetails = objectOf(block.completion_tokens_details ?? block.output_tokens_details)
  const cacheRead = countOr0(inputDetails?.cached_tokens)
  const cacheWrite = countOr0(inputDetails?.cache_write_tokens)
  const mediaInput = countOr0(inputDetails?.audio_tokens)
  const mediaOutput = countOr0(outputDetails?.audio_tokens)
  const billedOutput = Math.max(output, countOr0(block.total_tokens) - input)
  return {
    inputTokens: Math.max(0, input - cacheRead - cacheWrite - mediaInput),
    // OpenAI counts reasoning inside `completion_tokens`, xAI beside it; `total_tokens` tells them apart.
    outputTokens: Math.max(0, billedOutput - mediaOutput),
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    reasoningTokens: Math.min(countOr0(outputDetails?.reasoning_tokens), Math.max(0, billedOutput - mediaOutput)),
    mediaInputTokens: mediaInput,
    mediaOutputTokens: mediaOutput,
  }
}

/** Absent means none; anything else that is not a count makes the whole usage uncountable. */
function countOr0(value: unknown): number {
  if (value === undefined || value === null) return 0
  return isCount(value) ? value : Number.NaN
}

function objectOf(value: unknown): Block | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Block) : undefined
}
