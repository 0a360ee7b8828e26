import { formatListen, HardshellError } from '../base/index.ts'
import type { ControlHandlers } from '../control/index.ts'
import { gatewayIdentity, identityOf } from '../proxy/egress/index.ts'
import type { Wired } from './wire.ts'

/** What the operator asks about the way out, and the credentials for it. Giving one out is in the log before it is given. */
export function egressHandlers({ egress, egressCredentials, inspection, at, log }: Pick<Wired, 'egress' | 'egressCredentials' | 'inspection' | 'at' | 'log'>): Pick<ControlHandlers, 'egress' | 'egressCredential' | 'egressSentinels'> {
  return {
    egress: async () => ({ mode: egress.mode(), listen: formatListen(at.egress), active: egress.active(), accounts: egress.accounts() }),
    egressSentinels: async () => (inspection?.inspection.sentinels ?? []).map(({ text: sentinel, secret, host, header }) => ({ secret, host, header, sentinel })),
    egressCredential: async (body) => {
      const { agent, skill, by } = body
      const identity = agent === undefined ? gatewayIdentity : identityOf(text(agent), skill === undefined ? null : text(skill))
      if (identity === null) {
        throw new HardshellError('control.bad-request', 'an agent id has letters, digits, "_" and "-", a skill dots as well, 64 at most', { hint: 'openclaw agents list' })
      }
      const reason = `a credential for the egress proxy was given out for ${identity.name}`
      await log.append({ event_type: 'auth_event', user: text(by), rule: 'egress.credential', reason })
      // The socket it goes through is the operator's alone; nothing prints it on the way.
      return { name: identity.name, url: egressCredentials.proxyUrl(identity, at.egress).reveal() }
    },
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : ''
}
