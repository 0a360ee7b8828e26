import type { Entry, EventType } from './entry.ts'

/** What to look for. Every part that is given must hold. */
export interface AuditQuery {
  agent?: string
  user?: string
  type?: EventType
  tool?: string
  session?: string
  /** W3C trace id. */
  trace?: string
  /** Not before, ms since 1970. */
  since?: number
  /** Not after, ms since 1970. */
  until?: number
  /** Anywhere in the values of an entry, whatever the case. */
  text?: string
  /** The first characters of an API key: found in `detail.key_prefix` and in `user`. */
  keyPrefix?: string
  /** At most so many entries. */
  limit?: number
  /** From the end backwards. Default: oldest first. */
  newestFirst?: boolean
}

const fields = {
  agent: 'agent_id',
  user: 'user',
  type: 'event_type',
  tool: 'tool',
  session: 'session',
  trace: 'trace_id',
} as const

/** Does an entry answer the query? */
export function matches(entry: Entry, query: AuditQuery): boolean {
  for (const [asked, field] of Object.entries(fields)) {
    const want = query[asked as keyof typeof fields]
    if (want !== undefined && entry[field] !== want) return false
  }
  const at = Date.parse(entry.timestamp)
  if (query.since !== undefined && !(at >= query.since)) return false
  if (query.until !== undefined && !(at <= query.until)) return false
  if (query.keyPrefix !== undefined && !hasKey(entry, query.keyPrefix)) return false
  return query.text === undefined || saysSomewhere(entry, query.text.toLowerCase())
}

/**
 * Bytes every matching line must contain: most lines are put aside by looking for these, without being parsed.
 * Holds because the log writes with `JSON.stringify`, which has one spelling for every text.
 */
export function needlesOf(query: AuditQuery): Buffer[] {
  const needles: Buffer[] = []
  for (const [asked, field] of Object.entries(fields)) {
    const want = query[asked as keyof typeof fields]
    if (want !== undefined) needles.push(Buffer.from(`"${field}":${JSON.stringify(want)}`))
  }
  return needles
}

/**
 * The log keeps a few characters of a key, an operator may have more of them, or fewer: either may be the longer one.
 * A `user` made of a name and a prefix, such as `ci_token:hs_Ab12`, is looked at behind its colon too.
 */
function hasKey({ user, detail }: Entry, prefix: string): boolean {
  const kept = detail?.['key_prefix']
  if (typeof kept === 'string' && (kept.startsWith(prefix) || (isTelling(kept) && prefix.startsWith(kept)))) return true
  return user !== undefined && (user.startsWith(prefix) || user.slice(user.lastIndexOf(':') + 1).startsWith(prefix))
}

/** `sk-` begins half of all keys in the world: what is shorter than this says nothing about a longer one. */
function isTelling(kept: string): boolean {
  return kept.length >= 6
}

function saysSomewhere(value: unknown, text: string): boolean {
  const isGroup = typeof value === 'object' && value !== null
  if (isGroup) return Object.values(value).some((inner) => saysSomewhere(inner, text))
  return String(value).toLowerCase().includes(text)
}
