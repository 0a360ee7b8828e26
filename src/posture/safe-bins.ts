import { isRecord } from '../base/index.ts'
import { scopesOf } from './agent-scopes.ts'
import type { ConfigFacts } from './facts/config.ts'
import { deepValue } from './setting-change.ts'
import { wordList } from './tool-reach.ts'

/** Programs that run unasked because they only filter their input, as one place of the configuration lists them. */
export interface SafeBins {
  at: readonly string[]
  bins: readonly string[]
  /** Those whose arguments are limited by a profile. */
  profiled: readonly string[]
}

// OpenClaw's own list (2026.9.6, exec safe bin policy, and the interpreters of its inline-eval rules).
const interpreters = new Set(
  ('ash awk bash bun busybox clj clojure cmd cscript dash deno elixir fish gawk groovy gsed guile iex julia ksh lua mawk nawk node nodejs ' +
    'osascript perl php powershell pwsh pypy pypy3 python python2 python3 r rscript ruby scala scala-cli sed sh toybox wscript zsh').split(' '),
)
// These take commands, not code: a rule about code given inline says nothing of them.
const shells = new Set('ash bash busybox cmd cscript dash fish gsed ksh powershell pwsh sed sh toybox wscript zsh'.split(' '))
const broad = new Set(['jq', 'awk', 'gawk', 'mawk', 'nawk', 'sed', 'gsed'])

/** The lists for all and of each agent. */
export function safeBinLists(config: Pick<ConfigFacts, 'value'>): SafeBins[] {
  return scopesOf(config).flatMap(({ tools }) => {
    const at = [...tools, 'exec', 'safeBins']
    const bins = wordList(config, at)
    if (bins === null || bins.length === 0) return []
    const profiles = [['tools', 'exec', 'safeBinProfiles'], [...tools, 'exec', 'safeBinProfiles']].map((path) => deepValue(config.value, path))
    return [{ at, bins, profiled: profiles.flatMap((profile) => (isRecord(profile) ? Object.keys(profile) : [])) }]
  })
}

/** Whether a program, path or pattern names one that runs what it is given: `/usr/bin/python3.12`, `node*`. */
export function isInterpreter(program: string): boolean {
  const name = programName(program)
  return interpreters.has(name) || interpreters.has(name.replace(/-?\d+(?:\.\d+)*$/, ''))
}

/** Whether it takes code on its command line, as `python -c` does. */
export function takesCode(program: string): boolean {
  return isInterpreter(program) && !shells.has(programName(program))
}

/** Whether OpenClaw itself calls its behaviour too broad for a filter. */
export function isBroad(program: string): boolean {
  return broad.has(programName(program))
}

function programName(program: string): string {
  const name = program.trim().toLowerCase().split(/[\\/]/).at(-1) ?? ''
  return name.replace(/\.(?:exe|cmd|bat|com)$/, '').replace(/[*?[\]{}()]/g, '').replace(/[.-]+$/, '')
}
