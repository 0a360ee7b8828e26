import type { FindEntry, SendHttp } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/** The front door: a stranger with a made-up token is turned away, over HTTP and as a WebSocket. */
export function ingressSurface(ports: { url: () => string; send: SendHttp; findEntry: FindEntry }): Surface {
  const { url, send, findEntry } = ports
  return {
    id: 'ingress',
    title: 'the front door turns a stranger away',
    async prove(nonce, signal) {
      const target = `${url()}/v1/hardshell-probe-${nonce}`
      const headers = { authorization: `Bearer hs_tok_forged-${nonce}` }
      const plain = await send(target, { method: 'GET', headers, signal })
      if (plain.status !== 401) return broken(`a forged token got HTTP ${plain.status} instead of 401`)
      const entry = await findEntry(nonce, (e) => e.decision === 'deny' && (e.rule ?? '').startsWith('ingress.'))
      if (!entry) return broken('the refusal is not in the audit log')
      const bare = await send(`${url()}/v1/models`, { method: 'GET', signal })
      if (bare.status !== 401) return broken(`a request without a token got HTTP ${bare.status} instead of 401`)
      return held('forged token: 401; no token: 401')
    },
  }
}
