import type { Check } from '../check.ts'
import coversIpv6 from './firewall/covers-ipv6.ts'
import defaultDeny from './firewall/default-deny.ts'
import gatewayClosed from './firewall/gateway-closed.ts'
import noRuleForEverything from './firewall/no-rule-for-everything.ts'
import noTemporaryRules from './firewall/no-temporary-rules.ts'
import noUnusedPorts from './firewall/no-unused-ports.ts'
import sshLetIn from './firewall/ssh-let-in.ts'

/** Checks of the area `firewall`. */
export const firewall: readonly Check[] = [
  coversIpv6,
  defaultDeny,
  gatewayClosed,
  noRuleForEverything,
  noTemporaryRules,
  noUnusedPorts,
  sshLetIn,
]
