import { readFileSync } from 'node:fs'
import type { Entry } from '../../src/auditlog/index.ts'
import { until } from './wait.ts'

/** All whole lines of the log as they stand on disk. */
export function readLog(path: string): Entry[] {
  const text = readFileSync(path, 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry)
}

/** How many entries there are now: what comes later has at least this `seq`. */
export function logLength(path: string): number {
  return readLog(path).length
}

/** The first entry from `since` on that fits. The outcome of a visit is written after its answer was sent, hence the wait. */
export async function entryThat(path: string, since: number, fits: (entry: Entry) => boolean, timeoutMs = 10_000): Promise<Entry> {
  return await until('an entry of the audit log', timeoutMs, () => readLog(path).find((entry) => entry.seq >= since && fits(entry)) ?? null)
}

/** Is it about one of the guard's own probes? They run while everything else is stopped. */
export function isProbe({ user, session, agent_id }: Entry): boolean {
  return ['probe', 'budget-probe'].includes(user ?? '') || (session ?? '').includes('hardshell-') || (agent_id ?? '').startsWith('hardshell-')
}
