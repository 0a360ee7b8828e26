/**
 * How well findSecrets tells secrets from what looks like them, beside other scanners over the same cases.
 *
 *     node bench/detect-secrets.ts FOLDER [--half development|held-out] [--misses] [--cuts]
 *         [--openclaw] [--secretlint DIR] [--gitleaks PROGRAM] [--gitleaks-config FILE]
 *     node bench/detect-secrets.ts --text FILE.jsonl... [the same peers]
 *
 * FOLDER holds *.jsonl, one case a line: `{ text, label, type }`, label 1 for a text that holds a secret. A case counts
 * as found when anything is found in it. --half takes the cases whose SHA-256 begins with an even byte (development:
 * looked at while patterns were written) or an odd one (held-out: only counted). --misses lists the types behind the
 * errors. --cuts streams every case that is found, cut in two at every place: how often that shows more than the whole.
 * --text takes lines with a `text` nobody has labelled and counts the findings per million characters.
 *
 * Peers: OpenClaw's own redactor from node_modules; secretlint's recommended rules, from a DIR into which
 * `@secretlint/core` and `@secretlint/secretlint-rule-preset-recommend` are installed; gitleaks on files.
 */
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createStreamRedactor, findSecrets, redactSecrets } from '../src/content/index.ts'

interface Case {
  text: string
  label: 0 | 1
  type: string
}

/** Says of each text how many secrets a scanner sees in it. */
interface Scanner {
  name: string
  count(texts: readonly string[]): Promise<number[]>
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'string' },
    misses: { type: 'boolean', default: false },
    cuts: { type: 'boolean', default: false },
    text: { type: 'boolean', default: false },
    openclaw: { type: 'boolean', default: false },
    secretlint: { type: 'string' },
    gitleaks: { type: 'string' },
    'gitleaks-config': { type: 'string' },
  },
})
if (positionals.length === 0 || (options.half && !['development', 'held-out'].includes(options.half))) {
  console.error('usage: node bench/detect-secrets.ts FOLDER [--half development|held-out] [--misses] [--cuts] [peers]')
  process.exit(2)
}

const scanners = await allScanners()
if (options.text) await measureTexts(positionals)
else await measureSets(positionals[0]!)

async function measureSets(folder: string): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort()
  const rows = []
  const notes: string[] = []
  for (const file of files) {
    const cases = readCases(join(folder, file))
    for (const scanner of scanners) {
      const found = (await scanner.count(cases.map(({ text }) => text))).map((count) => count > 0)
      rows.push({ set: basename(file, '.jsonl'), scanner: scanner.name, ...score(cases, found) })
      if (options.misses && scanner === scanners[0]) notes.push(errorsOf(file, cases, found))
    }
    if (options.cuts) notes.push(`${file}: ${cutsOf(cases)}`)
  }
  console.table(rows)
  for (const note of notes) console.log(note)
}

async function measureTexts(files: readonly string[]): Promise<void> {
  const rows = []
  for (const file of files) {
    const texts = readTexts(file)
    const length = texts.reduce((sum, text) => sum + text.length, 0)
    for (const scanner of scanners) {
      const counts = await scanner.count(texts)
      const total = counts.reduce((sum, count) => sum + count, 0)
      rows.push({
        file: basename(file, '.jsonl'),
        scanner: scanner.name,
        'million characters': Math.round(length / 1e4) / 100,
        findings: total,
        'per million': Math.round(total / (length / 1e6)),
        'texts with any %': percent(counts.filter((count) => count > 0).length, texts.length),
      })
      if (options.misses && scanner === scanners[0]) console.log(`${file}: ${tally(texts.flatMap(typesIn))}`)
    }
  }
  console.table(rows)
}

/** The texts of a file: each line's own, or those of the files it lists. */
function readTexts(path: string): string[] {
  const lines = readLines(path) as (Partial<Case> & { files?: { content?: string }[] })[]
  return lines.flatMap(({ text, files = [] }) => text ?? files.map(({ content }) => content ?? ''))
}

function readCases(path: string): Case[] {
  const wanted = { development: 0, 'held-out': 1 }[options.half ?? '']
  return readLines(path).filter(({ text }) => wanted === undefined || halfOf(text) === wanted)
}

function readLines(path: string): Case[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Case)
}

function halfOf(text: string): number {
  return hash('sha256', text, 'buffer')[0]! % 2
}

