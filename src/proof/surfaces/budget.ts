import type { FindEntry, SendHttp } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * The budget: a call that would cost more than its agent may spend is refused before it is made.
 *
 * @param ports.announce puts a turn of the spent-out probe agent on the turn book and returns its `traceparent`
 */
export function budgetSurface(ports: {
  url: () => string
  probeKey: () => string
  announce: (nonce: string) => string
  send: SendHttp
  findEntry: FindEntry
}): Surface {
  return {
    id: 'budget',
    title: 'a call beyond the budget is refused before it is made',
    async prove(nonce, signal) {
      const reply = await ports.send(`${ports.url()}/p/hardshell-probe/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ports.probeKey()}`,
          'content-type': 'application/json',
          traceparent: ports.announce(nonce),
        },
        body: JSON.stringify({ model: 'probe', max_tokens: 1000, messages: [{ role: 'user', content: `budget ${nonce}` }] }),
        signal,
      })
      const entry = await ports.findEntry(nonce, (e) => e.decision === 'deny' && (e.rule ?? '').startsWith('budget.'))
      if (!entry) return broken(`no refusal by the budget in the audit log (HTTP ${reply.status})`)
      if (/budget \w{32}/.test(reply.body)) return broken('the model was called although the budget is spent')
      return held(`refused by ${entry.rule}`)
    },
  }
}
