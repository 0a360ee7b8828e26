/**
 * How well findPii tells personal data from what looks like it.
 *
 *     node bench/detect-pii.ts FOLDER [--half dev|held-out] [--misses]
 *     node bench/detect-pii.ts --benign FILE.jsonl…
 *
 * FOLDER holds *.jsonl, one case a line: `{ text, label, meta }`, where `meta` has either `entity` (kinds the case is
 * about) and `positions` (`[start, end]` of them, where known), or `spans` (`[start, end, kind]`). Kinds are Presidio's;
 * those without a form of their own (names, places, dates, plates) are counted and left out. A case belongs to the half
 * that the first byte of the SHA-256 of its text says (even: dev), so that what was looked at while writing can be told
 * from what was not. With --benign every finding in the files is a false alarm, told by type and per megabyte.
 */
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPii, loadPhonePlans, type PiiFinding } from '../src/content/index.ts'

type Certainty = PiiFinding['certainty']
interface Case {
  text: string
  label: 0 | 1
  source?: string
  meta: { entity?: string[] | null; positions?: [number, number][] | null; spans?: [number, number, string][] }
}
interface Expected {
  kind: string
  /** Place of the value; `null` where the set does not tell. */
  at: [number, number] | null
}
interface Score {
  expected: number
  overlapping: number
  exact: number
  wrong: number
}

/** Presidio's name for a kind, and ours. */
const ours: Readonly<Record<string, readonly string[]>> = {
  ABA_ROUTING_NUMBER: ['us-routing-number'],
  AU_ABN: ['au-abn'],
  AU_ACN: ['au-acn'],
  AU_MEDICARE: ['au-medicare'],
  AU_TFN: ['au-tfn'],
  CA_SIN: ['ca-sin'],
  CREDIT_CARD: ['credit-card'],
  CRYPTO: ['crypto-address'],
  DE_FUEHRERSCHEIN: ['de-driving-licence'],
  DE_HEALTH_INSURANCE: ['de-health-insurance'],
  DE_ID_CARD: ['de-passport'],
  DE_LANR: ['de-physician'],
  DE_PASSPORT: ['de-passport'],
  DE_SOCIAL_SECURITY: ['de-social-security'],
  DE_TAX_ID: ['de-tax-id'],
  DE_TAX_NUMBER: ['de-tax-number'],
  DE_VAT_ID: ['vat-id'],
  EMAIL_ADDRESS: ['email'],
  ES_NIE: ['es-nie'],
  ES_NIF: ['es-dni'],
  ES_PASSPORT: ['es-passport'],
  FI_PERSONAL_IDENTITY_CODE: ['fi-hetu'],
  IN_AADHAAR: ['in-aadhaar'],
  IN_GSTIN: ['in-gstin'],
  IN_PAN: ['in-pan'],
  IN_PASSPORT: ['in-passport'],
  IN_VOTER: ['in-voter'],
  IP_ADDRESS: ['ip-address'],
  IT_DRIVER_LICENSE: ['it-document'],
  IT_FISCAL_CODE: ['it-fiscal-code'],
  IT_IDENTITY_CARD: ['it-document'],
  IT_PASSPORT: ['it-document'],
  IT_VAT_CODE: ['vat-id'],
  KR_BRN: ['kr-brn'],
  KR_DRIVER_LICENSE: ['kr-driver-license'],
  KR_FRN: ['kr-frn'],
  KR_PASSPORT: ['kr-passport'],
  KR_RRN: ['kr-rrn'],
  MAC_ADDRESS: ['mac-address'],
  MEDICAL_LICENSE: ['us-dea'],
  NG_NIN: ['ng-nin'],
  PHONE_NUMBER: ['phone'],
  PH_MOBILE_NUMBER: ['phone'],
  PH_TIN: ['ph-tin'],
  PL_PESEL: ['pl-pesel'],
  SE_ORGANISATIONSNUMMER: ['se-organisationsnummer'],
  SE_PERSONNUMMER: ['se-personnummer'],
  SG_NRIC_FIN: ['sg-nric'],
  SG_UEN: ['sg-uen'],
  TH_TNIN: ['th-national-id'],
  TR_NATIONAL_ID: ['tr-national-id'],
  TR_PHONE_NUMBER: ['phone'],
  UK_DRIVING_LICENCE: ['uk-driving-licence'],
  UK_NHS: ['uk-nhs'],
  UK_NINO: ['uk-nino'],
  UK_PASSPORT: ['uk-passport'],
  US_BANK_NUMBER: ['us-bank-account'],
  US_DRIVER_LICENSE: ['us-driver-license'],
  US_ITIN: ['us-itin'],
  US_MBI: ['us-medicare'],
  US_NPI: ['us-npi'],
  US_PASSPORT: ['us-passport'],
  US_SSN: ['us-ssn'],
  ZA_ID_NUMBER: ['za-id'],
}

/** Those of the kinds above that cases with `spans` mark. */
const marked = ['PHONE_NUMBER', 'CREDIT_CARD', 'US_SSN', 'IP_ADDRESS', 'EMAIL_ADDRESS', 'US_DRIVER_LICENSE']

const phones = await loadPhonePlans()
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { half: { type: 'string' }, misses: { type: 'boolean' }, benign: { type: 'boolean' } },
})
if (positionals.length === 0) {
  console.error('usage: node bench/detect-pii.ts FOLDER [--half dev|held-out] [--misses] | --benign FILE.jsonl…')
  process.exit(2)
}
if (flags.benign) for (const file of positionals) reportBenign(file)
else reportFolder(positionals[0]!)

