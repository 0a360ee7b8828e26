import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonicalAgentId, createKillSwitch, migrations, type KillSwitch, type KillSwitchState } from './index.ts'

const clock = { now: () => 1_700_000_000_000.5, monotonicMs: () => 0 }
const why = { by: 'operator', reason: 'it deletes mail' }
const record = { ...why, at: 1_700_000_000_000 }

let folder: string
let open: DatabaseSync[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-identity-'))
  open = []
  for (const { sql } of migrations) connect().exec(sql)
})
afterEach(() => {
  for (const db of open) if (db.isOpen) db.close()
  rmSync(folder, { recursive: true, force: true })
})

function connect(): DatabaseSync {
  const db = new DatabaseSync(join(folder, 'state.db'), { timeout: 2_000 })
  db.exec('PRAGMA journal_mode = WAL')
  open.push(db)
  return db
}

function killSwitch(db = connect()): KillSwitch {
  return createKillSwitch({ db }, { clock })
}

describe('the kill switch', () => {
  it('stops a disabled agent at once, under every spelling OpenClaw takes for the same agent, and nobody else', () => {
    const stops = killSwitch()
    expect(stops.isStopped('work-bot')).toBeNull()
    expect(stops.disable(' Work Bot ', why)).toBe(true)
    for (const spelling of ['work-bot', 'WORK-BOT', 'Work Bot']) {
      expect(stops.isStopped(spelling)).toEqual({
        rule: 'kill-switch.agent-disabled',
        reason: 'agent work-bot is disabled by operator: it deletes mail. hardshell agent enable work-bot ends it',
      })
    }
    expect(stops.isStopped('main')).toBeNull()
    expect(stops.isStopped(null)).toBeNull()
    expect(stops.state()).toEqual({ paused: null, disabled: [{ agentId: 'work-bot', ...record }] })
  })

  it('stops everybody when paused, and resuming leaves disabled agents disabled', () => {
    const stops = killSwitch()
    stops.disable('main', why)
    expect(stops.pauseAll({ by: 'phone', reason: 'STOP' })).toBe(true)
    for (const agentId of ['main', 'other', null])
      expect(stops.isStopped(agentId)).toMatchObject({
        rule: 'kill-switch.paused',
        reason: expect.stringContaining('phone: STOP'),
      })
    expect(stops.resume()).toBe(true)
    expect(stops.isStopped('other')).toBeNull()
    expect(stops.isStopped('main')).toMatchObject({ rule: 'kill-switch.agent-disabled' })
  })

  it('changes nothing the second time and remembers who was first', () => {
    const stops = killSwitch()
    const told: KillSwitchState[] = []
    stops.onChange((state) => told.push(state))
    stops.disable('main', why)
    expect(stops.disable('MAIN', { by: 'other', reason: 'later' })).toBe(false)
    stops.pauseAll(why)
    expect(stops.pauseAll({ by: 'other', reason: 'later' })).toBe(false)
    expect(stops.state()).toEqual({ paused: record, disabled: [{ agentId: 'main', ...record }] })
    expect([stops.resume(), stops.resume(), stops.enable('main'), stops.enable('main')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(told).toHaveLength(4)
  })

  it('holds through a restart', () => {
    const before = connect()
    killSwitch(before).pauseAll(why)
    before.close()
    expect(killSwitch().isStopped('main')).toMatchObject({ rule: 'kill-switch.paused' })
  })

  it('sees what another process did at the next question, or at a refresh when nobody asks', () => {
    const [ours, theirs] = [killSwitch(), killSwitch()]
    const told: KillSwitchState[] = []
    ours.onChange((state) => told.push(state))
    theirs.disable('main', why)
    expect(ours.isStopped('main')).toMatchObject({ rule: 'kill-switch.agent-disabled' })
    theirs.pauseAll(why)
    ours.refresh()
    ours.refresh()
    expect(told).toEqual([
      { paused: null, disabled: [{ agentId: 'main', ...record }] },
      { paused: record, disabled: [{ agentId: 'main', ...record }] },
    ])
  })

  it('is not stirred by what others write elsewhere in the database', () => {
    const ours = killSwitch()
    let told = 0
    ours.onChange(() => told++)
    connect().exec('CREATE TABLE elsewhere (x)')
    ours.refresh()
    expect(told).toBe(0)
  })

  it('stops everybody when the database does not answer', () => {
    const db = connect()
    const stops = killSwitch(db)
    db.close()
    expect(stops.isStopped('main')).toMatchObject({ rule: 'kill-switch.unreadable' })
    expect(() => stops.state()).toThrowError(expect.objectContaining({ code: 'identity.kill-switch-failed' }))
    expect(() => stops.disable('main', why)).toThrowError(
      expect.objectContaining({ code: 'identity.kill-switch-failed' }),
    )
  })

  it('tells every listener even when one fails, and none after it left', () => {
    const errors: unknown[] = []
    const stops = createKillSwitch({ db: connect() }, { clock, onListenerError: (error) => errors.push(error) })
    let heard = 0
    stops.onChange(() => {
      throw new Error('deaf')
    })
    const leave = stops.onChange(() => heard++)
    stops.pauseAll(why)
    leave()
    stops.resume()
    expect(heard).toBe(1)
    expect(errors).toHaveLength(2)
  })

  it('stops an id of which nothing is left when the default agent is disabled, as OpenClaw runs it as that one', () => {
    const stops = killSwitch()
    expect(stops.isStopped('///')).toBeNull()
    stops.disable('main', why)
    expect(stops.isStopped('///')).toMatchObject({ rule: 'kill-switch.agent-disabled' })
  })

  it('refuses to disable what is no agent id', () => {
    expect(() => killSwitch().disable(' ¿? ', why)).toThrowError(
      expect.objectContaining({ code: 'identity.bad-agent-id' }),
    )
  })

  it('cannot be paused by disabling an agent of a clever name', () => {
    const stops = killSwitch()
    stops.disable('(everyone)', why)
    expect(stops.state()).toMatchObject({ paused: null, disabled: [{ agentId: 'everyone' }] })
  })
})

describe('canonicalAgentId', () => {
  it.each([
    ['main', 'main'],
    ['Main', 'main'],
    [' a_b-c ', 'a_b-c'],
    ['Über Bot!', 'ber-bot'],
    ['--x--', 'x'],
    ['_x', '_x'],
    ['x'.repeat(80), 'x'.repeat(64)],
    ['///', null],
    ['', null],
  ])('turns %j into %j', (text, id) => {
    expect(canonicalAgentId(text)).toBe(id)
  })
})
