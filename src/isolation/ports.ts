import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { systemClock, type Clock } from '../base/index.ts'
import { createNftables, runProgram, startDetached, type Nftables, type RunProgram } from '../host/index.ts'

/** What isolation does to the machine, and what it asks of it. */
export interface IsolationPorts {
  run: RunProgram
  nft: Nftables
  clock: Clock
  platform: NodeJS.Platform
  isRoot: boolean
  /** Changes with every start of the machine; `''` where it cannot be told. */
  bootId(): string
  /**
   * Has something that outlives us call the change off at the time given, unless it was confirmed. Resolves when it
   * stands ready.
   */
  armDeadMan(recordFile: string, token: string, afterMs: number): Promise<void>
}

/** The machine itself. */
export function isolationPorts(run: RunProgram = runProgram): IsolationPorts {
  return {
    run,
    nft: createNftables(run),
    clock: systemClock,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    bootId: () => (existsSync(bootIdFile) ? readFileSync(bootIdFile, 'utf8').trim() : ''),
    armDeadMan: (recordFile, token, afterMs) => armDeadMan(run, recordFile, token, afterMs),
  }
}

const bootIdFile = '/proc/sys/kernel/random/boot_id'

// Beside this file, in the sources and in the published package.
const deadManTask = fileURLToPath(new URL(`./dead-man-task${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))

/** The second line: the rules carry their own expiry in the kernel. */
async function armDeadMan(run: RunProgram, recordFile: string, token: string, afterMs: number): Promise<void> {
  await startDetached([process.execPath, deadManTask, recordFile, token, String(afterMs)], `hardshell-isolation-${token}`, run)
}
