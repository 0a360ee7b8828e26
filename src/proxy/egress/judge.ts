import type { Decision } from '../../policy/index.ts'
import type { PrivateAllowance } from './addresses.ts'
import type { VisibleRequest } from './host-policy.ts'
import type { EgressIdentity } from './identity.ts'
import { refusal, type Verdict } from './passage.ts'
import { judgeLists, type EgressRules } from './rules.ts'
import { privateName } from './special-names.ts'
import { formatTarget, type Target } from './target.ts'

/** What is asked, before any name is looked up. */
export interface Question {
  identity: EgressIdentity
  target: Target
  /** What is visible of a request; `later`: it will be judged when it is; `never`: the tunnel is opaque. */
  request: VisibleRequest | 'later' | 'never'
}

/** The answer, and what the lists would have said where the mode let it pass. */
export interface Answer {
  verdict: Verdict
  protocol: 'web' | 'tcp'
  wouldBe: string | null
}

/**
 * The decision, as far as it can be made without an address: switch, name, lists, mode, in this order. The one place
 * for it: tunnels, plain requests, inspected ones and `hardshell egress check` all ask here.
 * @param gate kill switch and proof gate: paused means paused, whatever the lists say
 */
export function judge({ identity, target, request }: Question, rules: EgressRules, allowance: PrivateAllowance, gate: Decision): Answer {
  if (!gate.allow) return refused(refusal(403, gate.rule, gate.reason))
  const listed = judgeLists(target, request, rules.layersFor(identity))
  // Refused in every mode, and before a name is given to a resolver that may answer anything. After the lists, so that
  // a denied host is told as what it is.
  const counts = listed.allow || rules.mode !== 'enforce'
  const inside = !counts || target.literal || allowance.names.has(target.host) ? null : privateName(target.host)
  if (inside !== null) {
    return refused(refusal(403, 'egress.private-name', `${target.host} is refused, listed or not: ${inside}; list it in allow_private if that is meant`))
  }
  if (listed.allow) return { verdict: { allow: true, status: 200, rule: listed.rule, reason: listed.reason }, protocol: listed.protocol, wouldBe: null }
  if (!listed.listOnly || rules.mode === 'enforce' || identity.kind === 'probe') return refused(refusal(403, listed.rule, listed.reason))
  const rule = rules.mode === 'learn' ? 'egress.learned' : 'egress.reported'
  const reason = `${formatTarget(target)} passes because egress.mode is ${rules.mode}; enforced it would be refused: ${listed.reason}`
  return { verdict: { allow: true, status: 200, rule, reason }, protocol: 'web', wouldBe: listed.rule }
}

function refused(verdict: Verdict): Answer {
  return { verdict, protocol: 'web', wouldBe: null }
}
