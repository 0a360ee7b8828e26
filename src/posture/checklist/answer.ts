import { attestationOf, isInForce, type Attestation } from '../attestations.ts'
import { formatDuration } from '../../base/index.ts'
import type { ProofFacts } from '../facts/proofs.ts'
import type { Fact } from '../gather.ts'
import type { Judged, UnknownAnswer } from '../judge.ts'
import { controls, restsOn, type Control } from './controls.ts'
import type { GuideId, Item } from './item.ts'

/** `done`: a machine saw it. `attested`: a person vouches for it, or for the part no machine sees. */
export type ItemState = 'done' | 'not done' | 'unknown' | 'attested' | 'not applicable'

export interface ItemAnswer {
  id: string
  guide: GuideId
  section: string
  text: string
  state: ItemState
  /** Which checks passed, which findings stand against it, what was proven when, why it is not known. */
  evidence: readonly string[]
  /** Who vouches; also when that has ended. */
  attestation: Attestation | null
}

/** What is known of an installation when its list is gone through. */
export interface Known {
  judged: Judged
  /** Checks about what was not handed over. */
  notAsked: readonly UnknownAnswer[]
  proofs: Fact<ProofFacts>
  attestations: readonly Attestation[]
  /** Settings of the guard this version accepts and does not act on, dotted, as `config check` lists them. */
  notEnforced: ReadonlySet<string>
  /** milliseconds since 1970 */
  now: number
}

/** Goes through the items. Pure. */
export function answerItems(items: readonly Item[], known: Known): ItemAnswer[] {
  const verdicts = new Map<Control, Verdict>()
  const verdictOf = (control: Control): Verdict => {
    const verdict = verdicts.get(control) ?? judgeControl(control, known)
    verdicts.set(control, verdict)
    return verdict
  }
  return items.map((item) => answerOf(item, item.controls.map(verdictOf), known))
}

/** What the evidence for one control says; `unguarded`: nobody looks, as no guard stands there. */
interface Verdict {
  says: 'holds' | 'fails' | 'unknown' | 'unguarded' | 'not applicable'
  evidence: readonly string[]
}

function answerOf(item: Item, verdicts: readonly Verdict[], { attestations, now }: Known): ItemAnswer {
  const { id, guide, section, text } = item
  const attestation = attestationOf(attestations, id)
  const inForce = attestation !== null && isInForce(attestation, now)
  const ended = attestation === null || inForce ? [] : [`the word of ${attestation.by} ended ${attestation.expires.slice(0, 10)}`]
  const says = (what: Verdict['says']): boolean => verdicts.some((verdict) => verdict.says === what)
  const evidenceOf = (...kinds: Verdict['says'][]): string[] => [...new Set(verdicts.filter((verdict) => kinds.includes(verdict.says)).flatMap(({ evidence }) => evidence))]
  const answer = (state: ItemState, evidence: readonly string[]): ItemAnswer => ({ id, guide, section, text, state, evidence, attestation })
  // What a machine sees to be wrong nobody can vouch away.
  if (says('fails')) return answer('not done', [...evidenceOf('fails'), ...ended])
  const arises = item.wholly ? !says('not applicable') : verdicts.some((verdict) => verdict.says !== 'not applicable')
  if (verdicts.length > 0 && !arises && !item.alsoVouchedFor) return answer('not applicable', evidenceOf('not applicable'))
  const open = evidenceOf('unguarded', 'unknown')
  if (open.length === 0 && verdicts.length > 0 && !item.alsoVouchedFor) return answer('done', evidenceOf('holds'))
  if (inForce) return answer('attested', evidenceOf('holds'))
  if (says('unguarded')) return answer('not done', [...open, ...ended])
  if (says('unknown')) return answer('unknown', [...open, ...ended])
  const missing = !arises ? 'no machine sees it and nobody vouches for it' : 'the rest no machine sees, and nobody vouches for it'
  return answer('not done', [...evidenceOf('holds'), ...(ended.length > 0 ? ended : [missing])])
}

/** Areas that say nothing where no guard stands. */
const guardAreas = new Set(['alerts', 'backups', 'budgets', 'guard', 'incident', 'providers'])

function judgeControl(control: Control, known: Known): Verdict {
  const { checks = [], surfaces = [] } = controls[control] as { checks?: readonly string[]; surfaces?: readonly string[] }
  const verdicts = [...checks.map((id) => judgeCheck(id, known)), ...surfaces.map((id) => judgeSurface(id, known))]
  if (verdicts.length === 0) return { says: 'unknown', evidence: ['no check of this version looks at it'] }
  for (const says of ['fails', 'unguarded', 'unknown'] as const) {
    const evidence = verdicts.filter((verdict) => verdict.says === says).flatMap((verdict) => verdict.evidence)
    if (evidence.length > 0) return { says, evidence }
  }
  const held = verdicts.filter(({ says }) => says === 'holds')
  return held.length === 0 ? { says: 'not applicable', evidence: verdicts.flatMap(({ evidence }) => evidence) } : { says: 'holds', evidence: held.flatMap(({ evidence }) => evidence) }
}

function judgeCheck(id: string, { judged, notAsked, notEnforced }: Known): Verdict {
  const findings = judged.findings.filter((finding) => finding.id === id)
  if (findings.length > 0) return { says: 'fails', evidence: findings.map(({ at, evidence }) => `${id}: ${at}: ${evidence}`) }
  const why = [...judged.unknown, ...notAsked].find((answer) => answer.id === id)?.why
  if (why !== undefined) return { says: 'unknown', evidence: [`${id}: ${why}`] }
  if (judged.passed.includes(id)) {
    // Written is not in force: a setting nobody obeys shows nothing.
    const idle = (restsOn[id] ?? []).filter((setting) => notEnforced.has(setting))
    return idle.length === 0 ? { says: 'holds', evidence: [`${id}: passed`] } : { says: 'unknown', evidence: [`${id}: ${idle.join(', ')} is accepted, and this version does not act on it yet`] }
  }
  const isUnguarded = guardAreas.has(id.split('.')[0]!) && judged.findings.some((finding) => finding.id === 'guard.stands-before-gateway')
  if (isUnguarded) return { says: 'unguarded', evidence: ['no guard stands before this installation'] }
  if (judged.skipped.includes(id)) return { says: 'not applicable', evidence: [`${id}: does not arise here`] }
  return { says: 'unknown', evidence: [`${id}: was not asked`] }
}

function judgeSurface(id: string, { proofs, now }: Known): Verdict {
  if (!proofs.known) return { says: 'unknown', evidence: [`surface ${id}: ${proofs.why}`] }
  const { log, surfaces, freshMs } = proofs.value
  if (log === null) return { says: 'unguarded', evidence: ['no guard stands before this installation'] }
  const found = surfaces.find((surface) => surface.id === id)
  if (!found) return { says: 'unknown', evidence: [`surface ${id}: not proven since the guard was last started`] }
  if (!found.ok) return { says: 'fails', evidence: [`surface ${id}: its last proof failed: ${found.detail}`] }
  const age = formatDuration(Math.max(0, now - found.at))
  return now - found.at > freshMs ? { says: 'unknown', evidence: [`surface ${id}: last proven ${age} ago, which is too long`] } : { says: 'holds', evidence: [`surface ${id}: proven ${age} ago`] }
}
