import type { Clock } from '../base/index.ts'
import type { Turn } from './visit.ts'

/**
 * Which turn a model request belongs to. The plugin announces a trace id when OpenClaw starts a model call; the
 * model proxy finds the same id in `traceparent`. Hook and request race (OpenClaw fires the hook without waiting
 * for it), so a reader may wait a little. A trace nobody announced is an unguarded turn.
 */
export interface TurnBook {
  announce(turn: Turn): void
  /**
   * @param traceparent header as received; attacker-controlled
   * @param graceMs how long the announcement may be late
   * @returns at once when the turn is known, or can not become so; `null` when the header is missing or malformed, or
   * nobody announced it in time
   */
  find(traceparent: string | undefined, graceMs: number): Turn | null | Promise<Turn | null>
}

// A turn with tools makes many calls under one trace; an hour outlives OpenClaw's longest turn (its own
// default agent time-out is 48 h only for interactive ones, whose calls announce themselves again).
const keepMs = 3_600_000
// 20,000 turns an hour is far beyond one gateway; the bound keeps a lying plugin from filling memory.
const maxTurns = 20_000

export function createTurnBook(clock: Clock): TurnBook {
  const known = new Map<string, { turn: Turn; at: number }>()
  const waiting = new Map<string, Set<(turn: Turn) => void>>()

  return {
    announce(turn) {
      forgetOld(known, clock)
      known.delete(turn.traceId) // re-insert at the end: Map order is our age order
      known.set(turn.traceId, { turn, at: clock.monotonicMs() })
      for (const wake of waiting.get(turn.traceId) ?? []) wake(turn)
      waiting.delete(turn.traceId)
    },

    find(traceparent, graceMs) {
      const traceId = traceIdOf(traceparent)
      if (traceId === null) return null
      const hit = known.get(traceId)
      if (hit && clock.monotonicMs() - hit.at < keepMs) return hit.turn
      return waitFor(waiting, traceId, graceMs)
    },
  }
}

/** The trace id of a W3C `traceparent` header, or `null`. Source: W3C Trace Context, section 3.2. */
export function traceIdOf(traceparent: string | undefined): string | null {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/.exec(traceparent ?? '')
  return match && !/^0+$/.test(match[1]!) ? match[1]! : null
}

function waitFor(waiting: Map<string, Set<(turn: Turn) => void>>, traceId: string, graceMs: number): Promise<Turn | null> {
  return new Promise((resolve) => {
    const wakers = waiting.get(traceId) ?? new Set()
    waiting.set(traceId, wakers)
    const wake = (turn: Turn): void => {
      clearTimeout(timer)
      resolve(turn)
    }
    const timer = setTimeout(() => {
      wakers.delete(wake)
      if (wakers.size === 0) waiting.delete(traceId)
      resolve(null)
    }, graceMs)
    wakers.add(wake)
  })
}

function forgetOld(known: Map<string, { at: number }>, clock: Clock): void {
  for (const [traceId, { at }] of known) {
    if (known.size < maxTurns && clock.monotonicMs() - at < keepMs) return
    known.delete(traceId)
  }
}
