import type { FindEntry, SendHttp } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/**
 * The provider's key: a forged virtual key buys no model call, and the gateway's process holds no real one.
 *
 * @param ports.gatewaySecrets names of provider keys found in the environment or arguments of the gateway's tree;
 *   `null` where the system does not let us look
 */
export function modelKeySurface(ports: {
  url: () => string
  send: SendHttp
  findEntry: FindEntry
  gatewaySecrets: () => Promise<readonly string[] | null>
}): Surface {
  return {
    id: 'model-key',
    title: 'a forged virtual key buys nothing, and no real key is in the gateway',
    async prove(nonce, signal) {
      const reply = await ports.send(`${ports.url()}/p/probe-${nonce}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer hs_vk_forged-${nonce}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'x', messages: [{ role: 'user', content: nonce }] }),
        signal,
      })
      if (reply.status !== 401) return broken(`a forged virtual key got HTTP ${reply.status} instead of 401`)
      // A key that nobody knows leaves no name in the log; its visit does.
      const visit = reply.headers['x-hardshell-visit']
      const entry = visit && (await ports.findEntry(visit, (e) => e.decision === 'deny' && (e.rule ?? '').startsWith('login.')))
      if (!entry) return broken('the refusal is not in the audit log')
      const leaked = await ports.gatewaySecrets()
      if (leaked !== null && leaked.length > 0) return broken(`the gateway's processes hold ${leaked.join(', ')}`)
      return held(`forged key: 401${leaked === null ? '; processes not readable here' : '; no provider key in the gateway'}`)
    },
  }
}
