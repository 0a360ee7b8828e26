/**
 * How often findExfiltration calls an address in harmless text one that carries data out.
 *
 *     node bench/detect-exfiltration.ts [--misses] FILE.jsonl…
 *
 * A line is `{ text, label }`; lines with label 1 are left out. No host is allowed, so every remote image counts; links
 * are told apart, because for those the payload decides. The attacks and good addresses written for this are in
 * `src/content/output/exfiltration/corpus.test.samples.ts`, and the suite beside it holds all of them.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { findExfiltration } from '../src/content/index.ts'

const { values: flags, positionals } = parseArgs({ allowPositionals: true, options: { misses: { type: 'boolean' } } })
if (positionals.length === 0) {
  console.error('usage: node bench/detect-exfiltration.ts [--misses] FILE.jsonl…')
  process.exit(2)
}
console.table(positionals.map(measure))

function measure(file: string) {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
  const cases = lines.map((line) => JSON.parse(line) as { text: string; label: 0 | 1 })
  const texts = cases.filter(({ label }) => label === 0).map(({ text }) => text)
  const found = texts.flatMap((text) => findExfiltration(text).map((finding) => ({ ...finding, text })))
  if (flags.misses) {
    for (const { type, reason, text, start, end } of found) console.log(`  ${type} ${reason} ${text.slice(start, end)}`)
  }
  return {
    file: basename(file),
    texts: texts.length,
    addresses: texts.reduce((sum, text) => sum + (text.match(/https?:\/\//g)?.length ?? 0), 0),
    images: found.filter(({ type }) => type === 'exfiltration-image').length,
    links: found.filter(({ type }) => type === 'exfiltration-link').length,
  }
}
