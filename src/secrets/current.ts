import type { Clock, Secret } from '../base/index.ts'

/** Secrets for calls that come by the thousand: from memory, and seldom older than a few seconds. */
export interface CurrentSecrets {
  /** At once when it was asked for a moment ago; otherwise as the lookup gives it. */
  get(name: string): Secret | null | Promise<Secret | null>
  /** The next call looks again. */
  forget(name: string): void
}

// A value younger than this is taken as it is: a busy guard reads its files and drawer once in it, not with each call.
const freshMs = 5_000
// Up to here it is given while a look at it is under way; later nobody knows what happened meanwhile, and one waits.
// (For Vault and AWS that wait is none either: the lookup has them in memory.)
const usableMs = 60_000

/** @param look where it is really looked up; a failure is the caller's to see, with the next call */
export function createCurrent(look: (name: string) => Promise<Secret | null>, { clock }: { clock: Clock }): CurrentSecrets {
  const known = new Map<string, { secret: Secret; atMs: number }>()
  const underway = new Map<string, Promise<Secret | null>>()
  const once = (name: string): Promise<Secret | null> => {
    const running = underway.get(name)
    if (running) return running
    const settle = (secret: Secret | null): void => {
      if (underway.get(name) !== started) return // forgotten meanwhile: what it found is what was before
      underway.delete(name)
      if (secret) known.set(name, { secret, atMs: clock.monotonicMs() })
      else known.delete(name)
    }
    const started: Promise<Secret | null> = look(name).then(
      (secret) => (settle(secret), secret),
      (error: unknown) => {
        settle(null)
        throw error
      },
    )
    underway.set(name, started)
    return started
  }
  return {
    get(name) {
      const entry = known.get(name)
      const ageMs = entry ? clock.monotonicMs() - entry.atMs : Number.POSITIVE_INFINITY
      if (!entry || ageMs >= usableMs) return once(name)
      if (ageMs >= freshMs) void once(name).catch(() => null)
      return entry.secret
    },
    forget: (name) => {
      known.delete(name)
      underway.delete(name)
    },
  }
}
