import { readBasic } from './credentials.ts'
import { gatewayIdentity, type EgressIdentity } from './identity.ts'
import { refusal, type Verdict } from './passage.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Who asks. No credential is the gateway, unless the settings say that nobody is; a wrong one is nobody, never the
 * gateway: who presents it meant to be somebody else.
 * @param header value of `Proxy-Authorization`; attacker-controlled; `null`: none
 */
export function identify(header: string | null, { unidentified, ports }: Pick<Surroundings, 'unidentified' | 'ports'>): EgressIdentity | Verdict {
  if (header === null) {
    return unidentified === 'gateway' ? gatewayIdentity : refusal(407, 'egress.no-credential', 'the egress proxy wants a credential (egress.unidentified is refuse)')
  }
  const presented = readBasic(header)
  const identity = presented && ports.authenticate(presented.name, presented.token)
  return identity ?? refusal(407, 'egress.bad-credential', 'the credential for the egress proxy is unknown or wrong')
}

export function isRefusal(found: EgressIdentity | Verdict): found is Verdict {
  return 'status' in found
}
