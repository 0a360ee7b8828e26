import { describe, expect, it } from 'vitest'
import { systemClock } from '../base/index.ts'
import { createTurnBook, traceIdOf } from './turns.ts'

const traceId = 'a'.repeat(32)
const parent = `00-${traceId}-${'b'.repeat(16)}-01`
const turn = { agentId: 'main', sessionKey: 's', runId: 'r', traceId }

describe('the turn book', () => {
  it('finds a turn that was announced before its request', async () => {
    const book = createTurnBook(systemClock)
    book.announce(turn)
    expect(await book.find(parent, 0)).toEqual(turn)
  })

  it('waits for an announcement that is a little late', async () => {
    const book = createTurnBook(systemClock)
    const finding = [book.find(parent, 2000), book.find(parent, 2000)]
    book.announce(turn)
    expect(await Promise.all(finding.map(async (found) => await found))).toEqual([turn, turn])
  })

  it('knows nothing of a trace nobody announced', async () => {
    const book = createTurnBook(systemClock)
    book.announce({ ...turn, traceId: 'c'.repeat(32) })
    expect(await book.find(parent, 10)).toBeNull()
    expect(await book.find(undefined, 1000)).toBeNull()
  })

  it('forgets a turn after an hour and the oldest beyond twenty thousand', async () => {
    let now = 0
    const book = createTurnBook({ now: () => now, monotonicMs: () => now })
    book.announce(turn)
    now = 3_600_001
    expect(await book.find(parent, 0)).toBeNull()
    book.announce(turn)
    for (let i = 0; i < 20_000; i++) book.announce({ ...turn, traceId: i.toString(16).padStart(32, '0') })
    expect(await book.find(parent, 0)).toBeNull()
  })

  it('takes only what the standard calls a traceparent', () => {
    expect(traceIdOf(parent)).toBe(traceId)
    expect(['', 'x', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'A'.repeat(32)}-b-01`, `${parent}\n`].map(traceIdOf)).toEqual([null, null, null, null, null])
  })
})
