import { messageOf } from '../base/index.ts'

/** One of several things a fact holds, each of which may be unreadable by itself: without root one says nothing, the next does. */
export type Answer<T> = { known: true; value: T } | { known: false; why: string }

/** Reads one of them. Never throws. */
export async function answer<T>(read: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { known: true, value: await read() }
  } catch (error) {
    return { known: false, why: messageOf(error) }
  }
}

/** What was answered. @throws Error with the reason where nothing was: the check is then unknown */
export function told<T>(given: Answer<T>): T {
  if (given.known) return given.value
  throw new Error(given.why)
}
