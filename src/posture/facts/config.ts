import { isRecord } from '../../base/index.ts'
import { valueAt } from '../../openclaw/index.ts'
import type { Origins } from '../config-origins.ts'
import { underTodaysNames } from '../legacy-settings.ts'
import { configPathOf, type FactReader } from '../subject.ts'
import { withIncludes } from './config-includes.ts'
import { readTolerantly } from './config-text.ts'

/** `openclaw.json` of whatever version, in today's spelling, with the files it includes. */
export interface ConfigFacts {
  path: string
  /** Settings under the names the pinned version uses; nothing is validated, so ask through `textAt` and its like. */
  value: Readonly<Record<string, unknown>>
  /** The file as it is written: older names, nothing included. */
  raw: Readonly<Record<string, unknown>>
  /** Where settings stand that are not written where they are read (config-origins.ts). */
  origins: Origins
  /** False when the file is broken, so that nothing can be spliced into it. */
  editable: boolean
  /** Version that last wrote it, `null` where it does not say. */
  version: string | null
  /** Places that could not be understood, or only under an older name; the rest was read all the same. */
  problems: readonly { at: string; message: string }[]
}

// As OpenClaw bounds what is included (config-includes.ts).
const maxBytes = 2 * 1024 * 1024
// The largest of 165 found in public holds some 800. Checks compare agents with each other: ten thousand take seconds.
const maxSettings = 20_000

export const config: FactReader<ConfigFacts> = {
  async read(subject) {
    const path = configPathOf(subject)
    const text = await subject.files.text(path, maxBytes)
    if (text === null) throw new Error(`${path} is not there`)
    const read = readTolerantly(text)
    if (!isRecord(read.value)) throw new Error(`${path} cannot be understood: ${read.problems[0]?.message ?? 'it is no object'}`)
    requireJudgeable(path, read.value)
    const included = await withIncludes(subject.files, path, read.value)
    requireJudgeable(path, included.value)
    const modern = underTodaysNames(isRecord(included.value) ? included.value : {}, included.origins)
    const version = valueAt(modern.value, ['meta', 'lastTouchedVersion'])
    return {
      path,
      value: modern.value,
      raw: read.value,
      origins: modern.origins,
      editable: read.problems.length === 0,
      version: typeof version === 'string' ? version : null,
      problems: [...read.problems, ...included.problems, ...modern.problems],
    }
  },
}

/** @throws Error for a file made to keep whoever reads it busy */
function requireJudgeable(path: string, value: unknown): void {
  const open = [value]
  for (let settings = 0; open.length > 0; settings++) {
    if (settings > maxSettings) throw new Error(`${path} cannot be judged: it holds more than ${maxSettings} settings`)
    const one = open.pop()
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) open.push(inner)
  }
}
