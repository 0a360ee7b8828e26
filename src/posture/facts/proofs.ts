import { posix } from 'node:path'
import { parseDuration } from '../../base/index.ts'
import { guardSetting } from '../guard-settings.ts'
import type { FactReader } from '../subject.ts'

/** What the guard's log says of the last proof of each surface. */
export interface ProofFacts {
  /** `null`: no guard stands before this installation. */
  log: string | null
  /** Those the guard has proven since it was last started, by id. */
  surfaces: readonly SurfaceRecord[]
  /** A proof counts for so long, counted from the moment it ended. */
  freshMs: number
  /** When the facts were read, milliseconds since 1970. */
  now: number
}

export interface SurfaceRecord {
  id: string
  ok: boolean
  /** Milliseconds since 1970. */
  at: number
  detail: string
}

// The log is closed and begun anew at 64 MB by default; one that grows further is read by nobody but its own tools.
const maxLogBytes = 70 * 1024 * 1024
// The guard's own default, and the time it gives to one surface (src/proof/settings.ts, src/guard/wire.ts).
const defaultEveryMs = 300_000
const surfaceMs = 60_000

export const proofs: FactReader<ProofFacts> = {
  async read({ files, guard, now }, ask) {
    const config = await ask('guardConfig')
    if (guard === null) return { log: null, surfaces: [], freshMs: 0, now }
    const written = guardSetting(config, 'audit.log_path')
    const log = typeof written === 'string' ? written : posix.join(guard.stateDir, 'guard', 'audit', 'audit.log')
    const every = guardSetting(config, 'proof.every')
    const everyMs = (typeof every === 'string' ? parseDuration(every) : null) ?? defaultEveryMs
    const text = await files.text(log, maxLogBytes)
    return { log, surfaces: text === null ? [] : lastProofs(text), freshMs: everyMs * 2 + surfaceMs, now }
  },
}

/** The newest proof of each surface since the guard was last stopped. Lines that cannot be read are passed over. */
export function lastProofs(text: string): SurfaceRecord[] {
  const found = new Map<string, SurfaceRecord>()
  // Few lines are proofs: looking for a word is fifty times as fast as parsing every line, and takes no copy of 64 MB.
  for (let at = text.indexOf(proofWord, startOf(text)); at !== -1; at = text.indexOf(proofWord, at + 1)) {
    const { event_type: kind, surface: id, timestamp: time, decision, result_summary: detail } = entryAt(text, at)
    if (kind !== 'proof' || typeof id !== 'string' || typeof time !== 'string' || typeof decision !== 'string') continue
    found.set(id, { id, ok: decision === 'allow', at: Date.parse(time), detail: typeof detail === 'string' ? detail : '' })
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

const proofWord = '"event_type":"proof"'
const lifecycleWord = '"event_type":"lifecycle"'

/** Where the guard was last stopped: a surface that is gone since a restart would stay red for ever. */
function startOf(text: string): number {
  for (let at = text.lastIndexOf(lifecycleWord); at !== -1; at = at === 0 ? -1 : text.lastIndexOf(lifecycleWord, at - 1)) {
    const { event_type: kind, reason } = entryAt(text, at)
    if (kind === 'lifecycle' && reason === 'guard stopped') return at
  }
  return 0
}

/** The entry in whose line a place lies; empty when it cannot be read. */
function entryAt(text: string, at: number): Readonly<Record<string, unknown>> {
  const end = text.indexOf('\n', at)
  try {
    const read: unknown = JSON.parse(text.slice(text.lastIndexOf('\n', at) + 1, end === -1 ? text.length : end))
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
