import { createHash } from 'node:crypto'
import { systemRandom, type Clock, type Random } from '../../base/index.ts'
import type { Who } from '../visit.ts'

/** Browser logins. In memory: a restart logs everybody out, and nothing on disk can be stolen. */
export interface Sessions {
  /** @returns the value of the cookie, the only place where it exists */
  open(who: Who): string
  /** @returns who logged in, and the name of the session for logs and cuts; `null` when there is none (any more) */
  find(cookie: string): { who: Who; session: string } | null
  /** Ends the sessions that match. @returns their names */
  end(match: (who: Who, session: string) => boolean): string[]
}

// OWASP Session Management Cheat Sheet: 4 to 8 hours for an application used all day; a working day with its breaks.
const lifetimeMs = 10 * 3_600_000
const maxSessions = 1000

export function createSessions(clock: Clock, random: Random = systemRandom): Sessions {
  const known = new Map<string, { who: Who; until: number }>()
  return {
    open(who) {
      const cookie = random.bytes(32).toString('base64url')
      known.set(nameOf(cookie), { who, until: clock.monotonicMs() + lifetimeMs })
      const [oldest] = known.keys()
      if (known.size > maxSessions && oldest !== undefined) known.delete(oldest)
      return cookie
    },
    find(cookie) {
      const session = nameOf(cookie)
      const hit = known.get(session)
      if (hit && clock.monotonicMs() < hit.until) return { who: hit.who, session }
      known.delete(session)
      return null
    },
    end(match) {
      const gone = [...known].filter(([session, { who }]) => match(who, session)).map(([session]) => session)
      for (const session of gone) known.delete(session)
      return gone
    },
  }
}

/** Kept under its digest: who reads our memory or our log finds nothing to present. */
function nameOf(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url')
}
