import { HardshellError, parseDuration } from '../base/index.ts'

/** An option that says how long something waits, and what it may be. */
export interface WaitingTime {
  flag: string
  leastMs: number
  mostMs: number
  /** The same in words: `between one second and an hour`. */
  bounds: string
  hint: string
}

/** How long, in milliseconds; a bare number is seconds. @throws HardshellError `cli.usage` */
export function waitingTime(text: string, { flag, leastMs, mostMs, bounds, hint }: WaitingTime): number {
  const ms = parseDuration(/^\d+$/.test(text) ? `${text}s` : text)
  if (ms !== null && ms >= leastMs && ms <= mostMs) return ms
  throw new HardshellError('cli.usage', `${flag} ${text}: ${bounds}`, { hint })
}
