import { createOutboundTls, Secret, systemClock, type OutboundTls } from '../base/index.ts'
import type { Channel, ChannelPorts } from './channel.ts'
import { openChannels } from './channels.ts'
import type { Message } from './message.ts'
import { notificationSettings } from './settings.ts'

/** A message as the room makes them; its texts can be replaced. */
export function message(more: Partial<Message> = {}): Message {
  return {
    id: 'hs_0123456789abcdef',
    severity: 'high',
    rule: 'egress.large-upload',
    text: 'agent.main sent 12 bytes to files.example:443 within an hour',
    facts: [['user', 'agent.main'], ['target', 'files.example:443']],
    at: '2026-11-22T07:00:00.000Z',
    host: 'guard-1',
    group: 'a'.repeat(32),
    ...more,
  }
}

export function ports(secrets: Record<string, string> = {}, tls: OutboundTls = createOutboundTls()): ChannelPorts & { clock: typeof systemClock } {
  return { tls, clock: systemClock, secret: async (name) => (secrets[name] === undefined ? null : new Secret(secrets[name])) }
}

/** The one channel of these settings. */
export function channel(settings: object, more: ReturnType<typeof ports> = ports()): Channel {
  return openChannels(notificationSettings.parse(settings), more)[0]!
}

/** For a try that has all the time it wants. */
export function patient(): AbortSignal {
  return AbortSignal.timeout(20_000)
}
