import type { DecodedPacket } from 'dns-packet'
import { messageOf, type Clock } from '../../../base/index.ts'
import type { Upstream } from './asking.ts'

// Programs wait 5 s for a resolver (resolv.conf(5)): two tries have to fit in.
const triesMs = [1500, 2500]
// A server that did not answer is asked last for this long.
const avoidMs = 30_000

/** What came of asking everybody. */
export type Asked = { packet: DecodedPacket; by: string } | { failed: string }

/**
 * Asks one server after the other, those that answered lately first, until one does. A server that answers that it
 * failed (SERVFAIL, REFUSED) counts as no answer while there is another.
 */
export function createPool(upstreams: () => readonly Upstream[], clock: Clock): (question: { name: string; type: string }) => Promise<Asked> {
  const failedAt = new Map<string, number>()
  return async (question) => {
    const isDown = ({ title }: Upstream): boolean => clock.monotonicMs() - (failedAt.get(title) ?? -Infinity) < avoidMs
    const order = upstreams().toSorted((a, b) => Number(isDown(a)) - Number(isDown(b)))
    if (order.length === 0) return { failed: 'there is no resolver to ask (dns.servers, /etc/resolv.conf)' }
    let last = ''
    for (const [turn, timeoutMs] of triesMs.entries()) {
      const upstream = order[turn % order.length]!
      try {
        const packet = await upstream.ask(question, AbortSignal.timeout(timeoutMs))
        const { rcode } = packet as unknown as { rcode: string }
        if (rcode === 'NOERROR' || rcode === 'NXDOMAIN') {
          failedAt.delete(upstream.title)
          return { packet, by: upstream.title }
        }
        last = `${upstream.title} answered ${rcode}`
        if (order.length === 1) break // it said no; asked again it says the same
      } catch (error) {
        last = `${upstream.title}: ${messageOf(error)}`
      }
      failedAt.set(upstream.title, clock.monotonicMs())
    }
    return { failed: last }
  }
}
