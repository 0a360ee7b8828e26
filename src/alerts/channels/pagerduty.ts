import { missing, type Channel, type ChannelPorts, type Delivery } from '../channel.ts'
import type { Message, Severity } from '../message.ts'
import { failed, post } from '../post.ts'
import type { NotificationSettings } from '../settings.ts'

/** PagerDuty, by Events API v2. Source: developer.pagerduty.com, Send an Alert Event. */
export function pagerdutyChannel({ routing_key: reference, events_url: url }: NonNullable<NotificationSettings['pagerduty']>, minimumSeverity: Severity, ports: ChannelPorts): Channel {
  return {
    name: 'pagerduty',
    where: new URL(url).host,
    minimumSeverity,
    async send(message, signal) {
      const key = await ports.secret(reference.slice(1))
      if (!key) return missing(reference)
      const routingKey = key.reveal().trim()
      // PagerDuty answers a key of another length with 400, as it does to a bad message: told apart here.
      if (!/^[A-Za-z0-9]{32}$/.test(routingKey)) return { state: 'later', reason: `${reference.slice(1)} is no integration key: those have 32 letters and digits` }
      try {
        const { status, retryAfterMs } = await post({ url, body: JSON.stringify(eventOf(message, routingKey)) }, ports.tls, signal)
        return judge(status, retryAfterMs)
      } catch (error) {
        return failed(error)
      }
    },
  }
}

function judge(status: number, retryAfterMs: number | null): Delivery {
  if (status === 202 || status === 200) return { state: 'delivered' }
  if (status === 400 || status === 413) return { state: 'refused', reason: `PagerDuty calls the event invalid (HTTP ${status})` }
  return { state: 'later', reason: `PagerDuty answers HTTP ${status}`, ...(retryAfterMs !== null && { afterMs: retryAfterMs }) }
}

const severityOf: Readonly<Record<Severity, string>> = { info: 'info', warning: 'warning', high: 'error', critical: 'critical' }

function eventOf({ id, severity, rule, text, facts, at, host, group }: Message, routingKey: string): object {
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    // The same while the same thing goes on: it is one incident, however often it is told.
    dedup_key: `hardshell-${group}`,
    client: 'Hardshell',
    payload: {
      summary: `${rule}: ${text}`.slice(0, maxSummaryChars),
      severity: severityOf[severity],
      source: host,
      timestamp: at,
      component: 'hardshell',
      class: rule,
      custom_details: { ...Object.fromEntries(facts), message_id: id },
    },
  }
}

// Events API v2, payload.summary: 1,024 characters.
const maxSummaryChars = 1024
