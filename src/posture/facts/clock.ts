import type { FactReader } from '../subject.ts'

/** When it is, for ages. */
export interface ClockFacts {
  /** Milliseconds since 1970. */
  now: number
}

export const clock: FactReader<ClockFacts> = {
  async read({ now }) {
    return { now }
  },
}
