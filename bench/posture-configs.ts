/**
 * How well the checks judge configurations, beside what OpenClaw's own audit says of them.
 *
 *     node bench/posture-configs.ts FOLDER [--misses] [--extras]
 *
 * FOLDER holds openclaw_wild.jsonl (`{ id, config, oracle: { findings: [{ checkId, severity }] } }`) and
 * openclaw_audit_testcases.jsonl (`{ id, config, expected: [{ checkId, severity }], has_negation }`). A finding of the
 * oracle counts as told when one of ours covers its id. Cases with an even number were looked at while checks were
 * written, odd ones were only counted. --misses names what was not told, --extras what only we tell.
 *
 * Two things beside recall: a configuration every fix was applied to must have no critical finding left, nor must the
 * one our own overlay makes; and the time to read and judge one file.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Secret } from '../src/base/index.ts'
import { applyChanges, planOverlay, type OverlayFacts } from '../src/openclaw/index.ts'
import { ExampleMachine } from '../src/posture/example-machine.ts'
import { checks, gather, judge, planFor, severities, type Finding, type Gathered } from '../src/posture/index.ts'

interface Told {
  checkId: string
  severity?: string
}

interface Case {
  id: string
  text: string
  expected: readonly Told[]
  /** The expected ids are those that must not be told. */
  isNegative: boolean
}

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { misses: { type: 'boolean' }, extras: { type: 'boolean' } } })
const folder = positionals[0] ?? ''
if (!existsSync(folder)) {
  process.stderr.write(`${folder === '' ? 'no folder was given' : `${folder} is not there`}: node bench/posture-configs.ts FOLDER\n`)
  process.exit(2)
}

// Facts about the machine are none of a file's: what they need stays unknown and is not asked here.
const needed = new Set(checks.flatMap(({ needs }) => needs))
const wild = casesOf('openclaw_wild.jsonl', (row) => ({ expected: (row['oracle'] as { findings: Told[] }).findings, isNegative: false }))
const tests = casesOf('openclaw_audit_testcases.jsonl', (row) => ({ expected: row['expected'] as Told[], isNegative: row['has_negation'] === true }))

for (const [name, cases] of [['wild, even', half(wild, 0)], ['wild, odd', half(wild, 1)], ['tests of OpenClaw', tests]] as const) await measure(name, cases)
await afterFixes(wild)
await overlays()
await times(wild)

async function measure(name: string, cases: readonly Case[]): Promise<void> {
  const perId = new Map<string, { told: number; of: number; severity: string }>()
  const extras = new Map<string, number>()
  let wrong = 0
  for (const one of cases) {
    const { findings } = await judged(one.text)
    for (const { checkId, severity = '' } of one.expected) {
      const told = findings.some(({ covers }) => covers.some((id) => same(id, checkId)))
      if (one.isNegative) wrong += told ? 1 : 0
      else {
        const row = perId.get(checkId) ?? { told: 0, of: 0, severity }
        perId.set(checkId, { ...row, told: row.told + (told ? 1 : 0), of: row.of + 1 })
        if (!told && options.misses) process.stdout.write(`  missed ${one.id}: ${checkId}\n`)
      }
    }
    for (const { id, severity } of findings.filter(({ covers }) => !covers.some((id) => one.expected.some(({ checkId }) => same(id, checkId))))) {
      const key = `${severity} ${id}`
      extras.set(key, (extras.get(key) ?? 0) + 1)
    }
  }
  const rows = [...perId].sort(([a], [b]) => (a < b ? -1 : 1))
  const [told, of] = rows.reduce(([t, o], [, row]) => [t + row.told, o + row.of], [0, 0])
  process.stdout.write(`\n${name}: ${cases.length} cases, ${told} of ${of} findings told (${((100 * told) / of).toFixed(1)} %), ${wrong} told that must not be\n`)
  for (const severity of new Set(rows.map(([, row]) => row.severity))) {
    const mine = rows.filter(([, row]) => row.severity === severity)
    process.stdout.write(`  ${severity.padEnd(9)} ${mine.reduce((n, [, row]) => n + row.told, 0)} of ${mine.reduce((n, [, row]) => n + row.of, 0)}\n`)
  }
  for (const [id, row] of rows) process.stdout.write(`  ${id.padEnd(62)} ${row.told}/${row.of}\n`)
  const more = [...extras].sort((a, b) => b[1] - a[1])
  const counts = severities.map((severity) => `${severity} ${more.filter(([key]) => key.startsWith(severity)).reduce((n, [, count]) => n + count, 0)}`)
  process.stdout.write(`  told by us alone: ${counts.join(', ')}\n`)
  if (options.extras) for (const [key, count] of more) process.stdout.write(`    ${String(count).padStart(4)} ${key}\n`)
}