function reportFolder(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.jsonl')).sort()) {
    const cases = readCases(join(folder, name)).filter(({ text }) => !flags.half || halfOf(text) === flags.half)
    console.log(`\n${name}: ${cases.length} cases`)
    for (const least of ['likely', 'possible'] as const) reportSet(cases, least)
  }
}

function reportSet(cases: readonly Case[], least: Certainty): void {
  const scores = new Map<string, Score>()
  let left = 0
  for (const one of cases) {
    const kinds = kindsOf(one)
    if (kinds.length === 0) left++
    for (const kind of kinds) judge(one, kind, least, scoreOf(scores, kind))
  }
  const all: Score = { expected: 0, overlapping: 0, exact: 0, wrong: 0 }
  for (const score of scores.values()) for (const key of keysOf(all)) all[key] += score[key]
  console.log(`findings that are at least ${least}; ${left} cases hold only kinds that are not looked for`)
  const byKind = [...scores].sort(([a], [b]) => (a < b ? -1 : 1))
  console.table([...byKind.map(([kind, score]) => row(kind, score)), row('all', all)])
}

function judge(one: Case, kind: string, least: Certainty, score: Score): void {
  const found = findPii(one.text, { least, types: ours[kind]!, phones })
  const expected = expectedOf(one).filter((value) => value.kind === kind)
  const hits = expected.filter(({ at }) => found.some(({ start, end }) => !at || (start < at[1] && end > at[0])))
  const exact = expected.filter(({ at }) => found.some(({ start, end }) => !at || (start === at[0] && end === at[1])))
  const wrong = found.filter(({ start, end }) => !expected.some(({ at }) => !at || (start < at[1] && end > at[0])))
  score.expected += expected.length
  score.overlapping += hits.length
  score.exact += exact.length
  score.wrong += wrong.length
  if (!flags.misses) return
  if (hits.length < expected.length) console.log(`  ${kind} missed in ${JSON.stringify(one.text)}`)
  if (wrong.length > 0) console.log(`  ${kind} false alarm in ${JSON.stringify(one.text)}`)
}

/** Kinds a case says something about: that it holds one, or that what it holds is none. */
function kindsOf(one: Case): string[] {
  if (one.meta.spans) return marked
  // The set leaves out the kind where a recognizer has a single one.
  const kinds = one.meta.entity ?? (one.source?.includes('phone') ? ['PHONE_NUMBER'] : [])
  return kinds.filter((kind) => kind in ours)
}

function expectedOf(one: Case): Expected[] {
  if (one.meta.spans) return one.meta.spans.map(([start, end, kind]) => ({ kind, at: [start, end] }))
  if (one.label === 0) return []
  const kind = one.meta.entity?.[0] ?? 'PHONE_NUMBER'
  const places = one.meta.positions ?? []
  return places.length > 0 ? places.map((at) => ({ kind, at })) : [{ kind, at: null }]
}

function reportBenign(file: string): void {
  const harmless = readCases(file).filter(({ label }) => label === 0)
  const found = harmless.map(({ text }) => findPii(text, { phones }))
  const characters = harmless.reduce((sum, { text }) => sum + text.length, 0)
  const counts = new Map<string, number>()
  for (const { type } of found.flat()) counts.set(type, (counts.get(type) ?? 0) + 1)
  const alarmed = found.filter((findings) => findings.length > 0).length
  const types = [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type} ${count}`).join(', ')
  const perMegabyte = ((found.flat().length * 1e6) / Math.max(1, characters)).toFixed(1)
  console.log(`${basename(file)}: ${alarmed} of ${harmless.length} texts, ${perMegabyte} a megabyte: ${types || 'none'}`)
  if (!flags.misses) return
  for (const [i, { text }] of harmless.entries()) {
    for (const { type, start, end } of found[i]!) {
      console.log(`  ${type} in ${JSON.stringify(text.slice(Math.max(0, start - 40), end + 10))}`)
    }
  }
}

function readCases(path: string): Case[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const one = JSON.parse(line) as Case
    const positions = one.meta?.positions as number[] | [number, number][] | null | undefined
    // Some recognizers of the set write a single place without its list.
    const isFlat = typeof positions?.[0] === 'number'
    return { ...one, meta: { ...one.meta, positions: (isFlat ? [positions] : positions) as [number, number][] } }
  })
}

function halfOf(text: string): 'dev' | 'held-out' {
  return createHash('sha256').update(text).digest()[0]! % 2 === 0 ? 'dev' : 'held-out'
}

function scoreOf(scores: Map<string, Score>, kind: string): Score {
  const score = scores.get(kind) ?? { expected: 0, overlapping: 0, exact: 0, wrong: 0 }
  scores.set(kind, score)
  return score
}

function row(kind: string, { expected, overlapping, exact, wrong }: Score) {
  return {
    kind,
    values: expected,
    'recall %': percent(overlapping, expected),
    'exact %': percent(exact, expected),
    'precision %': percent(overlapping, overlapping + wrong),
    'false alarms': wrong,
  }
}

function percent(part: number, whole: number): number | string {
  return whole === 0 ? '-' : Math.round((1000 * part) / whole) / 10
}

function keysOf(score: Score): (keyof Score)[] {
  return Object.keys(score) as (keyof Score)[]
}
