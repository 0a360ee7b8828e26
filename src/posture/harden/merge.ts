import { isDeepStrictEqual } from 'node:util'
import { HardshellError, isRecord } from '../../base/index.ts'
import { valueAt } from '../../openclaw/index.ts'
import type { Change, Part, SettingChange } from '../change.ts'
import type { Risk } from '../check.ts'

/** A change and who wants it. */
export interface Wanted<C extends Change = Change> {
  checks: readonly string[]
  part: Part
  risk: Risk
  change: C
}

/**
 * One list out of the plans of many checks: what several want is there once, lists and maps that several add to hold
 * everything. Order is kept.
 * @throws HardshellError `posture.contradiction` naming both checks where one place cannot be both
 */
export function merge(wanted: readonly Wanted[]): readonly Wanted[] {
  const places = new Map<string, Wanted>()
  for (const one of wanted.map((each) => shallowest(each, wanted))) {
    const key = placeOf(one.change)
    const known = places.get(key)
    places.set(key, known === undefined ? one : both(known, one))
  }
  const merged = [...places.values()]
  for (const one of merged) refuseFileBesideLines(one, merged)
  return merged
}

/** Risks in the order of what they can cost. */
const risks: readonly Risk[] = ['safe', 'restart', 'lockout']

function both(a: Wanted, b: Wanted): Wanted {
  const change = one(a, b)
  if (change === null) throw contradiction(a, b)
  return { checks: [...new Set([...a.checks, ...b.checks])], part: a.part, risk: risks.indexOf(a.risk) > risks.indexOf(b.risk) ? a.risk : b.risk, change }
}

function one({ change: a }: Wanted, { change: b }: Wanted): Change | null {
  if (isDeepStrictEqual(a, b)) return a
  if (a.kind === 'setting' && b.kind === 'setting') {
    const to = united(a.from, a.to, b.to)
    return to === impossible ? null : { ...a, to }
  }
  if (a.kind === 'yaml' && b.kind === 'yaml') {
    const to = united(a.from, a.to, b.to)
    return to === impossible ? null : { ...a, to }
  }
  if (a.kind === 'line' && b.kind === 'line') return a.to === b.to ? a : null
  // Two that both only take rights away are both content with neither.
  if (a.kind === 'mode' && b.kind === 'mode') return (a.from & a.to) === a.to && (b.from & b.to) === b.to ? { ...a, to: a.to & b.to } : null
  // The same command in other words.
  return a.kind === 'command' && b.kind === 'command' ? a : null
}

const impossible = Symbol('impossible')

/** What both made of the same beginning, or `impossible`. */
function united(from: unknown, a: unknown, b: unknown): unknown {
  if (isDeepStrictEqual(a, b) || isDeepStrictEqual(b, from)) return a
  if (isDeepStrictEqual(a, from)) return b
  if (Array.isArray(a) && Array.isArray(b) && (from === undefined || Array.isArray(from))) return unitedLists((from as unknown[] | undefined) ?? [], a, b)
  if (!isRecord(a) || !isRecord(b) || !(from === undefined || isRecord(from))) return impossible
  const entries = [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, united(from?.[key], a[key], b[key])] as const)
  return entries.some(([, value]) => value === impossible) ? impossible : Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function unitedLists(from: readonly unknown[], a: readonly unknown[], b: readonly unknown[]): unknown {
  if ([...from, ...a, ...b].some(isRecord)) {
    // Elements with settings of their own, such as agents, are told by their place.
    if (from.length !== a.length || from.length !== b.length) return impossible
    const items = from.map((item, index) => united(item, a[index], b[index]))
    return items.includes(impossible) ? impossible : items
  }
  const has = (list: readonly unknown[], item: unknown): boolean => list.some((each) => isDeepStrictEqual(each, item))
  const stays = from.filter((item) => has(a, item) && has(b, item))
  const added = [...a, ...b].filter((item) => !has(from, item))
  return [...stays, ...added.filter((item, index) => !has(added.slice(0, index), item))]
}

/** A setting inside one that another check replaces whole is told as a change of the whole. */
function shallowest(deep: Wanted, wanted: readonly Wanted[]): Wanted {
  const { change } = deep
  if (change.kind !== 'setting') return deep
  const above = wanted
    .flatMap(({ change: other }) => (other.kind === 'setting' && isAbove(other.at, change.at) ? [other] : []))
    .sort((a, b) => a.at.length - b.at.length)[0]
  return above === undefined ? deep : { ...deep, change: lifted(change, above) }
}

function isAbove(at: readonly string[], below: readonly string[]): boolean {
  return at.length < below.length && at.every((key, index) => key === below[index])
}

function lifted(deep: SettingChange, above: SettingChange): SettingChange {
  const rest = deep.at.slice(above.at.length)
  const to = structuredClone(isRecord(above.from) ? above.from : {})
  let here: Record<string, unknown> = to
  for (const key of rest.slice(0, -1)) {
    const next = valueAt(here, [key])
    const map = isRecord(next) ? next : {}
    Object.defineProperty(here, key, { value: map, enumerable: true, writable: true, configurable: true })
    here = map
  }
  const last = rest.at(-1)!
  if (deep.to === undefined) delete here[last]
  else Object.defineProperty(here, last, { value: deep.to, enumerable: true, writable: true, configurable: true })
  return { ...above, to }
}

function placeOf(change: Change): string {
  if (change.kind === 'command') return `command ${JSON.stringify(change.do)}`
  if (change.kind === 'setting') return `setting ${JSON.stringify(change.at)}`
  if (change.kind === 'line') return `line ${JSON.stringify([change.path, change.section, change.key.toLowerCase()])}`
  if (change.kind === 'yaml') return `yaml ${JSON.stringify([change.path, change.at])}`
  return `${change.kind} ${change.path}`
}

function refuseFileBesideLines(whole: Wanted, merged: readonly Wanted[]): void {
  const { change } = whole
  if (change.kind !== 'file') return
  const beside = merged.find(({ change: other }) => (other.kind === 'line' || other.kind === 'yaml') && other.path === change.path)
  if (beside !== undefined) throw contradiction(whole, beside)
}

function contradiction(a: Wanted, b: Wanted): HardshellError {
  const place = a.change.kind === 'setting' ? a.change.at.join('.') : a.change.kind === 'command' ? a.change.do.join(' ') : a.change.path
  return new HardshellError('posture.contradiction', `${a.checks.join(', ')} and ${b.checks.join(', ')} want different things of ${place}`, { hint: `hardshell harden --only ${a.checks[0]}` })
}
