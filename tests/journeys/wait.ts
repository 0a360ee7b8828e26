/**
 * Asks again and again until the answer is neither `null` nor `false`.
 * @throws when it has not come within `timeoutMs`, naming what was waited for
 */
export async function until<T>(what: string, timeoutMs: number, ask: () => Promise<T | null | false> | T | null | false): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await pause(100)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
