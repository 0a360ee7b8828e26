import { inspect } from './inspect.ts'
import type { Step } from './call.ts'
import { attribute, decide, reserve } from './judge.ts'
import { choose, login } from './login.ts'
import { receive } from './receive.ts'
import { record } from './record.ts'
import { route } from './route.ts'
import { screenInput } from './screen-input.ts'
import { send } from './send.ts'

/**
 * A model request, from the first byte to the last, in order. Each step answers, refuses, or passes on; the numbers
 * are those of docs/request-flow.md. What comes after, always and whatever happened, is `settle` and `close`.
 */
export const steps: readonly Step[] = [
  route, //      2  exact paths, size, encoding
  login, //      5  whose key is this
  choose, //     5  which provider, and may he use it
  receive, //    2  the body, whole and well-formed
  attribute, // 10  the turn the plugin announced
  decide, //    10  policy: agent enabled, proof fresh
  screenInput, // 12  what wants to take the model over; results of tools get their marks
  reserve, //   11  worst-case cost, of the request as it will go out
  inspect, //   12  secrets out
  record, //    12  the decision is on the disk before its effect
  send, //      13  the real key, and 14: the answer, screened
]
