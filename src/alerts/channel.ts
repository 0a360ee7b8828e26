import type { OutboundTls, Secret } from '../base/index.ts'
import type { Message, Severity } from './message.ts'
import { isEncryptedOrLocal } from './settings.ts'

export const destinationNames = ['slack', 'pagerduty', 'email', 'webhook', 'syslog'] as const

/** One of each kind: the key below `notifications`. */
export type DestinationName = (typeof destinationNames)[number]

/** How a try to send ended. `reason` is in our words and holds no secret. */
export type Delivery =
  | { state: 'delivered'; note?: string }
  /** Everything for this destination has to wait. @param afterMs the other end asked for so long */
  | { state: 'later'; reason: string; afterMs?: number }
  /** This one message will never be taken. */
  | { state: 'refused'; reason: string }

/** A way out for messages. */
export interface Channel {
  name: DestinationName
  /** Where it goes, for a person; without any secret. */
  where: string
  minimumSeverity: Severity
  /** Never throws for what the other end does, and ends when `signal` aborts. */
  send(message: Message, signal: AbortSignal): Promise<Delivery>
}

export interface ChannelPorts {
  tls: OutboundTls
  /** Looked up for each message, so that a rotated key counts at once. `null`: there is none. */
  secret(name: string): Promise<Secret | null>
}

/** What a missing secret leads to. */
export function missing(reference: string): Delivery {
  return { state: 'later', reason: `there is no secret ${reference.slice(1)}; run: hardshell secrets put ${reference.slice(1)}` }
}

/** The address a reference stands for, or why there is none to send to. */
export async function addressBehind(reference: string, ports: ChannelPorts): Promise<string | Delivery> {
  const held = await ports.secret(reference.slice(1))
  if (!held) return missing(reference)
  const address = held.reveal().trim()
  return URL.canParse(address) && isEncryptedOrLocal(address) ? address : { state: 'later', reason: `${reference.slice(1)} holds no https address` }
}
