import { refuse, type Call, type Step, type Surroundings } from './call.ts'
import { isHealth } from './health.ts'
import { grants, neededFor } from './permissions.ts'

/** May this one do that? Permissions first, then whoever else has a say (kill switch, proof gate). */
export const permitted: Step = (call, around) => {
  if (isHealth(call)) {
    call.decision = { allow: true, rule: 'ingress.health', reason: 'health questions need no login' }
    return 'next'
  }
  // A WebSocket without login says in its first frame who it is, and is judged there.
  if (call.visit.who === null)
    return call.client.kind === 'websocket' ? 'next' : refuse(401, 'ingress.login-needed', 'log in first')
  judge(call, around)
  return call.decision.allow ? 'next' : refuse(403, call.decision.rule, call.decision.reason)
}

/** Sets `call.decision` for somebody who is known. */
export function judge(call: Call, { ports }: Surroundings): void {
  const { who } = call.visit
  const { method, path } = call
  const needed = neededFor({ kind: call.client.kind, method, path })
  if (who === null || !grants(who, needed)) {
    call.decision = {
      allow: false,
      rule: 'ingress.permission',
      reason: `this needs the permission ${needed}; ask the operator for it`,
    }
    return
  }
  const other = ports.decide?.({ who, kind: call.client.kind, method, path, needed })
  call.decision = other ?? {
    allow: true,
    rule: `ingress.may-${needed}`,
    reason: `${who.name} has the permission ${needed}`,
  }
}
