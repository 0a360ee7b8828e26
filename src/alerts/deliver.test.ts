import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { message } from './alerts.test.kit.ts'
import type { Channel, Delivery } from './channel.ts'
import { deliver, type Delivering, type Trouble } from './deliver.ts'
import type { Message } from './message.ts'
import { migrations } from './migrations.ts'
import { createQueue } from './queue.ts'

let delivering: Delivering | undefined
afterEach(async () => await delivering?.stop())

/** A channel that answers what it is told to; the last answer stays. */
function scripted(name: 'slack' | 'pagerduty', ...answers: Delivery[]): Channel & { got: Message[] } {
  const got: Message[] = []
  return {
    name,
    where: name,
    minimumSeverity: 'info',
    got,
    send: async (one) => {
      got.push(one)
      return answers.length > 1 ? answers.shift()! : (answers[0] ?? { state: 'delivered' })
    },
  }
}

const dead: Delivery = { state: 'later', reason: 'no connection' }
const taken: Delivery = { state: 'delivered' }

function world(...channels: Channel[]) {
  const db = new DatabaseSync(':memory:')
  for (const { sql } of migrations) db.exec(sql)
  const queue = createQueue(db)
  const state = { now: Date.parse('2026-11-22T07:00:00Z'), troubles: [] as Trouble[] }
  const clock = { now: () => state.now, monotonicMs: () => state.now }
  const begin = (): Delivering => (delivering = deliver(channels, queue, { clock, report: (trouble) => void state.troubles.push(trouble) }))
  const put = (destination: string, ...messages: Message[]) => queue.take({ parcels: messages.map((one) => ({ destination, message: one })), held: new Map(), position: null }, state.now)
  return { db, queue, state, begin, put }
}

/** Everything that needs no waiting has happened. */
const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 20))

