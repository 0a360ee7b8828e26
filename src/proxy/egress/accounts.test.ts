import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../../auditlog/index.ts'
import { systemClock } from '../../base/index.ts'
import { openStore } from '../../store/index.ts'
import { migrations, sqliteAccounts } from './account-store.ts'
import { createAccounts, type AccountPorts } from './accounts.ts'
import { identityOf } from './identity.ts'
import { Sweep } from '../http1/sweep.ts'
import { refusal, type Passage } from './passage.ts'
import { Patience } from './patience.ts'
import { logInto } from './stage.fixture.ts'

const options = { alertNew: true, alertUploadBytes: 1000 }

function passage(host: string, port = 443, allow = true): Passage {
  return {
    visit: { id: 'v', door: 'egress', peer: 'p', at: 0, startedMs: 0, who: null, turn: null },
    identity: identityOf('main')!,
    target: `${host}:${port}`,
    host,
    port,
    address: '',
    method: '',
    verdict: allow ? { allow: true, status: 200, rule: 'r', reason: '' } : refusal(403, 'egress.not-listed', ''),
    wouldBe: null,
    cut: false,
    bytesIn: 0,
    bytesOut: 0,
    share: null,
    account: null,
    lifetime: null,
    patience: new Patience(new Sweep(systemClock)),
    sockets: [],
  }
}

function opened(more: Partial<AccountPorts> = {}) {
  const entries: NewEntry[] = []
  const time = { ms: 0 }
  const accounts = createAccounts(options, { clock: { now: () => 1000 + time.ms, monotonicMs: () => time.ms }, audit: logInto(entries), ...more })
  return { accounts, entries, time, rules: () => entries.map(({ rule }) => rule) }
}

describe('accounts', () => {
  it('say who talked to whom, how often and how much, and who tried', () => {
    const { accounts } = opened()
    const account = accounts.open(passage('a.example'))
    accounts.add(account, 10, 200)
    accounts.open(passage('a.example'))
    accounts.close(passage('b.example', 22, false))
    accounts.close(passage('nonce.hardshell-probe.invalid', 443, false))
    expect(accounts.list()).toEqual([
      { who: 'agent.main', agentId: 'main', host: 'a.example', port: 443, allowed: 2, refused: 0, bytesUp: 10, bytesDown: 200, firstAt: 1000, lastAt: 1000 },
      { who: 'agent.main', agentId: 'main', host: 'b.example', port: 22, allowed: 0, refused: 1, bytesUp: 0, bytesDown: 0, firstAt: 1000, lastAt: 1000 },
    ])
  })

  it('tell of a destination the first time, and never for a refusal', () => {
    const { accounts, entries, rules } = opened()
    accounts.close(passage('a.example', 443, false))
    accounts.open(passage('a.example'))
    accounts.open(passage('a.example'))
    accounts.open(passage('a.example', 8443))
    expect(rules()).toEqual(['egress.new-destination', 'egress.new-destination'])
    expect(entries[0]).toMatchObject({ event_type: 'alert', agent_id: 'main', target: 'a.example:443', reason: 'agent.main is let to a.example:443 for the first time' })
  })

  it('tell of a large upload once an hour, however it is cut up', () => {
    const { accounts, entries, time, rules } = opened()
    const [one, two] = [accounts.open(passage('a.example')), accounts.open(passage('a.example'))]
    entries.length = 0
    for (let i = 0; i < 9; i++) accounts.add(i % 2 ? one : two, 100, 5000)
    expect(rules()).toEqual([])
    for (let i = 0; i < 5; i++) accounts.add(one, 100, 0)
    expect(rules()).toEqual(['egress.large-upload'])
    expect(entries[0]).toMatchObject({ severity: 'high', bytes_in: 1000 })
    time.ms = 3_600_001
    accounts.add(one, 999, 0)
    accounts.add(one, 1, 0)
    expect(rules()).toEqual(['egress.large-upload', 'egress.large-upload'])
  })

  it('keep a bounded number of hosts nobody was let to', () => {
    const { accounts } = opened()
    for (let i = 0; i < 700; i++) accounts.close(passage(`h${i}.example`, 443, false))
    const list = accounts.list()
    expect(list).toHaveLength(501)
    expect(list.find(({ host }) => host === '(others)')).toMatchObject({ refused: 200, port: 0 })
  })

  it('survive a restart, so that a known destination is not new again', () => {
    const folder = mkdtempSync(`${tmpdir()}/accounts-`)
    const store = openStore({ path: `${folder}/state.sqlite`, migrations })
    const first = opened({ store: sqliteAccounts(store.db) })
    first.accounts.add(first.accounts.open(passage('a.example')), 7, 8)
    first.accounts.stop()
    const second = opened({ store: sqliteAccounts(store.db) })
    expect(second.accounts.list()).toMatchObject([{ host: 'a.example', allowed: 1, bytesUp: 7, bytesDown: 8 }])
    second.accounts.open(passage('a.example'))
    expect(second.rules()).toEqual([])
    second.accounts.stop()
    store.close()
    rmSync(folder, { recursive: true })
  })

  it('go on without a store that fails, and without a log', () => {
    const broken = { load: () => { throw new Error('no') }, save: () => { throw new Error('no') } }
    const fail = (): never => { throw new Error('full') }
    const { accounts } = opened({ store: broken, audit: { append: fail, write: fail, note: fail } })
    accounts.open(passage('a.example'))
    accounts.stop()
    expect(accounts.list()).toHaveLength(1)
  })
})