function score(cases: readonly Case[], found: readonly boolean[]) {
  const secrets = cases.filter(({ label }) => label === 1).length
  const hits = cases.filter(({ label }, i) => label === 1 && found[i]).length
  const alarms = cases.filter(({ label }, i) => label === 0 && found[i]).length
  return {
    secret: secrets,
    harmless: cases.length - secrets,
    'recall %': percent(hits, secrets),
    'precision %': percent(hits, hits + alarms),
    'false alarms %': percent(alarms, cases.length - secrets),
  }
}

function errorsOf(file: string, cases: readonly Case[], found: readonly boolean[]): string {
  const missed = cases.filter(({ label }, i) => label === 1 && !found[i])
  const alarmed = cases.filter(({ label }, i) => label === 0 && found[i])
  return `\n${file}\n  missed: ${tally(missed.map(typeOf))}\n  false alarms: ${tally(alarmed.map(typeOf))}`
}

/** Streams each found case cut in two at each place, and counts the cuts that give another text than the whole. */
function cutsOf(cases: readonly Case[]): string {
  let cuts = 0
  let leaks = 0
  for (const { text } of cases) {
    const whole = redactSecrets(text)
    if (whole === text) continue
    for (let cut = 1; cut < text.length; cut++) {
      const redactor = createStreamRedactor()
      const parts = [redactor.push(text.slice(0, cut)), redactor.push(text.slice(cut)), redactor.end()]
      cuts++
      if (parts.map((part) => part.text).join('') !== whole) leaks++
    }
  }
  return `${cuts} cuts, ${leaks} of them show something else than the whole`
}

async function allScanners(): Promise<Scanner[]> {
  const peers = [
    options.openclaw ? await openclaw() : null,
    options.secretlint ? await secretlint(options.secretlint) : null,
    options.gitleaks ? gitleaks(options.gitleaks, options['gitleaks-config']) : null,
  ]
  return [hardshell(), ...peers.filter((peer) => peer !== null)]
}

function hardshell(): Scanner {
  return { name: 'hardshell', count: async (texts) => texts.map((text) => findSecrets(text).length) }
}

async function openclaw(): Promise<Scanner> {
  const { redactSensitiveText } = await import('openclaw/plugin-sdk/logging-core')
  // It does not say how many: a text it changes counts as one.
  const changes = (text: string): number => (redactSensitiveText(text, { mode: 'tools' }) === text ? 0 : 1)
  return { name: 'openclaw', count: async (texts) => texts.map(changes) }
}

interface Secretlint {
  lintSource(request: object): Promise<{ messages: readonly unknown[] }>
}

async function secretlint(folder: string): Promise<Scanner> {
  const find = createRequire(join(resolve(folder), 'package.json'))
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(find.resolve(name)).href)
  const { lintSource } = (await load('@secretlint/core')) as Secretlint
  const { creator } = (await load('@secretlint/secretlint-rule-preset-recommend')) as { creator: unknown }
  const id = '@secretlint/secretlint-rule-preset-recommend'
  const count = async (content: string): Promise<number> => {
    const source = { filePath: 'case.txt', content, ext: '.txt', contentType: 'text' }
    const { messages } = await lintSource({ source, options: { config: { rules: [{ id, rule: creator }] } } })
    return messages.length
  }
  return { name: 'secretlint', count: async (texts) => Promise.all(texts.map(count)) }
}

/** Each text is a file of its own, named so that no rule of gitleaks' own passes over it. */
function gitleaks(program: string, config: string | undefined): Scanner {
  const count = async (texts: readonly string[]): Promise<number[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
    try {
      const source = join(folder, 'cases')
      const report = join(folder, 'report.json')
      mkdirSync(source)
      for (const [i, text] of texts.entries()) writeFileSync(join(source, `${i}.txt`), text)
      const given = ['--no-git', '--no-banner', '-s', source, '-f', 'json', '-r', report]
      const ran = spawnSync(program, ['detect', ...given, ...(config ? ['-c', resolve(config)] : [])])
      if (ran.status !== 0 && ran.status !== 1) throw new Error(`gitleaks ended with ${ran.status}: ${ran.stderr}`)
      const findings = JSON.parse(readFileSync(report, 'utf8')) as { File: string }[]
      const counts = texts.map(() => 0)
      for (const { File } of findings) counts[Number(basename(File, '.txt'))]!++
      return counts
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  return { name: 'gitleaks', count }
}

function typesIn(text: string): string[] {
  return findSecrets(text).map(({ type }) => type)
}

function typeOf({ type }: Case): string {
  return type
}

function percent(part: number, whole: number): number | string {
  return whole === 0 ? '-' : Math.round((1000 * part) / whole) / 10
}

function tally(types: string[]): string {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([type, count]) => `${type} ${count}`).join(', ') || 'none'
}
