// As many as the machine is asked at once for all facts together (limited-machine.ts).
const atOnce = 16

/**
 * What is answered for each of a list, in its order, few asked at a time. `Promise.all` of a `map` asks all at once: in a
 * folder of thousands that many questions wait, and hold 100 MB.
 * @throws what the first one that fails throws; no further ones are asked then
 */
export async function askAll<T, R>(list: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = Array.from({ length: list.length })
  const left = list.entries()
  let failed = false
  const asking = async (): Promise<void> => {
    for (const [i, one] of left) {
      if (failed) return
      try {
        answers[i] = await ask(one)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, asking))
  return answers
}