describe('delivering', () => {
  it('takes the worst first, and forgets what was taken', async () => {
    const slack = scripted('slack')
    const { queue, begin, put } = world(slack)
    put('slack', message({ id: 'a', severity: 'warning' }), message({ id: 'b', severity: 'critical' }), message({ id: 'c', severity: 'critical' }))
    begin().wake()
    await settled()
    expect(slack.got.map(({ id }) => id)).toEqual(['b', 'c', 'a'])
    expect(queue.state('slack')).toMatchObject({ delivered: 3, waiting: 0, lost: 0, problem: null })
  })

  it('is not held up by another destination that is dead, and asks that one less and less often', async () => {
    const [slack, pagerduty] = [scripted('slack', dead), scripted('pagerduty')]
    const { queue, state, begin, put } = world(slack, pagerduty)
    put('slack', message())
    put('pagerduty', message(), message())
    const { wake } = begin()
    wake()
    await settled()
    expect(pagerduty.got).toHaveLength(2)
    const tried: number[] = []
    for (let second = 0; second < 120; second++) {
      const before = slack.got.length
      state.now += 1000
      wake()
      await new Promise((resolve) => setImmediate(resolve))
      if (slack.got.length > before) tried.push(second + 1)
    }
    expect(tried).toEqual([2, 6, 14, 30, 62])
    expect(queue.state('slack')).toMatchObject({ waiting: 1, problem: 'no connection', failingSince: Date.parse('2026-11-22T07:00:00Z') })
  })

  it('tells the log once of a destination that stays dead, and sends everything when it is back', async () => {
    const slack = scripted('slack', dead, dead, dead, dead, taken)
    const { queue, state, begin, put } = world(slack)
    put('slack', message({ id: 'a' }), message({ id: 'b' }))
    const { wake } = begin()
    for (let i = 0; i < 6; i++) {
      wake()
      await settled()
      state.now += 660_000
    }
    expect(state.troubles).toEqual([{ destination: 'slack', reason: 'alerts for slack wait: no connection' }])
    expect(slack.got.slice(-2).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(queue.state('slack')).toMatchObject({ waiting: 0, delivered: 2, problem: null, failingSince: null })
  })

  it('leaves nothing lying that came in the very moment it ended', async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const slack = scripted('slack')
      const { begin, put } = world(slack)
      put('slack', message({ id: 'a' }))
      const { wake } = begin()
      wake()
      for (let i = 0; i < ticks; i++) await Promise.resolve()
      put('slack', message({ id: 'b' }))
      wake()
      await settled()
      expect([ticks, ...slack.got.map(({ id }) => id)]).toEqual([ticks, 'a', 'b'])
    }
  })

  it('waits as long as the other end asked for', async () => {
    const slack = scripted('slack', { state: 'later', reason: 'busy', afterMs: 90_000 }, taken)
    const { state, begin, put } = world(slack)
    put('slack', message())
    const { wake } = begin()
    wake()
    await settled()
    state.now += 89_000
    wake()
    await settled()
    expect(slack.got).toHaveLength(1)
    state.now += 2000
    wake()
    await settled()
    expect(slack.got).toHaveLength(2)
  })

  it('gives up what nobody took for a day, and what is refused, and tells the log with a number', async () => {
    const slack = scripted('slack', dead, { state: 'refused', reason: 'no such channel' }, taken)
    const { queue, state, begin, put } = world(slack)
    put('slack', message({ id: 'old' }))
    const { wake } = begin()
    wake()
    await settled()
    state.now += 25 * 3_600_000
    put('slack', message({ id: 'refused' }), message({ id: 'good' }))
    wake()
    await settled()
    expect(slack.got.map(({ id }) => id)).toEqual(['old', 'refused', 'good'])
    expect(queue.state('slack')).toMatchObject({ delivered: 1, lost: 2, waiting: 0 })
    expect(state.troubles).toEqual([{ destination: 'slack', reason: 'an alert was not delivered to slack: not taken within 1d' }])
  })

  it('never tells of a message about sending, so that one failure does not breed another', async () => {
    const slack = scripted('slack', { state: 'refused', reason: 'no' })
    const { queue, state, begin, put } = world(slack)
    put('slack', message({ isAboutSending: true }))
    begin().wake()
    await settled()
    expect(queue.state('slack').lost).toBe(1)
    expect(state.troubles).toEqual([])
  })

  it('survives a channel that throws, and a database that does', async () => {
    const slack = scripted('slack')
    slack.send = async () => await Promise.reject(new Error('a store of secrets is away: hunter2'))
    const { db, queue, begin, put } = world(slack)
    put('slack', message())
    const { wake } = begin()
    wake()
    await settled()
    expect(queue.state('slack')).toMatchObject({ waiting: 1, problem: 'its secret cannot be read just now' })
    db.exec('DROP TABLE alerts_waiting')
    expect(() => wake()).not.toThrow()
    await settled()
  })

  it('keeps a message that was under way when the guard ended, for the next one', async () => {
    const slack = scripted('slack')
    slack.send = async (_, signal) => await new Promise((resolve) => signal.addEventListener('abort', () => resolve(dead)))
    const { queue, begin, put } = world(slack)
    put('slack', message({ id: 'a' }))
    const { wake, stop } = begin()
    wake()
    await settled()
    await stop()
    expect(queue.next('slack')?.message.id).toBe('a')
    const again = scripted('slack')
    const next = deliver([again], queue, { clock: { now: Date.now, monotonicMs: () => performance.now() }, report: () => {} })
    next.wake()
    await settled()
    await next.stop()
    expect(again.got.map(({ id }) => id)).toEqual(['a'])
  })
})

describe('the queue', () => {
  it('is bounded: of too many, the newest of the least important are thrown away and counted', async () => {
    const { queue, put } = world()
    put('slack', ...Array.from({ length: 499 }, (_, i) => message({ id: `w${i}`, severity: 'warning' })))
    const thrown = put('slack', message({ id: 'c', severity: 'critical' }), message({ id: 'late', severity: 'warning' }), message({ id: 'later', severity: 'warning' }))
    expect(thrown.map((parcel) => parcel.message.id)).toEqual(['later', 'late'])
    expect(queue.state('slack')).toMatchObject({ waiting: 500, lost: 2 })
    expect(queue.next('slack')!.message.id).toBe('c')
  })

  it('takes parcels, counts and the place in the log together or not at all', () => {
    const { db, queue } = world()
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON alerts_position BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    expect(() => queue.take({ parcels: [{ destination: 'slack', message: message() }], held: new Map(), position: { log: 'x', nextSeq: 5 } }, 0)).toThrow('disk full')
    expect(queue.state('slack').waiting).toBe(0)
    expect(queue.position('x')).toBeNull()
  })

  it('forgets destinations that are gone, and where it was when none is left', () => {
    const { queue, put } = world()
    put('slack', message())
    put('email', message())
    queue.take({ parcels: [], held: new Map(), position: { log: 'x', nextSeq: 5 } }, 0)
    queue.keepOnly(['slack'])
    expect([queue.state('slack').waiting, queue.state('email').waiting, queue.position('x')]).toEqual([1, 0, 5])
    queue.keepOnly([])
    expect([queue.state('slack').waiting, queue.position('x')]).toEqual([0, null])
  })
})
