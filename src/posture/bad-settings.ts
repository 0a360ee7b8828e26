import type { Fix, Flaw } from './check.ts'
import type { ConfigFacts } from './facts/config.ts'
import { nameOf, settingChanges, type Wanted } from './setting-change.ts'

/** One setting that is not as it should be, and what to write there. */
export interface BadSetting extends Omit<Flaw, 'at'> {
  at: readonly string[]
  to: unknown
  /** What has to change with it, so that the good value counts. */
  also?: readonly Wanted[]
}

type Config = Pick<ConfigFacts, 'value'>

/** The part of a check that is the same for every one about settings: each place found is told once, and rewritten. */
export function settingsJudge(find: (config: Config) => readonly BadSetting[]): {
  needs: readonly ['config']
  judge(facts: { config: ConfigFacts }): Flaw[]
  fix: Fix<'config'>
} {
  return {
    needs: ['config'],
    judge: ({ config }) => once(find(config)).map(flawOf),
    // OpenClaw takes most of them up without a restart, but a turn that runs is judged anew.
    fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, once(find(config)).flatMap(wantedOf)) },
  }
}

/** A list with some entries more, `undefined` read as empty: for `deny` lists. */
export function withEntries(list: unknown, more: readonly string[]): unknown[] {
  const now: unknown[] = Array.isArray(list) ? list : []
  return [...now, ...more.filter((entry) => !now.includes(entry))]
}

function flawOf({ at, saw, want, severity, covers }: BadSetting): Flaw {
  return { at: nameOf(at), saw, want, ...(severity && { severity }), ...(covers && { covers }) }
}

function wantedOf({ at, to, also = [] }: BadSetting): Wanted[] {
  return [{ at, to }, ...also]
}

function once(found: readonly BadSetting[]): BadSetting[] {
  return [...new Map(found.map((bad) => [bad.at.join('\n'), bad])).values()]
}
