import { HardshellError } from '../base/index.ts'

/** How many calls run, and whose. */
export interface Seats {
  /** @returns gives it back, once. @throws HardshellError `sandbox.refused` when all are taken, or all that one agent gets */
  take(cell: string): () => void
}

/** @param calls at a time, of all agents: one that waits in all of them would keep out the others, and the proofs */
export function seatsOf(calls: number): Seats {
  const taken = new Map<string, number>()
  const ofOne = Math.ceil((calls * 3) / 4)
  let all = 0
  return {
    take(cell) {
      const own = taken.get(cell) ?? 0
      const full = all >= calls ? `${calls} calls run already` : own >= ofOne ? `${own} calls of ${cell} run already` : null
      if (full !== null) throw new HardshellError('sandbox.refused', full, { hint: 'raise sandbox.limits.calls in config.yaml' })
      all++
      taken.set(cell, own + 1)
      return () => {
        all--
        const left = taken.get(cell)! - 1
        if (left === 0) taken.delete(cell)
        else taken.set(cell, left)
      }
    },
  }
}
