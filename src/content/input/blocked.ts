import { RE2JS } from 're2js'
import { HardshellError, messageOf } from '../../base/index.ts'
import { fold } from './folded.ts'

/** Where a blocked pattern matched, in UTF-16 offsets of the text it was tried on. */
export interface Blocked {
  pattern: string
  start: number
  end: number
}

/**
 * Makes a test out of an operator's patterns. RE2 runs in time linear in the text, so a pattern written in a hurry
 * cannot be turned against us by whoever writes the text.
 * @param patterns RE2 syntax; case does not matter; no look-around and no back-references
 * @throws HardshellError `content.bad-pattern` naming the pattern
 */
export function compileBlocked(patterns: readonly string[]): (text: string) => Blocked | null {
  const compiled = patterns.map((pattern) => ({ pattern, engine: compile(pattern) }))
  return (text) => {
    const folded = fold(text)
    for (const { pattern, engine } of compiled) {
      const matcher = engine.matcher(folded.text)
      if (matcher.find()) {
        return { pattern, start: folded.origin[matcher.start()]!, end: folded.origin[matcher.end()]! }
      }
    }
    return null
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern.normalize('NFKC'), RE2JS.CASE_INSENSITIVE)
  } catch (cause) {
    throw new HardshellError('content.bad-pattern', `blocked pattern ${JSON.stringify(pattern)}: ${messageOf(cause)}`, {
      hint: 'patterns are RE2: look-around and back-references do not exist there',
      cause,
    })
  }
}
