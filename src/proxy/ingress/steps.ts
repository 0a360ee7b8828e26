import type { Step } from './call.ts'
import { forward } from './forward.ts'
import { logIn } from './login.ts'
import { ourOrigin } from './origin.ts'
import { allowedPeer } from './peer.ts'
import { permitted } from './permitted.ts'
import { wellFormed, withinLimits } from './well-formed.ts'

/** The way through the front door, in order. Each step answers or passes on; see docs/request-flow.md. */
export const steps: readonly Step[] = [wellFormed, withinLimits, allowedPeer, ourOrigin, logIn, permitted, forward]
