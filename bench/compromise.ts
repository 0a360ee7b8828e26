/**
 * How well `compromise assess` tells malicious skills from honest ones.
 *
 *     node bench/compromise.ts FOLDER [--no-indicators] [--misses] [--speed]
 *
 * FOLDER holds *.jsonl, one skill a line: `{ id, label, files: [{ path, content }] }`, label 1 for a malicious one. A
 * skill is a *hit* when one trace in it is certain, *suspicious* when there is any. Lines with an even number (from 0)
 * are the development half, whose errors were looked at while rules were written; the odd ones are only counted.
 * --no-indicators leaves the rules alone, as with a campaign nobody has published yet. --misses lists the errors of the
 * development half with the traces behind them. --speed says how many characters a second are scanned. Nothing in the
 * folder is run, written or sent.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { admitIndicators } from '../src/posture/compromise/admit.ts'
import { behaviours } from '../src/posture/compromise/behaviours.ts'
import { shippedIndicators } from '../src/posture/compromise/indicator-list.ts'
import { compileIndicators } from '../src/posture/compromise/match-indicators.ts'
import { lineOf, scanText, type Trace } from '../src/posture/compromise/scan-text.ts'

interface Skill {
  id: string
  label: 0 | 1
  files: readonly { path: string; content?: string }[]
}

interface Judged {
  skill: Skill
  traces: readonly (Trace & { at: string })[]
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-indicators': { type: 'boolean', default: false }, misses: { type: 'boolean', default: false }, speed: { type: 'boolean', default: false } },
})
const [folder] = positionals
if (folder === undefined) {
  console.error('usage: node bench/compromise.ts FOLDER [--no-indicators] [--misses] [--speed]')
  process.exit(2)
}

const known = { indicators: compileIndicators(options['no-indicators'] ? [] : admitIndicators(shippedIndicators)), behaviours }

for (const name of readdirSync(folder).filter((file) => file.endsWith('.jsonl')).sort()) measure(name)

function measure(name: string): void {
  const skills = readFileSync(join(folder!, name), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Skill)
  const started = performance.now()
  const judged = skills.map((skill): Judged => ({ skill, traces: skill.files.flatMap(({ path, content = '' }) => scanText(content, 'skill', known).map((trace) => ({ ...trace, at: `${path}:${lineOf(content, trace.start)}` }))) }))
  const seconds = (performance.now() - started) / 1000
  for (const [half, rest] of [['development', 0], ['held-out', 1]] as const) {
    const part = judged.filter((_, index) => index % 2 === rest)
    for (const label of [1, 0] as const) report(`${name} ${half} ${label === 1 ? 'malicious' : 'benign'}`, part.filter(({ skill }) => skill.label === label))
    if (options.misses && half === 'development') part.forEach(tellError)
  }
  const characters = skills.reduce((sum, { files }) => sum + files.reduce((all, { content = '' }) => all + content.length, 0), 0)
  if (options.speed) console.log(`${name}: ${characters} characters in ${seconds.toFixed(2)} s, ${(characters / seconds / 1e6).toFixed(1)} million a second`)
}

function report(what: string, part: readonly Judged[]): void {
  if (part.length === 0) return
  const hit = part.filter(({ traces }) => traces.some(({ confidence }) => confidence === 'certain')).length
  const any = part.filter(({ traces }) => traces.length > 0).length
  const share = (count: number): string => `${count}/${part.length} (${((count / part.length) * 100).toFixed(1)} %)`
  console.log(`${what}: hit ${share(hit)}, suspicious or hit ${share(any)}`)
}

function tellError({ skill, traces }: Judged): void {
  if (skill.label === 1 && traces.some(({ confidence }) => confidence === 'certain')) return
  if (skill.label === 0 && traces.length === 0) return
  console.log(`  ${skill.label === 1 ? 'missed' : 'false'} ${skill.id}: ${traces.map(({ id, at, decoding, confidence }) => `${id} ${confidence} ${at} ${decoding.join('>')}`).join('; ') || 'no trace'}`)
}
