/**
 * Hardening: everything the checks would mend as one plan, shown as one diff, applied part by part, tested before
 * anybody is told, judged again after, and undone byte for byte. Whatever can lock the operator out takes itself back
 * unless it is confirmed; whatever dies in the middle is taken back by the next call.
 */
export { alone, harden, lastRun, type Hardened } from './harden.ts'
export { applyPlan, type Applied } from './apply.ts'
export { confirmRun, listRuns } from './confirm.ts'
export { planHarden, type HardenPlan } from './plan.ts'
export { hardenPortsFor, undoPortsFor, type HardenPorts } from './ports.ts'
export { profiles, type Choice as HardenChoice, type Profile } from './profile.ts'
export { isRunId, type Run, type Standing } from './record.ts'
export { hideSecrets } from './hide.ts'
export { showPlan, shownDifference, type ShownStep } from './show.ts'
export { handsFor, type Roots, type Site } from './site.ts'
export { settleRuns, undoRun, type UndoneRun, type UndoPorts } from './undo.ts'
export { watchOf, type Watch } from './watch.ts'
