import type { UpgradeHands } from './hands.ts'
import type { UpgradeRun } from './run.ts'

/** Puts the new version in the place of the old one. */
export async function exchange({ exchanges, chosen, copies }: UpgradeRun, hands: UpgradeHands): Promise<void> {
  for (const copy of copies) await hands.remove(copy)
  for (const { live, fresh, aside } of exchanges) {
    if (await hands.exists(live)) await hands.rename(live, aside)
    await hands.rename(fresh, live)
  }
  if (chosen.after !== null) await hands.choose(chosen.after)
}

/** Puts the old one back, from wherever the exchange stopped. May be stopped itself, and called again. */
export async function exchangeBack({ exchanges, chosen, copies }: UpgradeRun, hands: UpgradeHands): Promise<void> {
  if (chosen.after !== null) await hands.choose(chosen.before)
  for (const { live, fresh, aside } of [...exchanges].reverse()) {
    // Nothing aside: its turn never came, or it was put back before.
    if (!(await hands.exists(aside))) continue
    if (await hands.exists(live)) await hands.rename(live, fresh)
    await hands.rename(aside, live)
  }
  for (const copy of copies) await hands.remove(copy)
}

/** Puts OpenClaw's data back as it was; what the new version made of it is set aside. May be called again. */
export async function giveBack({ state, hadState }: UpgradeRun, hands: UpgradeHands): Promise<void> {
  if (!state.isOurs) return hadState ? await hands.giveBackForeign(state) : undefined
  const isKept = await hands.exists(state.kept)
  if (hadState && !isKept) return // put back before
  if (await hands.exists(state.live)) await hands.rename(state.live, (await hands.exists(state.failed)) ? `${state.failed}-later` : state.failed)
  if (isKept) await hands.rename(state.kept, state.live)
}
