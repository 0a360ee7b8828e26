import { readFileSync } from 'node:fs'
import { calcPrice, findProvider } from '@pydantic/genai-prices'
import { describe, expect, it } from 'vitest'
import {
  costOf,
  loadPrices,
  priceTableDate,
  readUsage,
  sealPrices,
  worstCostOf,
  type Price,
  type Usage,
  type UsageFlavor,
} from './index.ts'
import { priceTableVersion } from './price-table.ts'

const at = Date.parse('2026-11-21T12:00:00Z')
const prices = await loadPrices()

function priceOf(provider: string, model: string, when = at): Price {
  const price = prices.priceOf({ provider, model, at: when })
  if (!price) throw new Error(`no price for ${provider}/${model}`)
  return price
}

function usageOf(flavor: UsageFlavor, raw: unknown): Usage {
  const usage = readUsage(flavor, raw)
  if (!usage) throw new Error('unreadable usage')
  return usage
}

describe('the price table', () => {
  it('is dated like the installed package', () => {
    const installed = JSON.parse(
      readFileSync(new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url), 'utf8'),
    ) as { version: string }
    expect({ version: installed.version, date: priceTableDate }).toEqual({
      version: priceTableVersion,
      date: '2026-09-23',
    })
  })

  it('knows cache lifetimes apart and takes the dearest for the worst case', () => {
    expect(priceOf('anthropic', 'claude-sonnet-4-6')).toMatchObject({
      model: 'claude-sonnet-4-6',
      source: 'table',
      asOf: '2026-09-23',
      longContext: [],
      rates: {
        input: 3_000_000,
        output: 15_000_000,
        cacheRead: 300_000,
        cacheWrite5m: 3_750_000,
        cacheWrite1h: 6_000_000,
        dearestInput: 6_000_000,
      },
    })
  })

  it('gives every model of eight providers the cost the package itself computes', () => {
    let compared = 0
    const usage = { inputTokens: 1_000, cacheReadTokens: 20_000, cacheWrite5mTokens: 300_000, outputTokens: 4_000 }
    const asTheyCount = {
      input_tokens: 321_000,
      cache_read_tokens: 20_000,
      cache_write_tokens: 300_000,
      output_tokens: 4_000,
    }
    for (const provider of ['openai', 'anthropic', 'google', 'openrouter', 'aws', 'mistral', 'groq', 'x-ai']) {
      for (const { id } of findProvider({ providerId: provider })!.models) {
        const price = prices.priceOf({ provider, model: id, at })
        const theirs = price && calcPrice(asTheyCount, id, { providerId: provider, timestamp: new Date(at) })
        if (!price || !theirs) continue
        // Upwards to a whole micro-USD, of rates that are themselves rounded up to whole micro-USD.
        const excess = costOf(usage, price) - theirs.total_price * 1e6
        if (excess > 2 || excess < -1e-3)
          expect({ id, ours: costOf(usage, price), theirs: theirs.total_price * 1e6 }).toBe('equal')
        compared++
      }
    }
    expect(compared).toBeGreaterThan(500)
  })

  it('changes with the announced day: the long-context surcharge of Sonnet 4.6 ended on 2026-03-13', () => {
    const before = priceOf('anthropic', 'claude-sonnet-4-6', Date.parse('2026-03-12T00:00:00Z'))
    expect(before.longContext).toMatchObject([
      { aboveInputTokens: 200_000, rates: { input: 6_000_000, output: 22_500_000 } },
    ])
    expect(costOf({ inputTokens: 200_000, outputTokens: 0 }, before)).toBe(600_000)
    expect(costOf({ inputTokens: 200_001, outputTokens: 0 }, before)).toBe(1_200_006)
    expect(worstCostOf({ inputTokens: 200_001, outputTokens: 1_000 }, before)).toBe(200_001 * 12 + 22_500)
  })

  it("does not lend a provider's prices to one whose name resembles it, nor a family's to an unknown member", () => {
    for (const [provider, model] of [
      ['my-anthropic-shop', 'claude-sonnet-4-6'],
      ['nobody', 'gpt-5'],
      ['openai', 'gpt-5-ultra'],
      ['openai', ''],
      ['openai', 'a'.repeat(5_000)],
    ] as const) {
      expect(prices.priceOf({ provider, model, at })).toBeNull()
    }
  })

  it('has no price for models that are not paid by the token', () => {
    expect(prices.priceOf({ provider: 'openai', model: 'whisper-1', at })).toBeNull()
  })

  it("knows providers under OpenClaw's names too", () => {
    expect(priceOf('xai', 'grok-3-mini').provider).toBe('x-ai')
  })
})

