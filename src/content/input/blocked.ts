import { RE2JS } from 're2js'
import { HardshellError, messageOf } from '../../base/index.ts'
import { withoutLookAlikes } from '../encoding/confusables.ts'
import type { Encoding } from '../encoding/layer.ts'
import { unwrap } from '../encoding/unwrap.ts'
import { fold } from './folded.ts'

/** Where a blocked pattern matched, in UTF-16 offsets of the text it was tried on. */
export interface Blocked {
  pattern: string
  start: number
  end: number
  /** How the match was hidden, outermost first; empty when it stands there openly. */
  encodings: readonly Encoding[]
}

/**
 * Makes a test out of an operator's patterns. RE2 runs in time linear in the text, so a pattern written in a hurry
 * cannot be turned against us by whoever writes the text. It sees through spelling (`fold`, look-alike letters) and
 * through encodings (`unwrap`).
 * @param patterns RE2 syntax; case does not matter; no look-around and no back-references
 * @throws HardshellError `content.bad-pattern` naming the pattern
 */
export function compileBlocked(patterns: readonly string[]): (text: string) => Blocked | null {
  const compiled = patterns.map((pattern) => ({ pattern, engine: compile(pattern) }))
  const search = (text: string): Omit<Blocked, 'encodings'> | null => firstOf(compiled, text) ?? firstOf(compiled, withoutLookAlikes(text), text)
  return (text) => {
    if (compiled.length === 0) return null
    const open = search(text)
    if (open) return { ...open, encodings: [] }
    for (const layer of unwrap(text)) {
      const found = search(layer.text)
      if (found) return { pattern: found.pattern, ...layer.at(found.start, found.end), encodings: layer.encodings }
    }
    return null
  }
}

interface Compiled {
  pattern: string
  engine: RE2JS
}

/** @param unlike the text before look-alikes were replaced: when nothing was, there is nothing to search again */
function firstOf(compiled: readonly Compiled[], text: string, unlike?: string): Omit<Blocked, 'encodings'> | null {
  if (text === unlike) return null
  const folded = fold(text)
  for (const { pattern, engine } of compiled) {
    const matcher = engine.matcher(folded.text)
    if (matcher.find()) {
      return { pattern, start: folded.origin[matcher.start()]!, end: folded.origin[matcher.end()]! }
    }
  }
  return null
}

/** Why a pattern cannot be used, in words for whoever wrote it; `null` when it can. */
export function faultOf(pattern: string): string | null {
  try {
    compile(pattern)
    return null
  } catch (error) {
    return error instanceof HardshellError && error.hint ? `${error.message}; ${error.hint}` : messageOf(error)
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
