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
  /** Tier the answer was made under: `flex`, `priority`, `batch`; `fast` for Anthropic's `speed`. */
  serviceTier?: string | null
  /** Where Anthropic made the answer: `us` costs more. */
  inferenceGeo?: string | null
  /** What other models did on the provider's side for this answer, billed at their own prices. */
  byOthers?: readonly { model: string; usage: Usage }[]
}

/** The wire format a usage block comes in, under OpenClaw's names for it; Google's is `usageMetadata`. */
export type UsageFlavor = 'anthropic-messages' | 'openai-completions' | 'openai-responses' | 'google-generative'

/**
 * Reads the usage block of an answer. For an Anthropic stream hand in the fields of `message_start` overlaid with
 * those of the last `message_delta`; for a Google stream the last `usageMetadata`.
 * @param raw as received; attacker-controlled as far as the provider is
 * @param serviceTier where it stands beside the block: OpenAI names it in the answer itself
 * @returns `null` when the counts that matter are missing or are not counts: the caller settles the worst case then
 */
export function readUsage(flavor: UsageFlavor, raw: unknown, serviceTier?: unknown): Usage | null {
  const block = objectOf(raw)
  if (!block) return null
  const usage = readers[flavor](block)
  if (!usage || !isCountable(usage)) return null
  return typeof serviceTier === 'string' ? { ...usage, serviceTier } : usage
}

const readers: Readonly<Record<UsageFlavor, (block: Block) => Usage | null>> = {
  'anthropic-messages': fromAnthropic,
  'openai-completions': fromOpenAi,
  'openai-responses': fromOpenAi,
  'google-generative': fromGoogle,
}

/** True when every count is one that some model could have produced. */
export function isCountable(usage: Usage): boolean {
  for (const kind of countKinds) {
    const count = usage[kind]
    if (count !== undefined && !isCount(count)) return false
  }
  return usage.byOthers?.every((other) => isCountable(other.usage)) ?? true
}

/** Every kind of token or search that is counted by itself. */
export const countKinds = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'mediaInputTokens',
  'mediaOutputTokens',
  'webSearches',
] as const satisfies readonly (keyof Counts)[]

// The largest context on the market is ten million tokens; a hundred million leaves room and keeps money sums exact.
export const maxPlausibleTokens = 100_000_000

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maxPlausibleTokens
}

type Block = Record<string, unknown>
type Counts = Omit<Usage, 'serviceTier' | 'inferenceGeo' | 'byOthers'>

function fromAnthropic(block: Block): Usage | null {
  const top = anthropicCounts(block)
  const passes = objectsOf(block.iterations)
  const others = passes.filter(({ type, model }) => type === 'advisor_message' && typeof model === 'string')
  const own = passes.filter((pass) => !others.includes(pass)).map(anthropicCounts)
  const byOthers = others.map((pass) => ({ model: pass.model as string, usage: anthropicCounts(pass) }))
  if (!top || own.includes(null) || byOthers.some(({ usage }) => usage === null)) return null
  return {
    ...atLeast(top, own as Usage[]),
    ...tierOf(block.speed === 'fast' ? 'fast' : block.service_tier),
    ...(typeof block.inference_geo === 'string' && { inferenceGeo: block.inference_geo }),
    ...(byOthers.length > 0 && { byOthers: byOthers as { model: string; usage: Usage }[] }),
  }
}

/**
 * All passes over the model are billed; the top level leaves out summing up a long conversation (`compaction`) and an
 * attempt before a fallback. Source: Claude docs, compaction, "Understanding usage"; recorded answers.
 */
function atLeast(top: Usage, passes: readonly Usage[]): Usage {
  const usage = { ...top }
  for (const kind of Object.keys(top) as (keyof Counts)[]) {
    usage[kind] = Math.max(top[kind] ?? 0, passes.reduce((sum, pass) => sum + (pass[kind] ?? 0), 0))
  }
  return usage
}

function anthropicCounts(block: Block): Usage | null {
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

function tierOf(tier: unknown): { serviceTier?: string } {
  return typeof tier === 'string' ? { serviceTier: tier } : {}
}

/**
 * `promptTokenCount` holds what came from the cache; thoughts and what tools put into the prompt stand beside the
 * other counts and are billed as output and input. Counts that are 0 are left out.
 * Source: ai.google.dev/api/generate-content, "UsageMetadata".
 */
function fromGoogle(block: Block): Usage | null {
  const prompt = block.promptTokenCount
  if (!isCount(prompt)) return null
  const input = prompt + countOr0(block.toolUsePromptTokenCount)
  const cacheRead = countOr0(block.cachedContentTokenCount)
  // Audio alone is priced apart from text going in; pictures and films are counted in text tokens.
  const mediaInput = Math.min(modality(block.promptTokensDetails, ['AUDIO']), Math.max(0, input - cacheRead))
  const thoughts = countOr0(block.thoughtsTokenCount)
  const output = Math.max(countOr0(block.candidatesTokenCount) + thoughts, countOr0(block.totalTokenCount) - input)
  const mediaOutput = Math.min(modality(block.candidatesTokensDetails, ['AUDIO', 'IMAGE', 'VIDEO']), output)
  return {
    inputTokens: Math.max(0, input - cacheRead - mediaInput),
    outputTokens: output - mediaOutput,
    cacheReadTokens: cacheRead,
    reasoningTokens: Math.min(thoughts, output - mediaOutput),
    mediaInputTokens: mediaInput,
    mediaOutputTokens: mediaOutput,
    ...tierOf(block.serviceTier),
  }
}

function modality(details: unknown, wanted: readonly string[]): number {
  return objectsOf(details)
    .filter(({ modality: kind }) => wanted.includes(String(kind)))
    .reduce((sum, { tokenCount }) => sum + countOr0(tokenCount), 0)
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
    ...tierOf(block.service_tier),
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

function objectsOf(value: unknown): Block[] {
  if (!Array.isArray(value)) return []
  return value.map((entry: unknown) => objectOf(entry)).filter((entry) => entry !== undefined)
}
