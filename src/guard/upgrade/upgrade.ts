import { HardshellError, messageOf } from '../../base/index.ts'
import { exchange, exchangeBack, giveBack } from './exchange.ts'
import type { KeptFacts, UpgradeHands } from './hands.ts'
import type { Recorded, UpgradeRun } from './run.ts'

/** What came of an upgrade. */
export type Upgraded =
  | { outcome: 'kept'; run: UpgradeRun; copied: KeptFacts | null }
  /** Taken back. `broken`: why the old one is not proven now either, `null` when it is. */
  | { outcome: 'undone'; run: UpgradeRun; why: string; broken: string | null }

/**
 * Copies, exchanges, proves; and when anything at all goes wrong takes everything back and proves that. Every step is
 * on the disk before it is done: whoever finds a run open takes it back (`takeBack`), wherever it stopped.
 *
 * @param stage lays the new version beside the old one
 * @throws HardshellError `guard.upgrade-refused` when it ended before anything of the installation was changed;
 *   `guard.upgrade-record` when something could not be taken back: the run stays open, and the next start tries again
 */
export async function runUpgrade(run: UpgradeRun, { hands, stage, say }: { hands: UpgradeHands; stage(): Promise<void>; say(line: string): void }): Promise<Upgraded> {
  await hands.record({ run, state: 'preparing', why: null })
  const copied = await prepared(run, { hands, stage, say })
  try {
    await hands.record({ run, state: 'exchanging', why: null })
    say(`putting OpenClaw ${run.to.version} in the place of ${run.from.version}`)
    await exchange(run, hands)
    say('starting it, and attacking every surface')
    const why = await hands.prove(run.to.packageRoot)
    if (why !== null) throw new Error(why)
    await hands.record({ run, state: 'kept', why: null })
    return { outcome: 'kept', run, copied }
  } catch (error) {
    const why = messageOf(error)
    say(`OpenClaw ${run.to.version} is not proven: ${why}`)
    say(`taking it back: OpenClaw ${run.from.version}, its data and its configuration as they were`)
    await takeBack({ run, state: 'exchanging', why }, hands)
    say('starting that, and attacking every surface again')
    const broken = await hands.prove(run.from.packageRoot).catch(messageOf)
    return { outcome: 'undone', run, why, broken }
  }
}

async function prepared(run: UpgradeRun, { hands, stage, say }: Parameters<typeof runUpgrade>[1]): Promise<KeptFacts | null> {
  try {
    say(`laying OpenClaw ${run.to.version} beside the one in use`)
    await stage()
    if (!run.hadState) return null
    say("copying OpenClaw's data, databases by SQLite's own backup")
    return await hands.keepState(run.state)
  } catch (error) {
    await takeBack({ run, state: 'preparing', why: messageOf(error) }, hands)
    throw error
  }
}

/**
 * Takes a run back from wherever it stopped. May be stopped at any moment and called again.
 * @throws HardshellError `guard.upgrade-record` when something could not be taken back
 */
export async function takeBack({ run, state, why }: Recorded, hands: UpgradeHands): Promise<void> {
  try {
    if (state !== 'preparing') {
      await hands.record({ run, state: 'undoing', why })
      await exchangeBack(run, hands)
      await giveBack(run, hands)
      await hands.putConfigBack(run.snapshot)
    }
    await hands.remove(run.state.kept)
    await hands.remove(run.staged)
    await hands.record({ run, state: 'undone', why })
  } catch (cause) {
    throw new HardshellError('guard.upgrade-record', `the upgrade ${run.id} could not be taken back whole: ${messageOf(cause)}`, {
      cause,
      hint: `mend that, then: hardshell start (it tries again). The program of before is ${run.exchanges[0]?.aside ?? run.from.packageRoot}, its data ${run.state.kept}`,
    })
  }
}

/** Room: what earlier runs keep goes, but for what the last one needs to be taken back. */
export async function tidy(runs: readonly Recorded[], last: UpgradeRun, hands: UpgradeHands): Promise<void> {
  for (const { run } of runs) {
    if (run.id === last.id) continue
    for (const path of [run.state.kept, ...(run.state.isOurs ? [run.state.failed, `${run.state.failed}-later`] : [])]) await hands.remove(path)
    const isInUse = [last.from.packageRoot, last.to.packageRoot].some((root) => root.startsWith(`${run.staged}/`))
    if (!isInUse) await hands.remove(run.staged)
  }
}
