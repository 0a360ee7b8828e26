/**
 * How fast secrets are looked for, beside the plain way: every expression over the whole text, one after the other.
 *
 *     node bench/redact.ts [--text FILE...] [--rounds N] [--secretlint DIR]
 *
 * Without --text it reads the Markdown of docs/ and of the packages in node_modules, about ten megabytes. Times are
 * processor time, the best of so many rounds: what other programs on the machine take counts for little then.
 * The start-up row is a process of its own that redacts one line.
 */
import { execFileSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import {
  createKnownValues,
  createStreamRedactor,
  findSecrets,
  redactSecrets,
  secretPatterns,
  secretsPossible,
} from '../src/content/index.ts'

const { values: options } = parseArgs({
  options: {
    text: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    secretlint: { type: 'string' },
  },
})
const rounds = Number(options.rounds)
const text = corpus()
const bytes = Buffer.from(text)
const answer = `${'The gateway listens on loopback only, and nothing else is exposed to the network. '.repeat(122)}\n`
const digest = (value: string): string => createHmac('sha256', 'bench').update(value).digest('base64')
const known = createKnownValues(Array.from({ length: 20 }, () => randomBytes(24).toString('base64url')), digest)

const rows = [
  row('findSecrets', text.length, () => void findSecrets(text)),
  row('findSecrets, 20 known values', text.length, () => void findSecrets(text, known)),
  row('redactSecrets', text.length, () => void redactSecrets(text)),
  row('secretsPossible, pieces of 10 kB', bytes.length, possibleInPieces),
  row('createStreamRedactor, pieces of 40', 1e6, streamed),
  row('a thousand clean answers of 10 kB, findSecrets', 1000 * answer.length, thousandAnswers),
  row('peer: every expression over the whole text', 2e5, everyExpression),
]
if (options.secretlint) rows.push(await secretlintRow(options.secretlint))
console.log(`${secretPatterns.length} patterns, ${(text.length / 1e6).toFixed(1)} million characters`)
console.table(rows)
console.log(`hardshell redact of one line, whole process: ${startUpMs()} ms (best of ${rounds})`)

function corpus(): string {
  const files = options.text ?? [...globSync('docs/**/*.md'), ...globSync('node_modules/**/*.md')]
  let all = ''
  for (const file of files) {
    if (all.length > 1e7) break
    all += readFileSync(file, 'utf8')
  }
  return Buffer.from(all).toString() // one flat string, as it comes from a socket
}

function row(what: string, length: number, run: () => void) {
  const ms = bestMs(run)
  return { what, ms: Math.round(ms * 1000) / 1000, 'million characters/s': Math.round(length / ms / 100) / 10 }
}

function bestMs(run: () => void): number {
  let best = Infinity
  const until = performance.now() + 3000
  // Short ones are run more often, until the compiler has had its say.
  for (let i = 0; i < rounds || (i < 2000 && best < 5 && performance.now() < until); i++) {
    const before = process.threadCpuUsage()
    run()
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}

function possibleInPieces(): void {
  for (let at = 0; at < bytes.length; at += 10_000) secretsPossible(bytes, at, Math.min(at + 10_000, bytes.length))
}

function thousandAnswers(): void {
  for (let i = 0; i < 1000; i++) findSecrets(answer)
}

function streamed(): void {
  const redactor = createStreamRedactor()
  for (let at = 0; at < 1e6; at += 40) redactor.push(text.slice(at, at + 40))
  redactor.end()
}

function everyExpression(): void {
  const part = text.slice(0, 2e5)
  for (const { shape } of secretPatterns) {
    const everywhere = new RegExp(shape.source, shape.flags.includes('i') ? 'gi' : 'g')
    for (const match of part.matchAll(everywhere)) void match
  }
}

async function secretlintRow(folder: string) {
  const find = createRequire(join(resolve(folder), 'package.json'))
  const load = async (name: string) => import(pathToFileURL(find.resolve(name)).href)
  const id = '@secretlint/secretlint-rule-preset-recommend'
  const { lintSource } = await load('@secretlint/core')
  const { creator } = await load(id)
  const content = text.slice(0, 1e6)
  const source = { filePath: 'text.txt', content, ext: '.txt', contentType: 'text' }
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const before = process.threadCpuUsage()
    await lintSource({ source, options: { config: { rules: [{ id, rule: creator }] } } })
    const { user, system } = process.threadCpuUsage(before)
    best = Math.min(best, (user + system) / 1000)
  }
  return { what: 'peer: secretlint', ms: Math.round(best), 'million characters/s': Math.round(1e4 / best) / 10 }
}

function startUpMs(): number {
  const run = (): void => void execFileSync('./hardshell', ['redact'], { input: 'nothing to see here\n' })
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return Math.round(best)
}
