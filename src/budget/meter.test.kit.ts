import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../base/index.ts'
import {
  createMeter,
  migrations,
  type Claim,
  type Limits,
  type Meter,
  type Price,
  type PriceBook,
  type BudgetRefusal,
  type Processes,
  type Recovery,
  type Reservation,
  type Schedule,
} from './index.ts'

/** 3 USD in, 15 USD out per million tokens, caches at Anthropic's multiples; every model of `test` has it. */
export const testPrice: Price = {
  provider: 'test',
  model: 'test-1',
  source: 'settings',
  asOf: null,
  longContext: [],
  maxOutputTokens: null,
  rates: {
    input: 3_000_000,
    output: 15_000_000,
    cacheRead: 300_000,
    cacheWrite5m: 3_750_000,
    cacheWrite1h: 6_000_000,
    reasoning: 15_000_000,
    dearestInput: 6_000_000,
    dearestOutput: 15_000_000,
    webSearch: 10_000_000,
  },
}

export const testPrices: PriceBook = { priceOf: ({ provider }) => (provider === 'test' ? testPrice : null) }

/** Worst case of `claim`, in micro-USD: 1000 bytes at the one-hour cache rate, 100 tokens out. */
export const worstCase = 1000 * 6 + 100 * 15

export function claim(id: string, more: Partial<Claim> = {}): Claim {
  return {
    id,
    agentId: 'main',
    sessionKey: 'agent:main:main',
    provider: 'test',
    model: 'test-1',
    inputBytes: 1000,
    maxOutputTokens: 100,
    ...more,
  }
}

/** A database and clocks of its own, and meters on them. Time stands still unless the test moves it. */
export class MeterWorld {
  now = Date.parse('2026-11-21T12:00:00Z')
  monotonicMs = 0
  readonly db = new DatabaseSync(':memory:')
  readonly clock: Clock = { now: () => this.now, monotonicMs: () => this.monotonicMs }

  constructor() {
    for (const { sql } of migrations) this.db.exec(sql)
  }

  meter(
    limits: Limits,
    processes?: Processes,
    schedule: Schedule = atOnce,
    onRecovered?: (found: Recovery) => void,
  ): Meter {
    const ports = { clock: this.clock, processes, schedule, onRecovered }
    return createMeter({ db: this.db, limits, prices: testPrices }, ports)
  }
}

/** Who waits is answered at once; nothing is written unless the test says so. */
export const atOnce: Schedule = {
  soon: (work) => queueMicrotask(work),
  after: () => () => {},
}

/** The answer, whether it comes at once or later, and whether it fails now or then. */
export async function ask(meter: Meter, wanted: Claim): Promise<Reservation | BudgetRefusal> {
  return await meter.reserve(wanted)
}

/** Reserves what the test takes for granted. */
export async function granted(meter: Meter, wanted: Claim): Promise<Reservation> {
  const answer = await meter.reserve(wanted)
  if (!answer.granted) throw new Error(answer.reason)
  return answer
}
