import { isDeepStrictEqual } from 'node:util'
import { valueAt } from '../openclaw/index.ts'
import type { SettingChange } from './change.ts'
import type { ConfigFacts } from './facts/config.ts'

/** One value that is to stand somewhere. `to: undefined` takes the key out; a number as a word is a place in an array. */
export interface Wanted {
  at: readonly string[]
  to: unknown
}

/**
 * The changes that make it so, none for what is so already. The editor replaces arrays whole, so values inside one
 * array become one change of that array. Pure.
 */
export function settingChanges(config: Pick<ConfigFacts, 'value'>, wanted: readonly Wanted[]): SettingChange[] {
  const arrays = new Map<string, SettingChange>()
  const plain: SettingChange[] = []
  for (const { at, to } of wanted) {
    const split = arrayOn(config.value, at)
    const top = at.slice(0, split)
    const from = valueAt(config.value, top)
    if (split === at.length) {
      if (!isDeepStrictEqual(from, to)) plain.push({ kind: 'setting', at, from, to })
      continue
    }
    const known = arrays.get(top.join('\n')) ?? { kind: 'setting', at: top, from, to: from }
    arrays.set(top.join('\n'), { ...known, to: withValue(known.to, at.slice(split), to) })
  }
  return [...plain, ...[...arrays.values()].filter(({ from, to }) => !isDeepStrictEqual(from, to))]
}

/** `agents.list.0.tools` reads as a person would write it. */
export function nameOf(at: readonly string[]): string {
  return at.reduce((name, key, i) => (i === 0 ? key : /^\d+$/.test(key) && at[i - 1] === 'list' ? `${name}[${key}]` : `${name}.${key}`), '')
}

/** The value below objects and arrays; the editor's own reader does not enter arrays. */
export function deepValue(root: unknown, at: readonly string[]): unknown {
  let here = root
  for (const key of at) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = (here as Record<string, unknown>)[key]
  }
  return here
}

/** How much of the path the editor can address: everything before the first array that is entered. */
function arrayOn(root: unknown, at: readonly string[]): number {
  const entered = at.findIndex((_, depth) => depth > 0 && Array.isArray(deepValue(root, at.slice(0, depth))))
  return entered === -1 ? at.length : entered
}

function withValue(root: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to
  if (Array.isArray(root)) return /^\d+$/.test(key) && Number(key) < root.length ? root.with(Number(key), withValue(root[Number(key)], rest, to)) : root
  const here = typeof root === 'object' && root !== null ? (root as Record<string, unknown>) : {}
  if (rest.length === 0 && to === undefined) return Object.fromEntries(Object.entries(here).filter(([name]) => name !== key))
  return { ...here, [key]: withValue(here[key], rest, to) }
}
