import { HardshellError } from '../base/index.ts'
import { valueAt } from './json5-edit.ts'

/**
 * The first place of a configuration whose settings stand somewhere else, or `null`. OpenClaw merges the files of
 * `$include` and moves `agents.list` to `agents.entries` while it reads: an agent in there would keep its own sandbox,
 * tools and model provider, since nobody who looks at `openclaw.json` sees it.
 */
export function hiddenSettings(config: unknown): string | null {
  return included(config, []) ?? (valueAt(config, ['agents', 'list']) === undefined ? null : 'agents.list')
}

/** @throws HardshellError `openclaw.config-unreadable` where `hiddenSettings` finds one */
export function refuseHiddenSettings(config: unknown): void {
  const at = hiddenSettings(config)
  if (at === null) return
  throw new HardshellError('openclaw.config-unreadable', `openclaw.json: what ${at} stands for cannot be guarded`, {
    hint: at === 'agents.list' ? 'openclaw doctor --fix moves it to agents.entries' : 'write the included settings into openclaw.json itself',
  })
}

function included(value: unknown, at: readonly string[]): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (Object.hasOwn(value, '$include')) return [...at, '$include'].join('.')
  for (const [key, inner] of Object.entries(value)) {
    const found = included(inner, [...at, key])
    if (found !== null) return found
  }
  return null
}
