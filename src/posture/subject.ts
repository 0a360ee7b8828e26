import type { Machine } from '../host/index.ts'
import type { FactName, Facts } from './facts.ts'

/** What is judged: a machine, and the OpenClaw on it or beside it. */
export interface Subject {
  /** The machine the installation runs on: `/etc`, sockets, services. `null` when only given files are judged. */
  host: Machine | null
  /** Where the configuration and state lie; the same machine, except when given files are judged. */
  files: Machine
  /** Absolute path of `openclaw.json` (or its older names), `null` when there is none. */
  config: string | null
  /** Absolute path of the state folder, `null` when there is none or it was not given. */
  stateDir: string | null
  /** The guard's own configuration folder and state, where this installation is guarded; `null` otherwise. */
  guard: { configDir: string; stateDir: string } | null
  /** Milliseconds since 1970, for ages. */
  now: number
}

/** Reads one fact. Throwing is an answer: the checks that need it say *unknown*, with the message as the reason. */
export interface FactReader<T> {
  /** Default 3000. */
  deadlineMs?: number
  /** `ask` gives another fact, read once for all. */
  read(subject: Subject, ask: Ask): Promise<T>
}

export type Ask = <K extends FactName>(name: K) => Promise<Facts[K]>

/** The machine itself. @throws Error when only files of an installation were given */
export function hostOf(subject: Subject): Machine {
  if (subject.host === null) throw new Error('the machine was not given to look at (--host-root DIR)')
  return subject.host
}
