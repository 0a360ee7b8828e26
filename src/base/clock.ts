/** Where time comes from. Rooms take it as their last argument, so that tests own the hours. */
export interface Clock {
  /** Wall time in milliseconds since 1970 UTC. May jump: never use it for limits. */
  now(): number
  /** Monotonic milliseconds from an arbitrary start. Never jumps: use it for limits and durations. */
  monotonicMs(): number
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
