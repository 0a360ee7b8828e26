/**
 * OpenClaw 2026.9.6 empties and fills the folder of an agent's skills anew for every session that begins (`ssh` backend,
 * openclaw-sandbox-clear and -upload). Two sessions that begin together undo each other half-way: `rm` finds what `tar`
 * just made, and the turn of a person ends with an error. So these commands of one cell run one after the other.
 */
export interface UploadTurns {
  /** Resolves when it is this command's turn, with what ends it; at once for every other command. */
  take(cell: string, command: string): Promise<() => void>
}

// The words are the `$0` of OpenClaw's own scripts. An agent that writes them waits for its own uploads, no more.
const upload = /(?:^|[\s'"])openclaw-sandbox-(?:clear|upload)(?:['"\s]|$)/

/** @param patienceMs how long a command waits for the one before it: one whose sender went silent must not hold up the others */
export function uploadTurns(patienceMs = 20_000): UploadTurns {
  const last = new Map<string, Promise<void>>()
  return {
    async take(cell, command) {
      if (!upload.test(command)) return () => {}
      const before = last.get(cell)
      const { promise: ended, resolve: end } = Promise.withResolvers<void>()
      last.set(cell, ended)
      void ended.then(() => last.get(cell) === ended && last.delete(cell))
      if (before) await atMost(before, patienceMs)
      return end
    },
  }
}

async function atMost(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([promise, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
