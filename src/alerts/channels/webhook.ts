import { createHmac } from 'node:crypto'
import type { Clock, Secret } from '../../base/index.ts'
import { addressBehind, missing, type Channel, type ChannelPorts, type Delivery } from '../channel.ts'
import type { Message } from '../message.ts'
import { failed, post, type Answer } from '../post.ts'
import type { NotificationSettings } from '../settings.ts'

type WebhookSettings = NonNullable<NotificationSettings['webhook']>

/** A program of the operator's, told by POST and signed as Standard Webhooks 1.0.0 says, for which receivers have libraries. */
export function webhookChannel(settings: WebhookSettings, minimumSeverity: Channel['minimumSeverity'], ports: ChannelPorts & { clock: Clock }): Channel {
  const { url, secret: reference } = settings
  return {
    name: 'webhook',
    where: url.startsWith('$') ? `the address in ${url.slice(1)}` : new URL(url).host,
    minimumSeverity,
    async send(message, signal) {
      const address = url.startsWith('$') ? await addressBehind(url, ports) : url
      if (typeof address !== 'string') return address
      const key = reference === undefined ? null : await ports.secret(reference.slice(1))
      if (reference !== undefined && !key) return missing(reference)
      const body = JSON.stringify(eventOf(message))
      const stamp = { id: message.id, at: Math.floor(ports.clock.now() / 1000) }
      const headers = { 'webhook-id': stamp.id, 'webhook-timestamp': String(stamp.at), ...(key && { 'webhook-signature': sign(stamp, body, key) }) }
      try {
        return judge(await post({ url: address, headers, body }, ports.tls, signal))
      } catch (error) {
        return failed(error)
      }
    },
  }
}

// What is wrong with one message, and not with the address or the key.
const aboutMessage = new Set([400, 413, 415, 422])

function judge({ status, retryAfterMs }: Answer): Delivery {
  if (status >= 200 && status < 300) return { state: 'delivered' }
  if (aboutMessage.has(status)) return { state: 'refused', reason: `the webhook answers HTTP ${status}` }
  const why = status >= 300 && status < 400 ? `the webhook answers HTTP ${status}; redirects are not followed` : `the webhook answers HTTP ${status}`
  return { state: 'later', reason: why, ...(retryAfterMs !== null && { afterMs: retryAfterMs }) }
}

/** `v1,` and the HMAC-SHA256 over `id.timestamp.body`, base64; the key is what follows `whsec_`, in base64, or the text itself. */
function sign({ id, at }: { id: string; at: number }, body: string, key: Secret): string {
  const text = key.reveal().trim()
  const bytes = text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : Buffer.from(text)
  return `v1,${createHmac('sha256', bytes).update(`${id}.${at}.${body}`).digest('base64')}`
}

function eventOf({ severity, rule, text, facts, at, host, group, to }: Message): object {
  return { type: 'hardshell.alert', timestamp: at, data: { severity, rule, text, host, group, ...(to !== undefined && { to }), facts: Object.fromEntries(facts) } }
}
