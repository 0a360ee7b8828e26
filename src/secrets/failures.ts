import { HardshellError } from '../base/index.ts'

/**
 * Ways a remote store fails, each with its own code. Nothing of an answer is quoted and no cause is chained: answers
 * and errors of clients hold tokens, signatures and values.
 */
export function denied(store: string, what: string, hint: string): HardshellError {
  return new HardshellError('secrets.store-denied', `${store} refused ${what}`, { hint })
}

export function timedOut(store: string, timeoutMs: number): HardshellError {
  return new HardshellError('secrets.store-timeout', `${store} did not answer within ${timeoutMs} ms`, {
    hint: 'look at the store and the way to it, or raise secrets.timeout',
  })
}

/** @param why our own words or an error code of the operating system */
export function unreachable(store: string, why: string): HardshellError {
  return new HardshellError('secrets.store-unreachable', `${store} cannot be reached: ${why}`, {
    hint: 'look at the store and the way to it; hardshell secrets status',
  })
}

export function badAnswer(store: string, what: string): HardshellError {
  return new HardshellError('secrets.store-answer', `${store} ${what}`, { hint: 'hardshell secrets status' })
}

export function notMapped(store: string, name: string, setting: string): HardshellError {
  return new HardshellError('secrets.not-mapped', `nothing says where ${store} keeps ${name}`, {
    hint: `add ${name.toLowerCase()} to ${setting} in config.yaml`,
  })
}

export function readOnly(place: string): HardshellError {
  return new HardshellError('secrets.store-read-only', `${place} is changed where it was made`, {
    hint: 'hardshell secrets put NAME stores it on this machine instead',
  })
}

/** True when the store said nothing at all, so that what it said last may still hold. A "no" is never that. */
export function saidNothing(error: unknown): boolean {
  return error instanceof HardshellError && ['secrets.store-timeout', 'secrets.store-unreachable'].includes(error.code)
}
