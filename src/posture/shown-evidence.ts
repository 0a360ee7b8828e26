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
