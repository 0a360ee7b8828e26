import { valueAt } from '../../openclaw/index.ts'
import { readJson5 } from '../../openclaw/index.ts'
import type { FactReader } from '../subject.ts'

/** `openclaw.json` of whatever version, in today's spelling. */
export interface ConfigFacts {
  path: string
  /** Settings under the names the pinned version uses; nothing is validated, so ask through `textAt` and its like. */
  value: Readonly<Record<string, unknown>>
  /** Version that last wrote it, `null` where it does not say. */
  version: string | null
  /** Places that could not be understood; the rest was read all the same. */
  problems: readonly { at: string; message: string }[]
}

export const config: FactReader<ConfigFacts> = {
  async read({ files, config: path }) {
    if (path === null) throw new Error('there is no openclaw.json')
    const text = await files.text(path)
    if (text === null) throw new Error(`${path} is not there`)
    const value = readJson5(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${path} is not an object`)
    const version = valueAt(value, ['meta', 'lastTouchedVersion'])
    return { path, value: value as ConfigFacts['value'], version: typeof version === 'string' ? version : null, problems: [] }
  },
}
