import { lookup } from 'node:dns/promises'
import type { Clock } from '../../base/index.ts'

// Long enough for a page that opens twenty connections to one host, short enough that nobody waits for a new address.
const keepMs = 2_000
const maxKept = 1_000

/** All addresses of a name: at once where they were just asked for. */
export type Lookup = (host: string) => readonly string[] | Promise<readonly string[]>

/**
 * All addresses of a name by the system's resolver. Who asks for a name that was just asked for, or is being asked
 * for, gets the same answer; each connection is still judged and made by the one answer it got.
 */
export function createLookup(clock: Clock, ask: (host: string) => Promise<string[]> = askSystem): Lookup {
  const kept = new Map<string, { answer: readonly string[] | Promise<readonly string[]>; untilMs: number }>()
  return (host) => {
    const found = kept.get(host)
    if (found && clock.monotonicMs() < found.untilMs) return found.answer
    const asked = ask(host)
    if (kept.size >= maxKept) kept.clear()
    const one: { answer: readonly string[] | Promise<readonly string[]>; untilMs: number } = { answer: asked, untilMs: Infinity }
    kept.set(host, one)
    asked.then(
      (addresses) => {
        one.answer = addresses
        one.untilMs = clock.monotonicMs() + keepMs
      },
      () => kept.delete(host), // the next one asks again
    )
    return asked
  }
}

async function askSystem(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}