describe('prices of the settings', () => {
  it('win over the table, for one model or a whole provider', async () => {
    const own = await loadPrices({
      overrides: {
        'Anthropic/claude-sonnet-4-6': { input: 1_000_000, output: 2_000_000 },
        'ollama/*': { input: 0, output: 0 },
      },
    })
    expect(own.priceOf({ provider: 'anthropic', model: 'claude-sonnet-4-6', at })).toMatchObject({
      source: 'settings',
      asOf: null,
      rates: { input: 1_000_000, cacheWrite1h: 1_000_000 },
    })
    expect(own.priceOf({ provider: 'ollama', model: 'anything', at })).toMatchObject({
      source: 'settings',
      rates: { output: 0 },
    })
  })

  it('stand in for unknown models only when told to, and then at a ceiling', async () => {
    const lenient = await loadPrices({ unknownModel: 'ceiling' })
    expect(lenient.priceOf({ provider: 'nobody', model: 'x', at })).toMatchObject({
      source: 'ceiling',
      rates: { input: 150_000_000, output: 600_000_000 },
    })
    expect(lenient.priceOf({ provider: 'openai', model: 'gpt-5', at })).toMatchObject({ source: 'table' })
  })

  it('are refused when they are not whole micro-USD', async () => {
    await expect(loadPrices({ overrides: { 'a/b': { input: 0.5, output: 1 } } })).rejects.toMatchObject({
      code: 'budget.bad-limit',
      message: expect.stringContaining('budgets.prices.a/b'),
    })
  })
})

// Usage blocks as recorded in the test fixtures of the Vercel AI SDK (Apache-2.0), packages/{anthropic,openai,xai}.
describe('the cost of recorded answers', () => {
  it('is exact for Claude with a cache written and read (Sonnet 4.6: 3, 15, 0.30, 3.75 USD per million)', () => {
    const usage = usageOf('anthropic-messages', {
      input_tokens: 6,
      cache_creation_input_tokens: 3337,
      cache_read_input_tokens: 6289,
      cache_creation: { ephemeral_5m_input_tokens: 3337, ephemeral_1h_input_tokens: 0 },
      output_tokens: 198,
    })
    // 6×3 + 6289×0.3 + 3337×3.75 + 198×15 = 18 + 1886.7 + 12513.75 + 2970 = 17388.45
    expect(costOf(usage, priceOf('anthropic', 'claude-sonnet-4-6'))).toBe(17_389)
  })

  it('charges what a cache split leaves open at the dearer lifetime', () => {
    const usage = usageOf('anthropic-messages', {
      input_tokens: 6,
      cache_creation_input_tokens: 3337,
      cache_read_input_tokens: 6289,
      cache_creation: { ephemeral_5m_input_tokens: 3068, ephemeral_1h_input_tokens: 0 },
      output_tokens: 198,
    })
    expect(usage).toMatchObject({ cacheWrite5mTokens: 3068, cacheWrite1hTokens: 269 })
  })

  it('is exact for OpenAI with cached input and reasoning (gpt-5-mini: 0.25, 2, cached 0.025 USD per million)', () => {
    const usage = usageOf('openai-responses', {
      input_tokens: 3737,
      input_tokens_details: { cached_tokens: 2304 },
      output_tokens: 621,
      output_tokens_details: { reasoning_tokens: 512 },
      total_tokens: 4358,
    })
    expect(usage).toMatchObject({ inputTokens: 1433, cacheReadTokens: 2304, outputTokens: 621, reasoningTokens: 512 })
    // 1433×0.25 + 2304×0.025 + 621×2 = 358.25 + 57.6 + 1242 = 1657.85
    expect(costOf(usage, priceOf('openai', 'gpt-5-mini-2025-08-07'))).toBe(1_658)
  })

  it.each([
    [12, 2, 354, 11, 340, 1_721_250],
    [12, 2, 334, 2, 320, 1_641_500],
    [307, 26, 560, 306, 227, 1_497_500],
    [307, 26, 588, 244, 255, 1_777_000],
  ])(
    'agrees with what xAI itself billed (%i in, %i out, %i total)',
    (input, output, total, cached, reasoning, ticks) => {
      const usage = usageOf('openai-completions', {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: total,
        prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
      })
      // One tick is a ten-billionth of a dollar: 10,000 ticks are a micro-USD.
      expect(costOf(usage, priceOf('xai', 'grok-3-mini'))).toBe(Math.ceil(ticks / 10_000))
    },
  )

  it('counts searches made by the provider', () => {
    const usage = usageOf('anthropic-messages', {
      input_tokens: 10,
      output_tokens: 20,
      server_tool_use: { web_search_requests: 3 },
    })
    expect(costOf(usage, priceOf('anthropic', 'claude-sonnet-4-6'))).toBe(30 + 300 + 30_000)
  })

  it('cannot be read from blocks without counts', () => {
    for (const raw of [
      null,
      [],
      {},
      { input_tokens: 1 },
      { input_tokens: '1', output_tokens: 2 },
      { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: -3 },
    ]) {
      expect(readUsage('anthropic-messages', raw)).toBeNull()
    }
    expect(readUsage('openai-completions', { prompt_tokens: 1, completion_tokens: 1e12 })).toBeNull()
  })

  it('is never above the worst case of its sizes, for every kind of token', () => {
    const price = priceOf('anthropic', 'claude-opus-4-6', Date.parse('2026-03-01T00:00:00Z'))
    for (const inputTokens of [0, 1, 199_999, 200_000, 200_001, 1_000_000]) {
      const most = worstCostOf({ inputTokens, outputTokens: 500 }, price)
      for (const kind of ['inputTokens', 'cacheReadTokens', 'cacheWrite5mTokens', 'cacheWrite1hTokens'] as const) {
        expect(costOf({ inputTokens: 0, [kind]: inputTokens, outputTokens: 500 }, price)).toBeLessThanOrEqual(most)
      }
    }
  })
})

