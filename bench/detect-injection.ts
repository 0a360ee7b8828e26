/**
 * How well detectInjection tells attacks from texts that are none, beside two others.
 *
 *     node bench/detect-injection.ts FOLDER [--part dev|held-out|all] [--llm-guard DIR]
 *     node bench/detect-injection.ts FOLDER --leave-one-out
 *
 * FOLDER holds *.jsonl, one `{ text, label, kind, channel, meta }` a line. The part is chosen by the hash of the text
 * (scripts/injection-corpus.ts); held-out, the default, is the one nothing was learnt from and no limit was set on.
 * --leave-one-out trains anew without one set at a time and judges that whole set: how it does on sets from elsewhere.
 * The others: the four patterns of the hardening guide, and the npm package llm-guard installed below DIR.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { detectInjection, injectionThresholds, InputValidator, ValidationError } from '../src/content/index.ts'
import { suspicionOf } from '../src/content/injection/detect.ts'
import { trainedFor } from '../src/content/injection/trained.ts'
import { allSamples, type Sample } from '../scripts/injection-corpus.ts'
import { learn } from '../scripts/injection-learn.ts'
import { forModel, groupOf } from '../scripts/injection-limits.ts'

type Says = (sample: Sample) => Promise<boolean>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { part: { type: 'string', default: 'held-out' }, 'llm-guard': { type: 'string' }, 'leave-one-out': { type: 'boolean' } },
})
const [folder] = positionals
if (!folder) {
  console.error('usage: node bench/detect-injection.ts FOLDER [--part dev|held-out|all] [--llm-guard DIR] [--leave-one-out]')
  process.exit(2)
}

// Long texts are judged too: the guide's limit of length is not what is compared.
const guide = new InputValidator({ maxLength: 1_000_000, allowHtml: true })

const samples = allSamples(folder, join(import.meta.dirname, '../node_modules'))
if (values['leave-one-out']) console.table(leaveOneOut())
else await besideOthers()

async function besideOthers(): Promise<void> {
  const wanted = samples.filter(({ set, part }) => !set.startsWith('own ') && (values.part === 'all' || part === values.part))
  const score = scores(wanted)
  const others: Record<string, Says> = { 'guide %': ({ text }) => Promise.resolve(guideRefuses(text)) }
  if (values['llm-guard']) others['llm-guard %'] = llmGuard(values['llm-guard'])
  console.table(
    await Promise.all(
      groupsOf(wanted).map(async ([name, group]) => ({
        set: name,
        texts: group.length,
        'flag %': percent(group.filter((sample) => score.get(sample)! >= injectionThresholds.flag).length, group.length),
        'block %': percent(group.filter((sample) => score.get(sample)! >= injectionThresholds.block).length, group.length),
        ...(await rates(group, others)),
      })),
    ),
  )
  console.table([precision('flag', wanted, score), precision('block', wanted, score)])
}

/** Judges every text, and says how fast: by processor time of the second round, for others use the machine too. */
function scores(wanted: readonly Sample[]): Map<Sample, number> {
  const units = wanted.reduce((sum, { text }) => sum + text.length, 0)
  const judgeAll = () => new Map(wanted.map((sample) => [sample, detectInjection(sample.text, { channel: sample.channel }).score]))
  judgeAll()
  const began = process.cpuUsage()
  const score = judgeAll()
  const { user, system } = process.cpuUsage(began)
  console.log(`${wanted.length} texts, ${Math.round(units / 1000)} KB, ${(units / (user + system)).toFixed(1)} MB/s of processor time`)
  return score
}

async function rates(group: readonly Sample[], others: Record<string, Says>): Promise<Record<string, number>> {
  const rows = Object.entries(others).map(async ([name, says]) => {
    const said = await Promise.all(group.map((sample) => says(sample)))
    return [name, percent(said.filter(Boolean).length, group.length)] as const
  })
  return Object.fromEntries(await Promise.all(rows))
}

function precision(threshold: 'flag' | 'block', wanted: readonly Sample[], score: Map<Sample, number>) {
  const hit = wanted.filter((sample) => score.get(sample)! >= injectionThresholds[threshold])
  const about = hit.filter(({ kind }) => kind === 'doc_about_injection').length
  const right = hit.filter(({ label }) => label === 1).length
  return { threshold, hits: hit.length, 'precision %': percent(right, hit.length - about), 'with texts about injection %': percent(right, hit.length) }
}

function leaveOneOut() {
  const sets = [...new Set(samples.map(({ set }) => set))]
  return sets.flatMap((left) =>
    groupsOf(samples.filter(({ set }) => set === left)).map(([name, group]) => {
      const which = groupOf(group[0]!)
      const rest = samples.filter(({ set }) => set !== left)
      const model = learn(forModel(rest.filter(({ part }) => part === 'train'), which))
      const { limits } = trainedFor(group[0]!.channel)
      const logits = group.map(({ text, channel }) => suspicionOf(text, channel, model))
      const above = (limit: number): number => percent(logits.filter((logit) => logit >= limit).length, logits.length)
      return { set: name, texts: group.length, 'flag %': above(limits.flag), 'block %': above(limits.block) }
    }),
  )
}

/** A row each: attacks are recall, the others false alarms. */
function groupsOf(wanted: readonly Sample[]): [string, Sample[]][] {
  const groups = new Map<string, Sample[]>()
  for (const sample of wanted) {
    const name = `${sample.set} · ${groupOf(sample)} · ${sample.label === 1 ? 'ATTACK' : sample.kind}`
    groups.set(name, [...(groups.get(name) ?? []), sample])
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1))
}

function guideRefuses(text: string): boolean {
  try {
    guide.validate(text)
    return false
  } catch (error) {
    if (error instanceof ValidationError) return true
    throw error
  }
}

/** Its guards against jailbreaks, injection and leaks, as its documentation sets them up. */
function llmGuard(folder: string): Says {
  const { LLMGuard } = createRequire(join(folder, 'x.js'))('llm-guard') as LlmGuardPackage
  const guard = new LLMGuard({ promptInjection: { enabled: true }, jailbreak: { enabled: true } })
  return async ({ text }) => !(await guard.validate(text)).isValid
}

interface LlmGuardPackage {
  LLMGuard: new (options: object) => { validate(text: string): Promise<{ isValid: boolean }> }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? NaN : Math.round((1000 * part) / whole) / 10
}
