import { createHmac } from 'node:crypto'
import type { Secret } from '../../../base/index.ts'

/** What an agent holds instead of a secret: good for nothing but one header towards one host. */
export interface Sentinel {
  /** `hssentinel_` and 32 characters; no secret. */
  text: string
  /** As the setting names it. */
  host: string
  header: string
  secret: string
}

const prefix = 'hssentinel_'
// 192 bits: nobody meets one by chance.
const tailLength = 32

/** The sentinel of one credential. The same key and binding give the same one, on every start. */
export function sentinelOf(key: Secret, binding: Omit<Sentinel, 'text'>): Sentinel {
  const { host, header, secret } = binding
  const digest = createHmac('sha256', key.reveal()).update(JSON.stringify(['hardshell egress sentinel', host, header, secret]))
  return { ...binding, text: prefix + digest.digest('base64url').slice(0, tailLength) }
}

/** What a text holds of sentinels. */
export type SentinelTrace = { kind: 'none' } | { kind: 'known'; sentinel: Sentinel } | { kind: 'unknown' }

/**
 * Looks for sentinels, whole or halved, in a text and its layers. One that nobody gave out counts too: whoever writes
 * the prefix has seen a sentinel.
 */
export function traceSentinel(layers: readonly string[], sentinels: readonly Sentinel[]): SentinelTrace {
  for (const text of layers) {
    const lower = text.toLowerCase()
    for (const sentinel of sentinels) {
      if (marksOf(sentinel).some((mark) => lower.includes(mark))) return { kind: 'known', sentinel }
    }
    if (lower.includes(prefix) || lower.includes(turned(prefix))) return { kind: 'unknown' }
  }
  return { kind: 'none' }
}

/** Each half of what comes behind the prefix, in lower case, forwards and backwards: cut in two, it is still one. */
function marksOf({ text }: Sentinel): readonly string[] {
  const tail = text.slice(prefix.length).toLowerCase()
  const halves = [tail.slice(0, tailLength / 2), tail.slice(tailLength / 2)]
  return [...halves, ...halves.map(turned)]
}

function turned(text: string): string {
  return [...text].toReversed().join('')
}
