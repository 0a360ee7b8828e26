/**
 * What the kernel enforces: a process of OpenClaw's user that ignores proxy settings, opens raw sockets or speaks UDP
 * still gets nowhere but to the guard's own doors. Three ways to have it: rules of nftables by user id, a network
 * namespace with nothing in it, an internal network of containers.
 *
 * Promises: a plan changes nothing; an apply is one transaction that takes itself back unless it is confirmed, whatever
 * dies meanwhile; nobody but the named users is touched, and no table, namespace or file that is not ours; undo leaves
 * what was there before. What is claimed is attacked from inside by `verifyIsolation`.
 */
export { isolationErrors } from './errors.ts'
export { isolationModes } from './settings.ts'
export { nameFor, type Confinement, type IsolationMode } from './confinement.ts'
export { rulesetFor } from './rules.ts'
export { planIsolation, type Change, type IsolationPlan } from './plan.ts'
export { applyIsolation, type Applied } from './apply.ts'
export { confirmIsolation, ensureIsolation, undoIsolation, type Confirmed } from './confirm.ts'
export { describeIsolation, partInWords, refusalsCounted, type IsolationStatus } from './status.ts'
export { readIsolation, isInForce, type IsolationRecord } from './record.ts'
export { entryOf } from './room.ts'
export { landlockVersion, scopingLandlock, wallOf } from './wall.ts'
export { containerRules, readNetwork } from './container-network.ts'
export { insideContainer, type InsideContainer } from './inside-container.ts'
export { openRelay, type Relay } from './relay.ts'
export { isolationPorts, type IsolationPorts } from './ports.ts'
export { verifyIsolation, type AttemptResult, type Guarded, type RunInside } from './verify.ts'
export { attempts, type Attempt } from './attempts/registry.ts'
