import type { Change, Part } from './change.ts'
import type { Example } from './example.ts'
import type { FactName, Facts } from './facts.ts'

/** How bad it is, worst first. `critical`: whoever finds it owns the installation, its keys or its money. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof severities)[number]

/** One place that is not as it should be. Nothing in it is a secret: `saw` names a kind, a length or a setting. */
export interface Flaw {
  /** Where: a setting (`gateway.bind`), a file, a line (`/etc/ssh/sshd_config:12`), a socket, an account. */
  at: string
  /** What is there, in words or a harmless value. */
  saw: string
  /** What should be there. */
  want: string
  /** When this place is better or worse than the check says in general. */
  severity?: Severity
  /** Ids of OpenClaw's own audit for this very place, where they carry a name in them; otherwise the check's count. */
  covers?: readonly string[]
}

/**
 * `safe` may be applied unasked and breaks nothing; `restart` interrupts OpenClaw or a service for a moment;
 * `lockout` can cut the operator off when it is wrong, so it is applied under a dead-man timer only.
 */
export type Risk = 'safe' | 'restart' | 'lockout'

/** How a flaw is mended: changes that hold only while the place still reads as judged. */
export interface Fix<K extends FactName = FactName> {
  risk: Risk
  /** What has to notice the change: tested before, told after. */
  part: Part
  /** Nothing when this case cannot be mended by a machine. Pure, and empty once it has been applied. */
  plan(facts: Pick<Facts, K>): readonly Change[]
}

/**
 * One good state, answerable by yes or no. Adding one: a file `checks/AREA/STATEMENT.ts`, a sorted line in
 * `checks/AREA.ts`; the suite `checks.test.ts` proves its examples.
 */
export interface Check<K extends FactName = FactName> {
  /** `area.statement`, the path of its file: `gateway.bind-loopback`. */
  id: string
  /** The good state, lower case, no full stop. */
  title: string
  severity: Severity
  /** What an attacker or an accident does with the bad one. */
  why: string
  /** Who says so: a document, CVE, guide or measurement somebody can look up. */
  source: string
  needs: readonly K[]
  /** Which parts of those facts it looks at (`stateFolder.sessions`); where some of one was left out, it is unknown instead of passed. Default: all. */
  restsOn?: readonly string[]
  /** Ids of OpenClaw's own audit that tell the same; `*` stands for one name. Merged, so it is told once. */
  covers?: readonly string[]
  /** False when the question does not arise, such as SSH rules where no sshd is installed. Default: it always does. */
  applies?(facts: Pick<Facts, K>): boolean
  /** Every place that is wrong; none is a pass. Pure. */
  judge(facts: Pick<Facts, K>): readonly Flaw[]
  fix?: Fix<K>
  /** What a person does, one sentence with the command, where no machine can. Exactly one of `fix` and `manual` is there. */
  manual?: string
  /** At least one of each; `fail` ones pass once fixed. */
  examples: { pass: Readonly<Record<string, Example>>; fail: Readonly<Record<string, Example>> }
}

/** Declares a check. The facts it needs are the only ones it is given. */
export function defineCheck<const K extends FactName>(check: Check<K>): Check {
  // Callers hold checks of every kind in one list and hand each exactly what it needs (judge.ts).
  return check as unknown as Check
}