describe('tiers of service', () => {
  const gpt = () => priceOf('openai', 'gpt-5.4')
  const usage = { inputTokens: 1_000, outputTokens: 100 }

  it('are charged as the answer names them: half for flex and batch, twice for priority of GPT-5.4', () => {
    const standard = costOf(usage, gpt())
    expect(costOf({ ...usage, serviceTier: 'default' }, gpt())).toBe(standard)
    expect(costOf({ ...usage, serviceTier: 'flex' }, gpt())).toBe(standard / 2)
    expect(costOf({ ...usage, serviceTier: 'priority' }, gpt())).toBe(standard * 2)
    expect(costOf({ ...usage, serviceTier: 'batch' }, priceOf('anthropic', 'claude-sonnet-4-6'))).toBe(2_250)
    expect(costOf({ ...usage, serviceTier: 'fast' }, priceOf('anthropic', 'claude-opus-4-6'))).toBe(7_500 * 6)
    expect(costOf({ ...usage, inferenceGeo: 'us' }, priceOf('anthropic', 'claude-opus-4-6'))).toBe(8_250)
  })

  it('are reserved at what was announced, never below the standard, and unknown ones at the dearest there is', () => {
    const size = { inputTokens: 1_000, outputTokens: 100 }
    const standard = worstCostOf(size, gpt())
    expect(worstCostOf(size, gpt(), 'flex')).toBe(standard)
    expect(worstCostOf(size, gpt(), 'priority')).toBe(standard * 2)
    expect(worstCostOf(size, gpt(), 'Turbo')).toBe(standard * 6)
    expect(worstCostOf(size, priceOf('mistral', 'mistral-large-latest'), 'turbo')).toBe(
      worstCostOf(size, priceOf('mistral', 'mistral-large-latest')),
    )
  })

  it('are read where each provider names them', () => {
    const openai = { prompt_tokens: 5, completion_tokens: 6 }
    expect(readUsage('openai-completions', openai, 'priority')).toMatchObject({ serviceTier: 'priority' })
    const claude = { input_tokens: 5, output_tokens: 6, service_tier: 'standard', inference_geo: 'us' }
    expect(readUsage('anthropic-messages', claude)).toMatchObject({ serviceTier: 'standard', inferenceGeo: 'us' })
    expect(readUsage('anthropic-messages', { ...claude, speed: 'fast' })).toMatchObject({ serviceTier: 'fast' })
  })
})

describe('passes on the side of Anthropic', () => {
  const pass = (type: string, input: number, output: number, model?: string) => ({
    type,
    input_tokens: input,
    output_tokens: output,
    ...(model && { model }),
  })

  // Recorded by the Vercel AI SDK (Apache-2.0), packages/anthropic: anthropic-compaction.1.json.
  it('that sum up a long conversation are billed though the totals leave them out', () => {
    const iterations = [pass('compaction', 60_385, 592), pass('message', 682, 1_320)]
    const usage = usageOf('anthropic-messages', { input_tokens: 682, output_tokens: 1_320, iterations })
    expect(usage).toMatchObject({ inputTokens: 61_067, outputTokens: 1_912 })
    expect(costOf(usage, priceOf('anthropic', 'claude-opus-4-6'))).toBe(61_067 * 5 + 1_912 * 25)
  })

  // anthropic-advisor-20260301.1.json of the same.
  it('of another model are told apart, to be billed at its price', () => {
    const iterations = [
      pass('message', 1_051, 35),
      pass('advisor_message', 2_728, 874, 'claude-opus-4-7'),
      pass('message', 1_363, 3_165),
    ]
    expect(usageOf('anthropic-messages', { input_tokens: 2_414, output_tokens: 3_200, iterations })).toMatchObject({
      inputTokens: 2_414,
      outputTokens: 3_200,
      byOthers: [{ model: 'claude-opus-4-7', usage: { inputTokens: 2_728, outputTokens: 874 } }],
    })
  })
})

