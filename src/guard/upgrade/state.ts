import { existsSync } from 'node:fs'
import { chown, mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stateCopyArguments } from '../../backup/index.ts'
import { HardshellError, messageOf } from '../../base/index.ts'
import type { UserId } from '../gateway-user.ts'
import { runToEnd } from '../launch.ts'
import type { KeptFacts, UpgradeHands } from './hands.ts'

export type StateHands = Pick<UpgradeHands, 'keepState' | 'giveBackForeign'>

/** Who owns the data, the Node that user can run, and a folder of ours that user can pass through. */
export interface StateOwner {
  user: UserId | null
  node: string
  passage: string
}

// Gigabytes of transcripts on a slow disk; a copy that takes longer hangs.
const timeoutMs = 30 * 60_000

/**
 * Copies data as its own user: a folder of somebody else's can lead root anywhere. The copy then goes where that user
 * cannot follow, so that a new version of OpenClaw, or an agent in it, cannot touch the way back.
 */
export function stateHands({ user, node, passage }: StateOwner): StateHands {
  const run = async (args: readonly string[]): Promise<string> =>
    await runToEnd({ program: node, args, env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' }, cwd: '/', user: user && { uid: user.uid, gid: user.gid } }, { timeoutMs })
  const through = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
    const folder = join(passage, 'upgrade-passage')
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (user) await chown(folder, user.uid, user.gid)
    try {
      return await use(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return {
    keepState: async ({ live, kept }) =>
      await through(async (folder) => {
        const facts = await run(stateCopyArguments('copy', live, join(folder, 'state'))).catch((cause: unknown) => {
          const why = /Error: ([^\n]+)/.exec(messageOf(cause))?.[1] ?? messageOf(cause).slice(-200)
          throw new HardshellError('guard.upgrade-refused', `OpenClaw's data in ${live} cannot be copied: ${why}`, { cause })
        })
        await mkdir(dirname(kept), { recursive: true, mode: 0o700 })
        await rename(join(folder, 'state'), kept)
        return JSON.parse(facts) as KeptFacts
      }),
    giveBackForeign: async ({ live, kept, failed }) => {
      const folder = join(passage, 'upgrade-return')
      const handed = join(folder, 'state')
      // Who died here before has left the only copy in there: never emptied, only handed back.
      if (!existsSync(handed)) {
        if (!existsSync(kept)) return // put back before
        await mkdir(folder, { recursive: true, mode: 0o700 })
        if (user) await chown(folder, user.uid, user.gid)
        await rename(kept, handed)
      }
      await run(stateCopyArguments('put-back', handed, live, failed))
      await rename(handed, kept)
      await rmdir(folder)
    },
  }
}
