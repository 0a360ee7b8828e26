/**
 * How long an audit takes: `node bench/security-audit.ts [--runs 10] [--openclaw-runs 3]`. Whole processes as a user
 * starts them (`./hardshell`), and what the report says of reading and judging alone. Peer in the same run: the pinned
 * OpenClaw's own `security audit` of the same installation, in a home of its own. Prints median and worst in ms.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const openclaw = join(root, 'node_modules', 'openclaw', 'openclaw.mjs')
const number = (flag: string, fallback: number): number => {
  const at = process.argv.indexOf(flag)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [runs, peerRuns] = [number('--runs', 10), number('--openclaw-runs', 3)]

const home = mkdtempSync(join(tmpdir(), 'hardshell-audit-bench-'))
const state = join(home, '.openclaw')
const config = join(state, 'openclaw.json')
mkdirSync(state, { mode: 0o700 })
// An installation as a first guide leaves it: one channel, a few settings, nothing hardened.
writeFileSync(config, JSON.stringify({ gateway: { mode: 'local', bind: 'lan', auth: { mode: 'none' } }, channels: { telegram: { enabled: true, dmPolicy: 'open', allowFrom: ['*'] } }, tools: { exec: { host: 'gateway' } } }, null, 2), { mode: 0o644 })
const env = { PATH: process.env['PATH'] ?? '', HOME: home, HARDSHELL_STATE: join(home, '.hardshell') }

interface Timed { wholeMs: number; insideMs: number | null; findings: number | null }

const rows = [
  measure('hardshell --version', runs, () => timed(join(root, 'hardshell'), ['--version'])),
  measure('configuration alone (goal 150 inside)', runs, () => timed(join(root, 'hardshell'), ['security', 'audit', '--json', '--no-native', '--config', config])),
  measure('configuration and state', runs, () => timed(join(root, 'hardshell'), ['security', 'audit', '--json', '--no-native', '--config', config, '--state-dir', state])),
  measure('everything on this machine (goal 1000)', runs, () => timed(join(root, 'hardshell'), ['security', 'audit', '--json', '--no-native'])),
  measure('openclaw security audit --json', peerRuns, () => timed(process.execPath, [openclaw, 'security', 'audit', '--json'])),
]
rmSync(home, { recursive: true, force: true })

console.log(`load average ${loadavg()[0]!.toFixed(1)}, ${runs} runs each, OpenClaw ${peerRuns}\n`)
console.log('| what | process, median ms | worst | reading and judging, median | worst | findings |\n|---|--:|--:|--:|--:|--:|')
for (const { name, whole, inside, findings } of rows) console.log(`| ${name} | ${whole[0]} | ${whole[1]} | ${inside?.[0] ?? ''} | ${inside?.[1] ?? ''} | ${findings ?? ''} |`)

function measure(name: string, count: number, once: () => Timed): { name: string; whole: [string, string]; inside: [string, string] | null; findings: number | null } {
  once() // once for the caches: a user's second command is what counts
  const all = Array.from({ length: count }, once)
  const inside = all.flatMap(({ insideMs }) => insideMs ?? [])
  return { name, whole: spread(all.map(({ wholeMs }) => wholeMs)), inside: inside.length === 0 ? null : spread(inside), findings: all[0]!.findings }
}

function spread(times: readonly number[]): [string, string] {
  const sorted = times.toSorted((a, b) => a - b)
  return [sorted[Math.floor(sorted.length / 2)]!.toFixed(0), sorted.at(-1)!.toFixed(0)]
}

function timed(program: string, args: readonly string[]): Timed {
  const started = performance.now()
  const { stdout } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] })
  const wholeMs = performance.now() - started
  try {
    const { tookMs, findings } = JSON.parse(stdout) as { tookMs?: number; findings?: unknown[] }
    return { wholeMs, insideMs: tookMs ?? null, findings: findings?.length ?? null }
  } catch {
    return { wholeMs, insideMs: null, findings: null } // `--version` is no JSON
  }
}
