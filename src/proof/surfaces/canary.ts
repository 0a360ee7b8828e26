import { askProbe, type ProbePorts } from '../ask-probe.ts'
import type { FindEntry } from '../ports.ts'
import { streamedText } from '../streamed-text.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * Canaries: an answer that says one is cut before it is whole, and that is an alert.
 *
 * @param ports.canary one that only proofs plant; it is no secret
 */
export function canarySurface(ports: ProbePorts & { canary: () => string; findEntry: FindEntry }): Surface {
  return {
    id: 'canary',
    title: 'an answer that says a canary is cut off',
    async prove(nonce, signal) {
      const canary = ports.canary()
      const reply = await askProbe(ports, { nonce, prompt: `HARDSHELL-CANARY ${nonce} ${canary}`, stream: true }, signal)
      const text = streamedText(reply.body)
      if (text.includes(canary) || text.includes('>>')) return broken('a canary in a streamed answer reached the client')
      const visit = reply.headers['x-hardshell-visit'] ?? 'no visit'
      const entry = await ports.findEntry(visit, ({ event_type, rule }) => event_type === 'alert' && rule === 'content.canary')
      // The alert also shows that the model did say it: without it nothing would have been cut.
      return entry ? held('cut before it was said; an alert is in the log') : broken(`no alert about the canary is in the audit log (HTTP ${reply.status})`)
    },
  }
}
