import { messageOf } from '../base/index.ts'
import type { Change } from './change.ts'
import type { Check, Flaw, Severity } from './check.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { FactName, Facts } from './facts.ts'
import type { Gathered } from './gather.ts'
import { shownEvidence } from './shown-evidence.ts'
import { restsOn, unseenLine } from './unseen.ts'
import { whereWritten } from './written-settings.ts'

/** One place that failed a check. */
export interface Finding {
  /** Id of the check. */
  id: string
  severity: Severity
  title: string
  at: string
  /** What was seen there; places and kinds, never values that are secret. */
  evidence: string
  want: string
  /** Whether `harden` has a plan for it. */
  fixable: boolean
  /** Ids of OpenClaw's own audit that tell the same. */
  covers: readonly string[]
}

/** A check that could not be answered, and why. */
export interface UnknownAnswer {
  id: string
  why: string
}

export interface Judged {
  findings: readonly Finding[]
  unknown: readonly UnknownAnswer[]
  /** Ids of checks that were answered with yes. */
  passed: readonly string[]
  /** Ids of checks whose question does not arise here. */
  skipped: readonly string[]
}

/** Puts every check to the facts. A check that throws is unknown, not passed. */
export function judge(checks: readonly Check[], gathered: Gathered): Judged {
  const findings: Finding[] = []
  const unknown: UnknownAnswer[] = []
  const passed: string[] = []
  const skipped: string[] = []
  for (const check of checks) {
    try {
      if (!arises(check, gathered)) {
        skipped.push(check.id)
        continue
      }
      const facts = factsFor(check, gathered)
      if (check.applies?.(facts) === false) {
        skipped.push(check.id)
        continue
      }
      const flaws = check.judge(facts)
      if (flaws.length === 0) refuseUnseen(check, gathered)
      if (flaws.length === 0) passed.push(check.id)
      const fixable = flaws.length > 0 && planOf(check, facts).length > 0
      findings.push(...flaws.map((flaw) => findingOf(check, flaw, fixable)))
    } catch (error) {
      unknown.push({ id: check.id, why: shownEvidence(messageOf(error)) })
    }
  }
  return { findings, unknown, passed, skipped }
}

/** The changes that mend a check, none when it passes, has no fix or cannot be answered. */
export function planFor(check: Check, gathered: Gathered): readonly Change[] {
  if (!arises(check, gathered)) return []
  const facts = factsFor(check, gathered)
  return check.applies?.(facts) === false || check.judge(facts).length === 0 ? [] : planOf(check, facts)
}

function planOf(check: Check, facts: Facts): readonly Change[] {
  const plan = check.fix?.plan(facts) ?? []
  // Only those checks have facts of the configuration that asked for them.
  const config = facts.config as ConfigFacts | undefined
  return config === undefined ? plan : whereWritten(config, plan)
}

/** What nobody looked at is no pass. */
function refuseUnseen({ needs, restsOn: parts = needs }: Check, gathered: Gathered): void {
  const unseen = needs.flatMap((name) => {
    const fact = gathered[name]
    return fact?.known === true ? (fact.unseen ?? []) : []
  })
  const open = unseen.find((one) => restsOn(parts, one))
  if (open) throw new Error(unseenLine(open))
}

function arises(check: Check, gathered: Gathered): boolean {
  return !check.needs.some((name) => {
    const fact = gathered[name]
    return fact?.known === false && fact.arises === false
  })
}

function factsFor(check: Check, gathered: Gathered): Facts {
  const entries = check.needs.map((name: FactName) => {
    const fact = gathered[name]
    if (!fact?.known) throw new Error(fact?.why ?? `${name} was not gathered`)
    return [name, fact.value]
  })
  return Object.fromEntries(entries) as Facts
}

function findingOf(check: Check, flaw: Flaw, fixable: boolean): Finding {
  return {
    id: check.id,
    severity: flaw.severity ?? check.severity,
    title: check.title,
    // A file or an agent may be called by what a key is: names are somebody's choice too.
    at: shownEvidence(flaw.at),
    evidence: shownEvidence(flaw.saw),
    want: shownEvidence(flaw.want),
    fixable,
    covers: flaw.covers ?? check.covers ?? [],
  }
}
