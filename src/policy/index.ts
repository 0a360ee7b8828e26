/**
 * What may be done. Pure: acts and facts go in, a decision comes out; nothing in here knows a clock, a file or a
 * socket. The order of the rules is the order of the file `decide.ts`, and the first rule that speaks wins.
 */
export type { Act, Decision } from './act.ts'
export { decide, type PolicyFacts } from './decide.ts'
export { createLoopWatch, type LoopCall, type LoopLimits, type LoopWatch } from './loops.ts'
export { expandToolGroups, toolGroups } from './tool-groups.ts'
