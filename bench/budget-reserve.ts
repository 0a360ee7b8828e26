/**
 * How many model calls a second the meter can admit: `reserve` and `settle` for 128 callers at once, all limits on,
 * next to what SQLite itself can do in the same run: two plain one-row inserts, each in its own transaction, on the
 * same disk with the same settings. Run: node bench/budget-reserve.ts [calls]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/base/index.ts'
import { createMeter, loadPrices, migrations } from '../src/budget/index.ts'
import { openStore } from '../src/store/index.ts'

const calls = Number(process.argv[2] ?? 20_000)
const concurrency = 128
let round = 0
const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
try {
  await peer(Math.ceil(calls / 10))
  await meter(calls)
  // Twice, in turn: other work on the machine then hits both. The meter is so quick that it needs more calls.
  const rows = [await peer(calls), await meter(calls * 10), await peer(calls), await meter(calls * 10)]
  for (const { what, perSecond, fromMemory } of rows) {
    const share = fromMemory === undefined ? '' : `   ${(fromMemory * 100).toFixed(1)} % answered from memory`
    const micros = (1e6 / perSecond).toFixed(1)
    console.log(`${what.padEnd(34)} ${String(perSecond).padStart(7)} pairs/s   ${micros.padStart(6)} µs a pair${share}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Row {
  what: string
  perSecond: number
  fromMemory?: number
}

async function meter(count: number): Promise<Row> {
  const store = openStore({ path: join(folder, `meter-${round++}.db`), migrations })
  const money = { perDay: 1e12, perMonth: 1e12, perSession: 1e12, perAgent: 1e12, perUser: 1e12, global: 1e12 }
  const limits = { ...money, tokensPerRequest: 200_000 }
  const book = createMeter({ db: store.db, limits, prices: await loadPrices() }, { clock: systemClock })
  let fromMemory = 0
  const row = await run('reserve + settle, 128 at once', count, async (i) => {
    const claim = {
      id: `visit-${i}`,
      agentId: `agent-${i % 8}`,
      sessionKey: `session-${i % 64}`,
      user: `user-${i % 16}`,
      provider: 'anthropic',
      model: 'claude-sonnet-4-6',
      inputBytes: 41_000,
      maxOutputTokens: 8_192,
    }
    const answer = book.reserve(claim)
    if (!(answer instanceof Promise)) fromMemory++
    const reserved = await answer
    if (!reserved.granted) throw new Error(reserved.reason)
    await new Promise((resolve) => setImmediate(resolve)) // the call: all 128 reservations are open at once
    book.settle(claim.id, { inputTokens: 9_000, outputTokens: 400, cacheReadTokens: 1_000 })
  })
  const { day } = await book.spend()
  if (day.spentMicroUsd !== count * 33_300) throw new Error(`${day.spentMicroUsd} is not what ${count} calls cost`)
  book.close()
  store.close()
  return { ...row, fromMemory: fromMemory / count }
}

async function peer(count: number): Promise<Row> {
  const store = openStore({
    path: join(folder, `peer-${round++}.db`),
    migrations: [{ id: 'peer', sql: 'CREATE TABLE calls (id TEXT PRIMARY KEY, cost INTEGER)' }],
  })
  const insert = store.db.prepare('INSERT INTO calls VALUES (?, ?)')
  const row = await run('SQLite, two plain inserts', count, async (i) => {
    insert.run(`visit-${i}`, 1)
    await new Promise((resolve) => setImmediate(resolve))
    insert.run(`settled-${i}`, 1)
  })
  store.close()
  return row
}

async function run(what: string, count: number, pair: (i: number) => Promise<void>): Promise<Row> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await pair(next++)
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { what, perSecond: Math.round((count / (performance.now() - started)) * 1000) }
}
