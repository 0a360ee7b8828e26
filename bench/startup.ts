/**
 * How long the command line takes, as whole processes: `node bench/startup.ts [--runs 10]`, after `npm run build`.
 * Peers in the same run: Node doing nothing, and OpenClaw printing its version. Prints median and worst in ms.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist', 'src', 'cli', 'main.js')
const openclaw = join(root, 'node_modules', 'openclaw', 'openclaw.mjs')
const at = process.argv.indexOf('--runs')
const runs = at < 0 ? 10 : Number(process.argv[at + 1])

if (!existsSync(built)) {
  console.error('there is no dist/; next: npm run build')
  process.exit(6)
}

const home = mkdtempSync(join(tmpdir(), 'hardshell-startup-'))
const env = { PATH: process.env.PATH ?? '', HOME: home, HARDSHELL_STATE: join(home, 'state') }
const rows = [
  measure('node, nothing at all', ['-e', '']),
  measure('openclaw --version', [openclaw, '--version']),
  measure('hardshell --version (goal 60)', [built, '--version']),
  measure('hardshell status, no guard (goal 150)', [built, 'status']),
  measure('hardshell redact, one line', [built, 'redact']),
  measure('hardshell config check, defaults', [built, 'config', 'check']),
]
rmSync(home, { recursive: true, force: true })

console.log('| command | median ms | worst ms | × bare node |\n|---|--:|--:|--:|')
for (const { name, median, worst } of rows) {
  console.log(`| ${name} | ${median.toFixed(0)} | ${worst.toFixed(0)} | ${(median / rows[0]!.median).toFixed(1)} |`)
}

function measure(name: string, args: string[]): { name: string; median: number; worst: number } {
  run(args) // once for the caches: a user's second command is what counts
  const times = Array.from({ length: runs }, () => run(args)).toSorted((a, b) => a - b)
  return { name, median: times[Math.floor(times.length / 2)]!, worst: times.at(-1)! }
}

function run(args: string[]): number {
  const started = performance.now()
  spawnSync(process.execPath, args, { env, input: 'nothing secret\n', stdio: ['pipe', 'ignore', 'ignore'] })
  return performance.now() - started
}
