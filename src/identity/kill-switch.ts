import type { DatabaseSync } from 'node:sqlite'
import { HardshellError, messageOf, type Clock } from '../base/index.ts'
import { canonicalAgentId } from './agent-id.ts'

/** Who stopped something, why, and when (wall ms). */
export interface StopRecord {
  by: string
  reason: string
  at: number
}

export interface KillSwitchState {
  /** `null`: not paused. */
  paused: StopRecord | null
  /** By agent id. Being paused or resumed does not change this list. */
  disabled: ({ agentId: string } & StopRecord)[]
}

/** Why somebody may not act. */
export interface Stop {
  /** `unreadable`: the database did not answer, so nobody acts. */
  rule: 'kill-switch.agent-disabled' | 'kill-switch.paused' | 'kill-switch.unreadable'
  reason: string
}

/**
 * Stops agents, one or all, and keeps them stopped across restarts. The question is answered from memory; a change
 * by this process is in force when the call returns, one by another process at the next question or `refresh`.
 */
export interface KillSwitch {
  /** @returns whether this changed anything; who disabled an agent first stays on record. */
  disable(agentId: string, by: { by: string; reason: string }): boolean
  /** @returns false when the agent was not disabled. */
  enable(agentId: string): boolean
  pauseAll(by: { by: string; reason: string }): boolean
  /** Ends the pause. Agents that are disabled stay so. */
  resume(): boolean
  /** @throws HardshellError `identity.kill-switch-failed` when it cannot be read */
  state(): KillSwitchState
  /**
   * May this agent act? `null`: yes. An agent nobody named (`null`) is stopped by a pause only: that an unnamed turn
   * may act at all is decided elsewhere.
   */
  isStopped(agentId: string | null): Stop | null
  /**
   * Looks for changes by other processes and tells the listeners. Call it twice a second or so, so that turns under
   * way are cut in time though nobody asks; it costs a microsecond when nothing changed.
   */
  refresh(): void
  /** Told after every change, with the new state. @returns what to call to be told no more */
  onChange(listener: (state: KillSwitchState) => void): () => void
}

export interface KillSwitchPorts {
  clock: Clock
  /** A listener threw. The switch is thrown all the same; default: a process warning. */
  onListenerError?: (error: unknown) => void
}

const everyone = '(everyone)'

/** @throws HardshellError `identity.kill-switch-failed` when the database cannot be read */
export function createKillSwitch({ db }: { db: DatabaseSync }, ports: KillSwitchPorts): KillSwitch {
  const sql = statements(db)
  const listeners = new Set<(state: KillSwitchState) => void>()
  let { stops, version } = load(sql)

  /** Takes over what the database says; true when that differs from what was in memory. */
  const reload = (): boolean => {
    const before = JSON.stringify([...stops])
    ;({ stops, version } = load(sql))
    return JSON.stringify([...stops]) !== before
  }
  const tell = (): void => {
    const state = stateOf(stops)
    for (const listener of listeners) tellOne(listener, state, ports)
  }
  const change = (work: () => number | bigint): boolean => {
    const changed = guarded(() => work() > 0)
    // Another process may have made the same change just before: it is told all the same.
    if (reload()) tell()
    return changed
  }
  const catchUp = (): void => {
    if (versionOf(sql) !== version && reload()) tell()
  }

  return {
    disable: (agentId, { by, reason }) =>
      change(() => sql.stop.run(idOf(agentId), by, reason, Math.trunc(ports.clock.now())).changes),
    enable: (agentId) => change(() => sql.start.run(idOf(agentId)).changes),
    pauseAll: ({ by, reason }) =>
      change(() => sql.stop.run(everyone, by, reason, Math.trunc(ports.clock.now())).changes),
    resume: () => change(() => sql.start.run(everyone).changes),
    state: () =>
      guarded(() => {
        catchUp()
        return stateOf(stops)
      }),
    isStopped(agentId) {
      try {
        catchUp()
      } catch (error) {
        return {
          rule: 'kill-switch.unreadable',
          reason: `the kill switch cannot be read (${messageOf(error)}), so nobody may act`,
        }
      }
      return judge(stops, agentId)
    },
    refresh: () => guarded(catchUp),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type Stops = ReadonlyMap<string, StopRecord>
type Statements = ReturnType<typeof statements>

function statements(db: DatabaseSync) {
  return guarded(() => ({
    all: db.prepare('SELECT who, by, reason, at FROM identity_stops ORDER BY who'),
    stop: db.prepare('INSERT OR IGNORE INTO identity_stops (who, by, reason, at) VALUES (?, ?, ?, ?)'),
    start: db.prepare('DELETE FROM identity_stops WHERE who = ?'),
    // Grows when another connection commits; this one's own commits leave it. Source: sqlite.org/pragma.html.
    version: db.prepare('PRAGMA data_version'),
  }))
}

/** The version is read first: a change between the two reads is then seen again, not missed. */
function load(sql: Statements): { stops: Stops; version: number } {
  return guarded(() => {
    const version = versionOf(sql)
    const rows = sql.all.all() as unknown as ({ who: string } & StopRecord)[]
    return { stops: new Map(rows.map(({ who, by, reason, at }) => [who, { by, reason, at }])), version }
  })
}

function versionOf(sql: Statements): number {
  return (sql.version.get() as { data_version: number }).data_version
}

function judge(stops: Stops, agentId: string | null): Stop | null {
  const paused = stops.get(everyone)
  if (paused) {
    return {
      rule: 'kill-switch.paused',
      reason: `all agents are paused by ${paused.by}: ${paused.reason}. hardshell resume ends it`,
    }
  }
  if (agentId === null) return null
  const id = canonicalAgentId(agentId) ?? 'main' // where nothing is left of an id, OpenClaw takes `main`
  const disabled = stops.get(id)
  if (!disabled) return null
  return {
    rule: 'kill-switch.agent-disabled',
    reason: `agent ${id} is disabled by ${disabled.by}: ${disabled.reason}. hardshell agent enable ${id} ends it`,
  }
}

function stateOf(stops: Stops): KillSwitchState {
  return {
    paused: stops.get(everyone) ?? null,
    disabled: [...stops].filter(([who]) => who !== everyone).map(([agentId, record]) => ({ agentId, ...record })),
  }
}

function idOf(agentId: string): string {
  const id = canonicalAgentId(agentId)
  if (id !== null) return id
  throw new HardshellError('identity.bad-agent-id', `${JSON.stringify(agentId.slice(0, 80))} is not an agent id`, {
    hint: 'openclaw agents list shows the ids',
  })
}

/** One listener's failure must not keep the others from hearing that everything stops. */
function tellOne(
  listener: (state: KillSwitchState) => void,
  state: KillSwitchState,
  { onListenerError }: KillSwitchPorts,
): void {
  try {
    listener(state)
  } catch (error) {
    if (onListenerError) onListenerError(error)
    else process.emitWarning(`a listener of the kill switch failed: ${messageOf(error)}`)
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof HardshellError) throw error
    throw new HardshellError(
      'identity.kill-switch-failed',
      `the kill switch cannot be read or changed: ${messageOf(error)}`,
      {
        hint: 'check the state database; to stop everything now, end the guard: hardshell stop',
        cause: error,
      },
    )
  }
}
