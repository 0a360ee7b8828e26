import type { AuditWriter, NewEntry } from '../../auditlog/index.ts'
import type { Clock } from '../../base/index.ts'
import type { Passage } from './passage.ts'

/** Who talked to which host: counted, and kept over restarts. */
export interface Account {
  /** Name of the identity. */
  readonly who: string
  readonly agentId: string | null
  readonly host: string
  readonly port: number
  allowed: number
  refused: number
  /** Bytes from whoever asked, and to it. */
  bytesUp: number
  bytesDown: number
  /** Wall time, ms. */
  firstAt: number
  lastAt: number
}

/** Where accounts survive a restart. */
export interface AccountStore {
  load(): Account[]
  /** Whole rows; those that are there are replaced. */
  save(accounts: readonly Account[]): void
}

export interface AccountOptions {
  /** An entry of kind `alert` for every destination an identity has never been let to before. */
  alertNew: boolean
  /** And one when so much went up to one destination within an hour. `Infinity`: none. */
  alertUploadBytes: number
}

export interface Accounts {
  /** The account of an admitted passage; tells when it is a new one. */
  open(passage: Passage): Account
  /** Counts bytes; tells when an upload gets large. */
  add(account: Account, up: number, down: number): void
  /** A passage is over: a refused one is counted here and nowhere else. */
  close(passage: Passage): void
  list(): Account[]
  /** Puts everything on the disk that is not there, and stops doing so by itself. */
  stop(): void
}

// Hosts come from the agent's side: inventing refused ones must fill neither memory nor disk. What is beyond is one row.
const maxRefusedPerWho = 500
const maxAccounts = 20_000
const otherHosts = '(others)'
const hourMs = 3_600_000
// What a crash takes of the sums; the log has every single one.
const saveEveryMs = 5_000

interface Kept extends Account {
  upInHour: number
  /** When its hour began; `null`: nothing was sent yet. */
  hourAtMs: number | null
  told: boolean
  dirty: boolean
}

export interface AccountPorts {
  clock: Clock
  audit: AuditWriter
  /** Absent: sums are forgotten with the process, and every destination is new then. */
  store?: AccountStore
}

/** What the store knows is known from the start; a store that cannot be read or written costs the sums, not the way out. */
export function createAccounts(options: AccountOptions, ports: AccountPorts): Accounts {
  const { clock, store } = ports
  const accounts = new Map<string, Kept>()
  const refusedHosts = new Map<string, number>()
  for (const account of load(store)) {
    accounts.set(keyOf(account), kept(account))
    if (account.allowed === 0) refusedHosts.set(account.who, (refusedHosts.get(account.who) ?? 0) + 1)
  }
  const tell = (entry: NewEntry): void => {
    try {
      ports.audit.note(entry)
    } catch {
      // A log that cannot be written refuses whoever comes next; who is here was logged.
    }
  }
  const find = (passage: Passage, host: string): Kept => {
    const { identity, port } = passage
    const key = keyOf({ who: identity.name, host, port: host === otherHosts ? 0 : port })
    const found = accounts.get(key)
    if (found) return found
    const now = clock.now()
    const fresh = kept({ who: identity.name, agentId: identity.agentId, host, port: host === otherHosts ? 0 : port, allowed: 0, refused: 0, bytesUp: 0, bytesDown: 0, firstAt: now, lastAt: now })
    accounts.set(key, fresh)
    return fresh
  }
  const save = (): void => {
    const dirty = [...accounts.values()].filter((account) => account.dirty)
    if (dirty.length === 0) return
    try {
      store?.save(dirty)
      for (const account of dirty) account.dirty = false
    } catch {
      // Tried again in a moment.
    }
  }
  const timer = store && setInterval(save, saveEveryMs).unref()

  return {
    open(passage) {
      const account = find(passage, accounts.size < maxAccounts ? passage.host : otherHosts)
      if (account.allowed === 0 && options.alertNew) tell(newDestination(passage))
      account.allowed++
      account.lastAt = clock.now()
      account.dirty = true
      return account
    },
    add(account, up, down) {
      const one = account as Kept
      one.bytesUp += up
      one.bytesDown += down
      one.dirty = true
      if (up === 0) return
      const now = clock.monotonicMs()
      // The hour begins with the first byte that is sent in it.
      if (one.hourAtMs === null || now - one.hourAtMs > hourMs) Object.assign(one, { hourAtMs: now, upInHour: 0, told: false })
      one.upInHour += up
      if (one.told || one.upInHour < options.alertUploadBytes) return
      one.told = true
      tell(largeUpload(one))
    },
    close(passage) {
      const { host, identity, verdict, account } = passage
      if (account !== null) (account as Kept).lastAt = clock.now()
      // A name that cannot exist (RFC 6761) is a proof's, new every few minutes.
      if (account !== null || verdict.allow || host === '' || host.endsWith('.invalid')) return
      const isKnown = accounts.has(keyOf({ who: identity.name, host, port: passage.port }))
      const others = refusedHosts.get(identity.name) ?? 0
      if (!isKnown) refusedHosts.set(identity.name, others + 1)
      const one = find(passage, isKnown || others < maxRefusedPerWho ? host : otherHosts)
      one.refused++
      one.lastAt = clock.now()
      one.dirty = true
    },
    list: () => [...accounts.values()].map(({ upInHour: _up, hourAtMs: _at, told: _told, dirty: _dirty, ...account }) => account),
    stop() {
      clearInterval(timer)
      save()
    },
  }
}

function load(store: AccountStore | undefined): Account[] {
  try {
    return store?.load() ?? []
  } catch {
    return []
  }
}

function kept(account: Account): Kept {
  return { ...account, upInHour: 0, hourAtMs: null, told: false, dirty: false }
}

function keyOf({ who, host, port }: Pick<Account, 'who' | 'host' | 'port'>): string {
  return `${who} ${host} ${port}`
}

function newDestination({ identity, target, visit }: Passage): NewEntry {
  return {
    event_type: 'alert',
    severity: 'warning',
    rule: 'egress.new-destination',
    visit: visit.id,
    user: identity.name,
    ...(identity.agentId !== null && { agent_id: identity.agentId }),
    target,
    reason: `${identity.name} is let to ${target} for the first time`,
  }
}

function largeUpload({ who, agentId, host, port, upInHour }: Kept): NewEntry {
  return {
    event_type: 'alert',
    severity: 'high',
    rule: 'egress.large-upload',
    user: who,
    ...(agentId !== null && { agent_id: agentId }),
    target: `${host}:${port}`,
    bytes_in: upInHour,
    reason: `${who} sent ${upInHour} bytes to ${host}:${port} within an hour (egress.alerts.upload)`,
  }
}
