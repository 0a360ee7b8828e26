import { valueAt } from '../openclaw/index.ts'
import type { Change } from './change.ts'
import { isScattered, originOf } from './config-origins.ts'
import type { ConfigFacts } from './facts/config.ts'

/**
 * Changes of settings, each at the place of `openclaw.json` where it is really written: under its older name, with the
 * value as it stands there. Left out is what no splice of that one file can do: settings of an included file, those
 * put together from several places, and all of a file that is broken. Pure.
 */
export function whereWritten(config: ConfigFacts, changes: readonly Change[]): readonly Change[] {
  return changes.flatMap((change): Change[] => {
    if (change.kind !== 'setting') return [change]
    if (!config.editable || isScattered(config.origins, change.at)) return []
    const { file, from } = originOf(config.origins, change.at)
    return file === null ? [{ ...change, at: from, from: valueAt(config.raw, from) }] : []
  })
}
