import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { message } from './alerts.test.kit.ts'
import type { Channel, Delivery } from './channel.ts'
import { deliver, type Delivering } from './deliver.ts'
import { createGate, sentenceOf, type Arrival } from './gate.ts'
import type { Message } from './message.ts'
import { migrations } from './migrations.ts'
import { createQueue } from './queue.ts'

let delivering: Delivering | undefined
afterEach(async () => await delivering?.stop())

function world(send: (one: Message) => Promise<Delivery>) {
  const db = new DatabaseSync(':memory:')
  for (const { sql } of migrations) db.exec(sql)
  const queue = createQueue(db)
  const state = { now: Date.parse('2026-11-22T07:00:00Z'), aheadMs: 0 }
  const clock = { now: () => state.now + state.aheadMs, monotonicMs: () => state.now }
  const slack: Channel = { name: 'slack', where: 'slack', minimumSeverity: 'info', send }
  const begin = (): Delivering => (delivering = deliver([slack], queue, { clock, report: () => {} }))
  const put = (...messages: Message[]) => queue.take({ parcels: messages.map((one) => ({ destination: 'slack', message: one })), held: new Map(), position: null }, clock.now())
  return { queue, state, begin, put }
}

/** Everything that needs no waiting has happened. */
const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 20))

describe('a message the other end never takes and never refuses', () => {
  // A filter before a webhook answers 403 to what looks like an attack, and alerts quote attacks.
  it('holds up no other: after three tries those behind it are sent', async () => {
    const got: string[] = []
    const { queue, state, begin, put } = world(async ({ id }) => {
      if (id === 'filtered') return { state: 'later', reason: 'HTTP 403' }
      got.push(id)
      return { state: 'delivered' }
    })
    put(message({ id: 'filtered', severity: 'critical' }), message({ id: 'a', severity: 'critical' }), message({ id: 'b' }))
    const { wake } = begin()
    for (let second = 0; second < 30; second++) {
      wake()
      await settled()
      state.now += 1000
    }
    expect(got).toEqual(['a', 'b'])
    expect(queue.state('slack')).toMatchObject({ delivered: 2, waiting: 1, lost: 0 })
    state.now += 25 * 3_600_000
    wake()
    await settled()
    expect(queue.state('slack')).toMatchObject({ waiting: 0, lost: 1 })
  })
})

describe('a queue that is filled with the worst there is', () => {
  it('keeps what another rule says, and what came first', () => {
    const { queue, put } = world(async () => ({ state: 'delivered' }))
    const worst = (id: string, rule: string): Message => message({ id, rule, severity: 'critical' })
    put(...Array.from({ length: 500 }, (_, i) => worst(`flood ${i}`, 'content.canary')))
    const thrown = put(worst('real', 'proof.failed'), worst('flood 500', 'content.canary'))
    expect(thrown.map((parcel) => parcel.message.id)).toEqual(['flood 500', 'flood 499'])
    expect(queue.state('slack')).toMatchObject({ waiting: 500, lost: 2 })
  })
})

describe('a clock', () => {
  it('that is set ahead by years makes no alert old', async () => {
    const { queue, state, begin, put } = world(async () => (state.aheadMs === 0 ? { state: 'later', reason: 'no network yet' } : { state: 'delivered' }))
    const { wake } = begin()
    put(message())
    wake()
    await settled()
    state.aheadMs = 365 * 86_400_000
    state.now += 3000
    wake()
    await settled()
    expect(queue.state('slack')).toMatchObject({ delivered: 1, lost: 0 })
  })
})

describe('a send that does not end when it is told to', () => {
  it('does not keep the guard from stopping', async () => {
    let began = false
    const { queue, begin, put } = world(async () => {
      began = true
      return await new Promise(() => {})
    })
    put(message())
    const { wake, stop } = begin()
    wake()
    await settled()
    expect(began).toBe(true)
    await stop()
    expect(queue.state('slack').waiting).toBe(1)
  })
})

describe('the number of what was kept back', () => {
  it('is told although the next of the same comes before it is', () => {
    const gate = createGate([])
    const arrival: Arrival = { severity: 'critical', rule: 'a.rule', group: 'one', text: () => 'it happened' }
    for (let i = 0; i < 10; i++) gate.admit(arrival, i)
    expect(gate.admit(arrival, 300_001)).toBe(false)
    expect(gate.due(300_002).map(sentenceOf)).toEqual(['10 more of the same within 5 minutes: it happened'])
    expect(gate.admit(arrival, 300_003)).toBe(true)
  })
})