describe("Google's usage", () => {
  it('counts thoughts as output, what tools put in as input, and the cache apart', () => {
    const usage = usageOf('google-generative', {
      promptTokenCount: 1_000,
      cachedContentTokenCount: 400,
      candidatesTokenCount: 50,
      thoughtsTokenCount: 200,
      toolUsePromptTokenCount: 30,
      totalTokenCount: 1_280,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 1_000 }],
    })
    expect(usage).toMatchObject({ inputTokens: 630, cacheReadTokens: 400, outputTokens: 250, reasoningTokens: 200 })
    // gemini-2.5-pro up to 200,000 tokens in: 1.25, cached 0.125, out 10 USD per million.
    expect(costOf(usage, priceOf('google', 'gemini-2.5-pro'))).toBe(Math.ceil(630 * 1.25 + 400 * 0.125 + 250 * 10))
  })

  it('tells sound and pictures apart, takes absent counts for none, and refuses what is no count', () => {
    const spoken = {
      promptTokenCount: 90,
      promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 60 }, { modality: 'TEXT', tokenCount: 30 }],
      candidatesTokenCount: 20,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 15 }],
    }
    expect(readUsage('google-generative', spoken)).toMatchObject({
      inputTokens: 30,
      mediaInputTokens: 60,
      outputTokens: 5,
      mediaOutputTokens: 15,
    })
    expect(readUsage('google-generative', { promptTokenCount: 7 })).toMatchObject({ inputTokens: 7, outputTokens: 0 })
    expect(readUsage('google-generative', { candidatesTokenCount: 7 })).toBeNull()
    expect(readUsage('google-generative', { promptTokenCount: 7, thoughtsTokenCount: -1 })).toBeNull()
  })
})

describe('a price file', () => {
  const models = {
    'anthropic/claude-next': { cost: { input: 4, output: 20, cache_read: 0.4, cache_write: 5 }, limit: { output: 64_000 } },
    'google/gemini-next': {
      cost: { input: 1, output: 8, tiers: [{ tier: { size: 200_000 }, input: 2, output: 12 }] },
    },
    'openai/free-text': {},
  }
  const sealed = (date = '2026-11-20') => sealPrices({ date, models })
  const load = (text: string) => loadPrices({ file: '/prices.json' }, { readText: async () => text })

  it('lies over the built-in table, with its own date', async () => {
    const book = await load(sealed())
    expect(book.asOf).toBe('2026-11-20')
    expect(book.priceOf({ provider: 'anthropic', model: 'claude-next', at })).toMatchObject({
      source: 'file',
      asOf: '2026-11-20',
      maxOutputTokens: 64_000,
      rates: { input: 4_000_000, cacheWrite5m: 5_000_000, cacheWrite1h: 8_000_000, dearestInput: 8_000_000 },
    })
    expect(book.priceOf({ provider: 'gemini', model: 'gemini-next', at })?.longContext).toMatchObject([
      { aboveInputTokens: 200_000, rates: { input: 2_000_000, output: 12_000_000 } },
    ])
    expect(book.priceOf({ provider: 'openai', model: 'gpt-5', at })).toMatchObject({ source: 'table' })
    expect(book.priceOf({ provider: 'openai', model: 'free-text', at })).toBeNull()
  })

  it.each([
    ['changed by a digit', sealed().replace('"input": 4,', '"input": 3,'), /digest is another/],
    ['older than the built-in table', sealed('2026-09-22'), /older than the built-in table/],
    ['no JSON', 'input: 4', /is not JSON/],
    ['without a date', JSON.stringify({ models }), /must have a date/],
    ['a slip of units', sealPrices({ date: '2026-11-20', models: { 'a/b': { cost: { input: 4e6, output: 1 } } } }), /not a price/],
  ])('is refused when it is %s', async (_, text, message) => {
    await expect(load(text)).rejects.toMatchObject({
      code: 'budget.price-file-unusable',
      message: expect.stringMatching(message),
    })
  })

  it('and the built-in table are said to be stale after 90 days', async () => {
    const book = await load(sealed())
    const days = (count: number): number => Date.parse('2026-11-20') + count * 86_400_000
    expect(book.staleWarning(days(89))).toBeNull()
    expect(book.staleWarning(days(90))).toContain('prices are of 2026-11-20, 90 days old')
  })
})
