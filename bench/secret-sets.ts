/**
 * Labelled texts for detect-secrets.ts from the tests of scanners no pattern of ours was written from: what another
 * team thinks a secret looks like.
 *
 *     node bench/secret-sets.ts OUT [--noseyparker DIR] [--kingfisher DIR] [--credsweeper DIR] [--leaky-repo DIR]
 *         [--trufflehog DIR]
 *
 * Each DIR is a checkout: github.com/praetorian-inc/noseyparker, mongodb/kingfisher, Samsung/CredSweeper,
 * Plazmaz/leaky-repo, trufflesecurity/trufflehog. Nothing of them is kept here; TruffleHog's licence is AGPL-3.0, the
 * others' are Apache-2.0 and MIT. OUT gets one `NAME.jsonl` for each, `{ text, label, type }` a line.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'

interface Case {
  text: string
  label: 0 | 1
  type: string
}

// What CredSweeper reports and nobody would call a secret.
const noSecrets = new Set(['UUID', 'IPv4', 'IPv6', 'AWS S3 Bucket', 'URL'])

const makers = {
  noseyparker: (folder: string) => rules(join(folder, 'crates/noseyparker/data/default/builtin/rules')),
  kingfisher: (folder: string) => rules(join(folder, 'data/rules')),
  credsweeper: samples,
  'leaky-repo': files,
  trufflehog: tests,
} satisfies Record<string, (folder: string) => Case[]>

const folder = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { noseyparker: folder, kingfisher: folder, credsweeper: folder, 'leaky-repo': folder, trufflehog: folder },
})
const [out] = positionals
if (out === undefined) {
  console.error('usage: node bench/secret-sets.ts OUT --noseyparker DIR ...')
  process.exit(2)
}
mkdirSync(out, { recursive: true })
for (const [name, make] of Object.entries(makers)) {
  const from = values[name as keyof typeof makers]
  if (from !== undefined) write(join(out, `${name}.jsonl`), make(from))
}

/** Once each: the same text twice would count twice. */
function write(path: string, cases: readonly Case[]): void {
  const seen = new Map(cases.toReversed().map((one) => [one.text, one]))
  const kept = [...seen.values()].filter(({ text }) => text.trim() !== '')
  writeFileSync(path, kept.map((one) => `${JSON.stringify(one)}\n`).join(''))
  const secrets = kept.filter(({ label }) => label === 1).length
  console.log(`${path}: ${secrets} with a secret, ${kept.length - secrets} without`)
}

interface Rule {
  id?: string
  name: string
  categories?: string[]
  examples?: string[]
  negative_examples?: string[]
}

/** The examples a rule must match and must not. */
function rules(folder: string): Case[] {
  const found = globSync(`${folder}/**/*.yml`).toSorted().flatMap((path) => readRules(path))
  return found.flatMap((rule) => [
    ...(rule.examples ?? []).map((text): Case => ({ text: String(text), label: 1, type: rule.id ?? rule.name })),
    ...(rule.negative_examples ?? []).map((text): Case => ({ text: String(text), label: 0, type: rule.id ?? rule.name })),
  ])
}

/** Rules about what is no secret (hosts, names of buckets) say so in their categories. */
function readRules(path: string): Rule[] {
  const read = parse(readFileSync(path, 'utf8')) as { rules?: Rule[] } | null
  return (read?.rules ?? []).filter(({ categories }) => categories?.includes('secret') ?? true)
}

/** Lines it reports without its model, and the other lines of the samples that are named as harmless. */
function samples(folder: string): Case[] {
  const report = JSON.parse(readFileSync(join(folder, 'tests/data/output.json'), 'utf8')) as {
    rule: string
    line_data_list: { line: string }[]
  }[]
  const reported = report.filter(({ rule }) => !noSecrets.has(rule)).flatMap(({ rule, line_data_list }) =>
    line_data_list.filter(({ line }) => line && line.length <= 4000).map(({ line }): Case => ({ text: line, label: 1, type: rule })))
  const known = new Set(reported.map(({ text }) => text.trim()))
  const harmless = globSync(join(folder, 'tests/samples/*')).filter((path) =>
    /(?:_n|_n\.template|_fp|FALSE|false_positive)$/.test(path))
  const lines = harmless.flatMap((path) => readFileSync(path, 'utf8').split('\n').map((text) => ({ path, text })))
  return [
    ...reported,
    ...lines.filter(({ text }) => text.length < 2000 && !known.has(text.trim()))
      .map(({ path, text }): Case => ({ text, label: 0, type: basename(path) })),
  ]
}

/** Files as people leave them lying about; the list says which hold a secret and not only an address. */
function files(folder: string): Case[] {
  const list = readFileSync(join(folder, '.leaky-meta/secrets.csv'), 'utf8').split('\n')
  const rows = list.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(','))
  return rows.filter(([, risks]) => Number(risks) > 0).map(([name]): Case =>
    ({ text: readFileSync(join(folder, name!), 'utf8'), label: 1, type: name! }))
}

/** The inputs of its detectors' own tests from which something is wanted. What is not wanted may be a key all the same. */
function tests(folder: string): Case[] {
  const form = /input:\s*(`[^`]*`|"(?:[^"\\]|\\.)*"),\s*want:\s*\[\]string\{\s*(?:`[^`]+`|"(?:[^"\\]|\\.)+")/g
  return globSync(join(folder, 'pkg/detectors/**/*_test.go')).filter((path) => !path.includes('integration')).toSorted()
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(form)].map(([, input]): Case =>
      ({ text: goString(input!), label: 1, type: basename(dirname(path)) })))
}

function goString(literal: string): string {
  const inner = literal.slice(1, -1)
  if (literal.startsWith('`')) return inner
  return inner.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"')
}
