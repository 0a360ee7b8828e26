import { lookup } from 'node:dns/promises'
import type { Clock } from '../../base/index.ts'

// Long enough for a page that opens twenty connections to one host, short enough that nobody waits for a new address.
const keepMs = 2_000
const maxKept = 1_000

/**
 * All addresses of a name by the system's resolver. Who asks for a name that was just asked for, or is being asked
 * for, gets the same answer; each connection is still judged and made by the one answer it got.
 */
export function createLookup(clock: Clock, ask: (host: string) => Promise<string[]> = askSystem): (host: string) => Promise<string[]> {
  const kept = new Map<string, { answer: Promise<string[]>; untilMs: number }>()
  return (host) => {
    const found = kept.get(host)
    if (found && clock.monotonicMs() < found.untilMs) return found.answer
    const answer = ask(host)
    if (kept.size >= maxKept) kept.clear()
    const one = { answer, untilMs: Infinity }
    kept.set(host, one)
    answer.then(
      () => (one.untilMs = clock.monotonicMs() + keepMs),
      () => kept.delete(host), // the next one asks again
    )
    return answer
  }
}

async function askSystem(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}
