import { isRecord } from '../base/index.ts'
import { findSecrets } from '../content/secrets/index.ts'

const hidden = '[redacted]'

/**
 * Evidence as reports show it. A check tells places and kinds, but now and then it quotes a word somebody wrote: a command
 * of sudoers, the source of a plugin. What is a secret by its shape, or stands before the `@` of an address, goes. Pure.
 */
export function shownEvidence(text: string): string {
  let out = ''
  let at = 0
  for (const { start, end } of [...findSecrets(text)].sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    out += text.slice(at, start) + hidden
    at = end
  }
  return (out + text.slice(at)).replace(/(:\/\/)[^\s/@]*:[^\s/@]+@/g, `$1${hidden}@`)
}

/** The same for every text in a value of plain data, names of fields apart. Pure. */
export function shownDeep<T>(value: T): T {
  if (typeof value === 'string') return shownEvidence(value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => shownDeep(one)) as T
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shownDeep(one)])) as T
  return value
}
