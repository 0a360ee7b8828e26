import type { Attempt } from './attempt.ts'
import { guardAttempts } from './guard.ts'
import { machineAttempts } from './machine.ts'
import { networkStackAttempts } from './network-stack.ts'
import { outsideAttempts } from './outside.ts'
import { socketAttempts } from './sockets.ts'

export type { Answer, Attempt, Outside, Targets } from './attempt.ts'

/** Every way out that is tried, in the order it is told. */
export const attempts: readonly Attempt[] = [...outsideAttempts, ...socketAttempts, ...networkStackAttempts, ...guardAttempts, ...machineAttempts]
