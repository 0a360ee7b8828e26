import { join } from 'node:path'
import { HardshellError, takeFileLock } from '../base/index.ts'
import { restoreSnapshot } from '../backup/index.ts'
import { keepConfig, type SnapshotPlace } from '../guard/config-snapshots.ts'
import type { UserId } from '../guard/gateway-user.ts'
import type { StatePaths } from '../guard/paths.ts'
import { nodeFor } from '../guard/programs.ts'
import { upgradeHands, type UpgradeHands } from '../guard/upgrade/hands.ts'
import { makeRunFolder } from '../guard/upgrade/run.ts'
import { stateHands } from '../guard/upgrade/state.ts'

/** The machine's own ports of an upgrade. @param prove left out where nothing is started: taking back needs no proof */
export async function handsOf({ place, user, prove }: { place: SnapshotPlace & { paths: StatePaths }; user: UserId | null; prove?: UpgradeHands['prove'] }): Promise<UpgradeHands> {
  const { paths } = place
  return upgradeHands(paths, {
    ...stateHands({ user, node: await nodeFor(user !== null, paths.runtime), passage: join(paths.root, 'openclaw') }),
    prove: prove ?? (async () => await Promise.resolve(null)),
    putConfigBack: async (snapshot) => {
      const { handsFor } = await import('../posture/index.ts')
      await restoreSnapshot(paths.snapshots, snapshot, {
        hands: handsFor({ host: '', files: '' }).files!,
        keepNow: async () => (await keepConfig(place, { why: 'as a failed upgrade left it', by: 'hardshell upgrade', cause: 'seen', spare: [snapshot] })).snapshot,
        refused: async () => await Promise.resolve(null),
      })
    },
  })
}

/** Does something while no other upgrade is under way. @throws HardshellError `guard.upgrade-busy` */
export async function aloneUpgrading<T>({ upgrades }: Pick<StatePaths, 'upgrades'>, work: () => Promise<T>): Promise<T> {
  await makeRunFolder(upgrades, '.')
  const taken = await takeFileLock(join(upgrades, 'lock'), 0o600)
  if (!('lock' in taken)) throw new HardshellError('guard.upgrade-busy', `process ${taken.holder.pid} is upgrading OpenClaw`, { hint: `wait for it, or look: ps -p ${taken.holder.pid}` })
  try {
    return await work()
  } finally {
    await taken.lock.release()
  }
}
