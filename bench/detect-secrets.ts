/**
 * How well findSecrets tells secrets from what looks like them.
 *
 *     node bench/detect-secrets.ts FOLDER [--misses]
 *
 * FOLDER holds *.jsonl, one case a line: `{ text, label, type }`, label 1 for a text that holds a secret. A case counts
 * as found when anything is found in it. Precision and recall are per file; --misses lists the types behind the errors.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findSecrets } from '../src/content/index.ts'

interface Case {
  text: string
  label: 0 | 1
  type: string
}

const [folder, option] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node bench/detect-secrets.ts FOLDER [--misses]')
  process.exit(2)
}

const rows = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .map((name) => measure(name, readCases(join(folder, name))))
console.table(rows.map(({ row }) => row))
if (option === '--misses') {
  for (const { row, missed, alarmed } of rows) {
    console.log(`\n${row.file}\n  missed: ${tally(missed)}\n  false alarms: ${tally(alarmed)}`)
  }
}

function readCases(path: string): Case[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Case)
}

function measure(file: string, cases: Case[]) {
  const judged = cases.map((one) => ({ ...one, found: findSecrets(one.text).length > 0 }))
  const secret = judged.filter(({ label }) => label === 1)
  const harmless = judged.filter(({ label }) => label === 0)
  const hits = secret.filter(({ found }) => found).length
  const alarmed = harmless.filter(({ found }) => found)
  const row = {
    file,
    secret: secret.length,
    harmless: harmless.length,
    'recall %': percent(hits, secret.length),
    'precision %': percent(hits, hits + alarmed.length),
    'false alarms %': percent(alarmed.length, harmless.length),
  }
  return { row, missed: secret.filter(({ found }) => !found).map(typeOf), alarmed: alarmed.map(typeOf) }
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
