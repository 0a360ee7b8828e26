import { setTimeout as wait } from 'node:timers/promises'
import { HardshellError, takeFileLock } from '../base/index.ts'

// A change takes milliseconds: a living process that holds the lock for two seconds is stuck.
const [attempts, pauseMs] = [80, 25]

/**
 * Waits for the one writer's place at a file, or takes it over from a process that ended in it.
 * @returns how to give it back
 * @throws HardshellError `secrets.store-locked`
 */
export async function lockFile(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const taken = await takeFileLock(path, 0o600)
    if ('lock' in taken) return taken.lock.release
    await wait(pauseMs)
  }
  throw new HardshellError('secrets.store-locked', `another process is changing the secret store: ${path} is there`, {
    hint: `if no hardshell is running that could, remove ${path}`,
  })
}