/** Every fix of a setting, again and again until none is left: what is critical then is a false alarm or cannot be mended. */
async function afterFixes(cases: readonly Case[]): Promise<void> {
  const left = new Map<string, number>()
  let rounds = 0
  for (const { text } of cases) {
    const machine = new ExampleMachine({ configText: text })
    for (let round = 1; ; round++) {
      const gathered = await gathering(machine)
      const plan = checks.flatMap((check) => settingPlan(check, gathered))
      if (plan.length === 0 || round > 9) break
      rounds = Math.max(rounds, round)
      // Plans of one round were made for the file as it was; two for one place would not both hold.
      machine.apply(plan.filter((change, i) => plan.findIndex((other) => overlaps(other.at, change.at)) === i))
    }
    for (const { id, severity } of judge(checks, await gathering(machine)).findings) if (severity === 'critical' || severity === 'high') left.set(`${severity} ${id}`, (left.get(`${severity} ${id}`) ?? 0) + 1)
  }
  process.stdout.write(`\nafter every fix of a setting (${rounds} rounds at most): ${[...left].map(([key, count]) => `${count}× ${key}`).join(', ') || 'nothing critical or high'}\n`)
}

function settingPlan(check: (typeof checks)[number], gathered: Gathered): { kind: 'setting'; at: readonly string[]; from: unknown; to: unknown }[] {
  try {
    return planFor(check, gathered).flatMap((change) => (change.kind === 'setting' ? [change] : []))
  } catch {
    return [] // unknown for a file alone
  }
}

function overlaps(a: readonly string[], b: readonly string[]): boolean {
  return a.slice(0, b.length).join('\n') === b.slice(0, a.length).join('\n')
}

async function overlays(): Promise<void> {
  const facts: OverlayFacts = {
    gatewayPort: 18_710,
    gatewayToken: new Secret('Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'),
    modelProxyUrl: 'http://127.0.0.1:18701',
    virtualKey: new Secret(`hs_vk_${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(2)}`),
    probeKey: new Secret(`hs_vk_${'Gj5Ps0Nf6Hd3Yc8Rw1Tb7Lm2Q9vZk4x'.repeat(2)}`),
    egressProxyUrl: 'http://127.0.0.1:18702',
    pluginPath: '/s/plugin',
    pluginSocket: '/s/run/plugin.sock',
    secretProvider: null,
    boundary: 'what is untrusted',
    logFile: '/s/gateway.log',
    defaultProviders: [{ name: 'anthropic', api: 'anthropic-messages', models: [{ id: 'claude-opus-4-6', name: 'm', contextWindow: 200_000, maxTokens: 8_192 }] }],
    workspace: '/s/workspace',
    sandbox: { backend: 'ssh', scope: 'session', workspaceAccess: 'none', sshCommand: '/s/run/hardshell-ssh', workspaceRoot: '/s/sandboxes' },
    settings: { dmScope: 'per-channel-peer', profile: 'coding', deny: [], workspaceOnly: true, exec: { security: 'allowlist', ask: 'on-miss' }, elevated: false },
  }
  const { findings } = await judged(applyChanges('{}', planOverlay({}, facts)))
  process.stdout.write(`our own overlay: ${findings.map(({ id, severity }) => `${severity} ${id}`).join(', ') || 'nothing'}\n`)
}

async function times(cases: readonly Case[]): Promise<void> {
  const taken: number[] = []
  for (let round = 0; round < 5; round++) {
    for (const { text } of cases) {
      const start = performance.now()
      await judged(text)
      taken.push(performance.now() - start)
    }
  }
  taken.sort((a, b) => a - b)
  const at = (share: number): string => taken[Math.floor(share * (taken.length - 1))]!.toFixed(2)
  process.stdout.write(`read and judged by ${checks.length} checks: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`)
}

async function judged(text: string): Promise<{ findings: readonly Finding[] }> {
  return judge(checks, await gathering(new ExampleMachine({ configText: text })))
}

async function gathering(machine: ExampleMachine): Promise<Gathered> {
  return await gather({ ...machine.subject(), host: null }, needed)
}

/** `channels.*.dm.open` covers `channels.telegram.dm.open`. */
function same(pattern: string, id: string): boolean {
  const [a, b] = [pattern.split('.'), id.split('.')]
  return a.length === b.length && a.every((part, i) => part === '*' || part === b[i])
}

function half(cases: readonly Case[], rest: number): readonly Case[] {
  return cases.filter(({ id }) => Number(/\d+$/.exec(id)?.[0]) % 2 === rest)
}

function casesOf(file: string, read: (row: Record<string, unknown>) => Pick<Case, 'expected' | 'isNegative'>): Case[] {
  return readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const row = JSON.parse(line) as Record<string, unknown>
      return { id: String(row['id']), text: typeof row['config'] === 'string' ? row['config'] : JSON.stringify(row['config'], null, 2), ...read(row) }
    })
}
