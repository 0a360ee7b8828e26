/**
 * Identity knows who is asking and who may not act any more: named tokens, kept as digests only, and the kill switch
 * over agents. It promises that a token is recognised in full or not at all, that no answer time tells how much of a
 * guess was right, and that whoever is stopped stays stopped through restarts until somebody says otherwise.
 */
export { createTokenBook, type TokenBook, type TokenEntry, type Who } from './token-book.ts'
export { digestToken, generateToken, isOurToken, type TokenKind } from './token.ts'
export { bearerOf, type HeadersLike } from './bearer.ts'
export { createKillSwitch, type KillSwitch, type KillSwitchState, type Stop, type StopRecord } from './kill-switch.ts'
export { canonicalAgentId } from './agent-id.ts'
export { migrations } from './migrations.ts'
export { identityErrors } from './errors.ts'
