import type { Clock } from '../base/index.ts'
import type { Call } from './call.ts'
import type { Cell } from './cell.ts'
import { diskUse } from './disk-use.ts'

/** Looks at the files of cells in which something runs. */
export interface DiskWatch {
  /** From now until nothing runs in it any more. Idempotent. */
  watch(cell: Cell): void
  /** Its files were larger than allowed when last looked at, and are. What starts in it may remove some, and write none. */
  isFull(cell: Cell): Promise<boolean>
  stop(): void
}

interface DiskWatchPorts {
  clock: Clock
  callsOf(cell: Cell): readonly Call[]
  onFull(call: Call, cell: Cell, why: string): void
}

// A disk of today takes some seconds to be filled by ten gigabytes.
const everyMs = 1000
// Of the time, one part for looking and ten for everything else.
const restFactor = 10

/**
 * Ends what runs in a cell whose files are larger than allowed and still grow: who only tidies up may go on. Quotas of
 * the kernel would be exact, but few machines have them switched on.
 */
export function watchDisks(maxBytes: number, { clock, callsOf, onFull }: DiskWatchPorts): DiskWatch {
  const timers = new Map<string, NodeJS.Timeout>()
  const full = new Set<string>()
  const measure = async (cell: Cell): Promise<number> => {
    const bytes = await diskUse(cell)
    if (bytes > maxBytes) full.add(cell.name)
    else full.delete(cell.name)
    return bytes
  }
  const lookAgain = (cell: Cell, last: number, afterMs: number): void => {
    timers.set(cell.name, setTimeout(() => void look(cell, last), afterMs).unref())
  }
  const look = async (cell: Cell, last: number): Promise<void> => {
    const began = clock.monotonicMs()
    const bytes = await measure(cell)
    const calls = callsOf(cell)
    const why = `its files are larger than ${maxBytes} bytes together (sandbox.limits.disk)`
    if (bytes > maxBytes && bytes > last) for (const call of calls) onFull(call, cell, why)
    if (!timers.has(cell.name)) return // stopped meanwhile
    if (calls.length === 0) timers.delete(cell.name)
    else lookAgain(cell, bytes, Math.max(everyMs, restFactor * (clock.monotonicMs() - began)))
  }
  return {
    watch(cell) {
      if (!timers.has(cell.name)) lookAgain(cell, 0, everyMs)
    },
    async isFull(cell) {
      return full.has(cell.name) && (await measure(cell)) > maxBytes
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
