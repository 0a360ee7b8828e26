/**
 * What providers charge for tiers of service, in thousandths of the standard price. The price table knows standard
 * prices only. A tier or model that is missing here is charged as the dearest we know of, never too little.
 */
interface Factor {
  tier: string
  /** Beginning of the model's name; the first entry that fits counts. */
  model: string
  permille: number
}

const standard = 1000
// The dearest of all below: a name we do not know costs this at most, as far as anybody has published.
const dearest = 6000

// Read on 2026-11-21. OpenAI: openai.com/api-priority-processing (GPT-5.4 and before), its GPT-5.5 launch post
// (2.5 times); flex and batch are half price (platform.openai.com/docs/guides/flex-processing). Anthropic: batch is
// half price, fast mode per model (platform.claude.com/docs/en/build-with-claude/fast-mode), priority is paid in
// advance and counted at standard prices. Google: batch and flex are half price (ai.google.dev/gemini-api/docs/pricing).
const factors: Readonly<Record<string, readonly Factor[]>> = {
  openai: [
    { tier: 'flex', model: '', permille: 500 },
    { tier: 'batch', model: '', permille: 500 },
    { tier: 'priority', model: 'gpt-4', permille: 2000 },
    { tier: 'priority', model: 'gpt-5-', permille: 2000 },
    { tier: 'priority', model: 'gpt-5.1', permille: 2000 },
    { tier: 'priority', model: 'gpt-5.2', permille: 2000 },
    { tier: 'priority', model: 'gpt-5.4', permille: 2000 },
    { tier: 'priority', model: '', permille: 2500 },
  ],
  anthropic: [
    { tier: 'batch', model: '', permille: 500 },
    { tier: 'priority', model: '', permille: 1000 },
    { tier: 'fast', model: 'claude-opus-4-8', permille: 2000 },
    { tier: 'fast', model: 'claude-opus-5', permille: 2000 },
    { tier: 'fast', model: '', permille: 6000 },
  ],
  google: [
    { tier: 'flex', model: '', permille: 500 },
    { tier: 'batch', model: '', permille: 500 },
    { tier: 'priority', model: '', permille: 2500 },
  ],
}

// Names for what costs the standard price. `auto` may be served as priority where a project is set so: what the
// provider then names in its answer is charged, and the excess is reported.
const standardNames = new Set(['', 'auto', 'default', 'standard', 'standard_only', 'scale', 'on_demand', 'unspecified'])

/** What a tier costs, as an answer names it. */
export function tierPermille(
  { provider, model }: { provider: string; model: string },
  tier: string | null | undefined,
): number {
  const name = (tier ?? '').toLowerCase()
  if (standardNames.has(name)) return standard
  const own = factors[provider]
  if (!own) return standard // a provider that publishes no tiers
  return own.find((factor) => factor.tier === name && model.startsWith(factor.model))?.permille ?? dearest
}

/** The same for a reservation: a cheaper tier may yet be served as standard. */
export function worstTierPermille(of: { provider: string; model: string }, tier: string | null | undefined): number {
  return Math.max(standard, tierPermille(of, tier))
}
