import type { Machine } from '../host/index.ts'
import type { FactName, Facts } from './facts.ts'
import type { Unseen } from './unseen.ts'

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
  /** `ask` gives another fact, read once for all; `leave` tells what was left out, as there is too much of it. */
  read(subject: Subject, ask: Ask, leave: Leave): Promise<T>
}

/**
 * Thrown by a reader where the thing itself is not there, such as SSH rules without an sshd: the checks that need it
 * are skipped, as their question does not arise. Never for what could not be read.
 */
export class DoesNotArise extends Error {}

/**
 * Thrown by a reader whose source nobody handed over, such as the machine when only a file was given: the checks that
 * need it are listed as not asked, which is neither a pass nor an answer that failed.
 */
export class NotGiven extends Error {}

export type Leave = (unseen: Unseen) => void

export type Ask = <K extends FactName>(name: K) => Promise<Facts[K]>

/** The machine itself. @throws NotGiven when only files of an installation were given */
export function hostOf(subject: Subject): Machine {
  if (subject.host === null) throw new NotGiven('the machine was not given to look at (--host-root DIR)')
  return subject.host
}

/** The same, where Linux is asked about. @throws DoesNotArise on another system */
export function linuxOf(subject: Subject): Machine {
  const host = hostOf(subject)
  if (host.platform !== 'linux') throw new DoesNotArise(`this is about Linux, and the machine runs ${host.platform}`)
  return host
}

/**
 * A part of a machine does not say that the rest of it is empty: what is absent from a copy may just not have been copied.
 * @throws Error when the machine is a copy in which none of these paths is
 */
export async function requirePart(host: Machine, what: string, paths: readonly string[]): Promise<void> {
  if (host.live) return
  const there = await Promise.all(paths.map(async (path) => await host.status(path)))
  if (there.every((status) => status === null)) throw new Error(`${what} are not among the files that are here`)
}

/** OpenClaw's state folder. @throws NotGiven when it was not given, or there is none */
export function stateDirOf(subject: Subject): string {
  if (subject.stateDir === null) throw new NotGiven('there is no state folder to look at (--state-dir DIR)')
  return subject.stateDir
}

/** The path of `openclaw.json`. @throws NotGiven when there is none to judge */
export function configPathOf(subject: Subject): string {
  if (subject.config === null) throw new NotGiven('there is no openclaw.json to look at (--config FILE)')
  return subject.config
}
