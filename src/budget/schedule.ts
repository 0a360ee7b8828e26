/** When work that was put off is done. A port, so that tests own the order of things. */
export interface Schedule {
  /** Once what is under way has had its turn. */
  soon(work: () => void): void
  /**
   * @param keepsRunning whether the process must not end before
   * @returns calls it off
   */
  after(ms: number, keepsRunning: boolean, work: () => void): () => void
}

/** The event loop's own. */
export const systemSchedule: Schedule = {
  soon: (work) => void setImmediate(work),
  after(ms, keepsRunning, work) {
    const timer = setTimeout(work, ms)
    if (!keepsRunning) timer.unref()
    return () => clearTimeout(timer)
  },
}
