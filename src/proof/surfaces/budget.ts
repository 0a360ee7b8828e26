import { askProbe, type ProbePorts } from '../ask-probe.ts'
import type { FindEntry } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * The budget: a call that would cost more than its agent may spend is refused before it is made.
 * Its turns are those of a probe agent that may spend nothing.
 */
export function budgetSurface(ports: ProbePorts & { findEntry: FindEntry }): Surface {
  return {
    id: 'budget',
    title: 'a call beyond the budget is refused before it is made',
    async prove(nonce, signal) {
      const reply = await askProbe(ports, { nonce, prompt: `budget ${nonce}`, max_tokens: 1000 }, signal)
      const entry = await ports.findEntry(nonce, (e) => e.decision === 'deny' && (e.rule ?? '').startsWith('budget.'))
      if (!entry) return broken(`no refusal by the budget in the audit log (HTTP ${reply.status})`)
      if (/budget \w{32}/.test(reply.body)) return broken('the model was called although the budget is spent')
      return held(`refused by ${entry.rule}`)
    },
  }
}
