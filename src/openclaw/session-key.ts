/** What a session key of OpenClaw tells about who is behind a turn. `null`: the key does not say. */
export interface SessionKeyFacts {
  agentId: string | null
  /** Chat channel: `telegram`, `slack`. */
  channel: string | null
  /** The other side of a direct chat, as the channel names it. */
  user: string | null
  /** Id of the automation job that runs in the session. */
  cronJob: string | null
  /** A session another session spawned; whose, the key does not say. */
  isSubagent: boolean
}

/**
 * Reads `agent:<agentId>:<rest>`, where rest is `main`, `cron:<jobId>…`, `subagent:<uuid>`,
 * `<channel>:direct|group|channel:<peer>…` and others. Keys are made by OpenClaw from what channels send:
 * attacker-controlled text inside a known frame.
 * Source: OpenClaw docs, channels/channel-routing and automation/cron-jobs (2026.9.6).
 */
export function readSessionKey(sessionKey: string): SessionKeyFacts {
  const [frame, agentId, kind, ...rest] = sessionKey.split(':')
  const facts: SessionKeyFacts = { agentId: null, channel: null, user: null, cronJob: null, isSubagent: false }
  if (frame !== 'agent' || !agentId || kind === undefined) return facts
  facts.agentId = agentId
  facts.isSubagent = kind === 'subagent' || rest.includes('subagent')
  if (kind === 'cron') return { ...facts, cronJob: rest[0] || null }
  // dmScope `per-peer` names no channel, `per-account-channel-peer` puts the account between channel and peer.
  const at = [kind, ...rest].slice(0, 3).findIndex((part) => conversations.has(part))
  if (at === -1) return facts
  if (at > 0) facts.channel = kind
  if ([kind, ...rest][at] === 'direct') facts.user = peerOf(rest.slice(at)) || null
  return facts
}

const conversations: ReadonlySet<string> = new Set(['direct', 'group', 'channel', 'slash'])

/** Peers may hold colons (`slack:U1`); a thread of the conversation is the same peer. */
function peerOf(parts: readonly string[]): string {
  const thread = parts.lastIndexOf('thread')
  return (thread > 0 ? parts.slice(0, thread) : parts).join(':')
}
