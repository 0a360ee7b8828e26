/**
 * What the checks of a Linux host answer, and how fast. Three sets of labelled cases from elsewhere, then this very
 * machine, next to `lynis audit system --quick` where that is installed (both only read):
 *
 * - sshd: trees of /etc/ssh with what `sshd -T` of OpenSSH 9.2 says of one keyword (ComplianceAsCode, BSD-3). "effective"
 *   compares our parser with it; "verdict" compares our check on the tree with our check on the value sshd says, and with
 *   the label its authors gave, which follows another rule (a policy wants the line to be there, defaults do not count).
 * - ufw: scripts of ufw commands (ComplianceAsCode), turned into the files ufw would have written.
 * - Dockerfiles (checkov, Apache-2.0): tag and user.
 *
 * Run: node bench/posture-host.ts [--data FOLDER with host/*.jsonl] [--runs 5] [--lynis] [--json]
 * Goals: every effective value; gathering and judging in less than a second.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findProgram, isPinnedImage, parseDockerfile, runProgram, sshdLines, sshdValue, thisMachine } from '../src/host/index.ts'
import { checks, findCheck, gather, judge, type Check } from '../src/posture/index.ts'
import { ExampleMachine } from '../src/posture/example-machine.ts'

const { values: options } = parseArgs({ options: { data: { type: 'string' }, runs: { type: 'string', default: '5' }, lynis: { type: 'boolean' }, json: { type: 'boolean' } } })

interface SshdCase {
  id: string
  rule: string
  parameter: string | null
  expected_value: string | null
  label: 'pass' | 'fail'
  files: Record<string, { content: string }>
  effective_value: string | null
  sshd_T_ok: boolean
}

/** Their rule, our check of the same keyword. */
const sameKeyword: Readonly<Record<string, string>> = {
  sshd_disable_gssapi_auth: 'sshd.no-kerberos-login',
  sshd_disable_root_password_login: 'sshd.no-root-password',
  sshd_disable_x11_forwarding: 'sshd.no-x11-forwarding',
  sshd_enable_pam: 'sshd.sessions-through-pam',
  sshd_enable_strictmodes: 'sshd.strict-modes',
  sshd_set_keepalive_0: 'sshd.idle-count-limited',
  sshd_set_loglevel_info: 'sshd.logins-logged',
  sshd_set_loglevel_verbose: 'sshd.logins-logged',
  sshd_set_max_sessions: 'sshd.few-sessions',
  sshd_set_maxstartups: 'sshd.unfinished-logins-limited',
  sshd_x11_use_localhost: 'sshd.screens-on-loopback',
}

const hostAreas = new Set(['accounts', 'containers', 'cron', 'disk', 'fail2ban', 'firewall', 'kernel', 'network', 'runtime', 'services', 'sshd', 'tls', 'updates'])

type Row = Record<string, string | number>
const rows: Row[] = []
if (options.data !== undefined) rows.push(...(await sshdRows()), ...(await ufwRows()), ...dockerRows())
rows.push(...(await liveRows()))
if (options.json === true) console.log(JSON.stringify(rows, null, 2))
else for (const { what, ...figures } of rows) console.log(`${String(what).padEnd(46)} ${Object.entries(figures).map(([name, value]) => `${name} ${value}`).join(' · ')}`)

function cases<T>(name: string): T[] {
  return readFileSync(join(options.data!, 'host', name), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as T)
}

async function verdict(check: Check, files: Record<string, string>): Promise<'pass' | 'fail' | 'unknown'> {
  const machine = new ExampleMachine({ files, env: { USER: 'claw' } })
  const { findings, unknown } = judge([check], await gather(machine.subject(), check.needs))
  return unknown.length > 0 ? 'unknown' : findings.length > 0 ? 'fail' : 'pass'
}

async function sshdRows(): Promise<Row[]> {
  const all = cases<SshdCase>('sshd_cac.jsonl')
  const told = all.filter(({ sshd_T_ok: ok, parameter }) => ok && parameter !== null)
  const textsOf = (one: SshdCase): Record<string, string> => Object.fromEntries(Object.entries(one.files).map(([path, { content }]) => [path, content]))
  const effective = told.filter((one) => sshdValue(sshdLines(textsOf(one)), one.parameter!)?.value === one.effective_value)
  const byAuthors = told.filter(({ label, effective_value: value, expected_value: wanted }) => (label === 'pass') === (value === asPrinted(wanted!)))
  const judged = told.filter(({ rule }) => rule in sameKeyword)
  const count = { sshd: 0, label: 0 }
  for (const one of judged) {
    const check = findCheck(sameKeyword[one.rule]!)!
    const ours = await verdict(check, textsOf(one))
    if (ours === (await verdict(check, { '/etc/ssh/sshd_config': `${one.parameter!} ${one.effective_value!}\n` }))) count.sshd++
    if (ours === one.label) count.label++
  }
  const broken = all.filter(({ files }) => !('/etc/ssh/sshd_config' in files))
  const refused = await Promise.all(broken.map(async (one) => await verdict(findCheck('sshd.strict-modes')!, textsOf(one))))
  return [
    { what: 'sshd, effective value as sshd -T', cases: told.length, same: effective.length },
    { what: 'sshd, their label as their own effective value', cases: told.length, same: byAuthors.length },
    { what: 'sshd, verdict as on the value of sshd -T', cases: judged.length, same: count.sshd },
    { what: 'sshd, verdict as their label (other bounds)', cases: judged.length, same: count.label },
    { what: 'sshd, no main file: unknown, not passed', cases: broken.length, same: refused.filter((answer) => answer === 'unknown').length },
  ]
}

function asPrinted(value: string): string {
  return value === 'prohibit-password' ? 'without-password' : value
}

async function ufwRows(): Promise<Row[]> {
  const all = cases<{ rule: string; label: string; script: string }>('ufw_cac_scenarios.jsonl').filter(({ rule }) => ['check_ufw_active', 'ufw_default_incoming_rule'].includes(rule))
  const answers = await Promise.all(all.map(async ({ script }) => await verdict(findCheck('firewall.default-deny')!, { '/etc/ssh/sshd_config': 'UsePAM yes\n', ...ufwFiles(script) })))
  return [{ what: 'ufw, on and incoming denied', cases: all.length, same: answers.filter((answer, i) => answer === all[i]!.label).length }]
}

/** What these commands leave behind in the files of ufw. */
function ufwFiles(script: string): Record<string, string> {
  const state = { enabled: 'no', policy: 'DROP', rules: '' }
  for (const line of script.split('\n')) {
    const [, what, ...rest] = line.replace(' -f', '').trim().split(/\s+/)
    if (!line.startsWith('ufw ')) continue
    if (what === 'enable' || what === 'disable') state.enabled = what === 'enable' ? 'yes' : 'no'
    if (what === 'default' && rest[1] === 'incoming') state.policy = { allow: 'ACCEPT', deny: 'DROP', reject: 'REJECT' }[rest[0]!] ?? 'DROP'
    if (what === 'allow') state.rules += `### tuple ### allow any ${rest[0] === 'ssh' ? 22 : rest[0]} 0.0.0.0/0 any 0.0.0.0/0 in\n`
  }
  return { '/etc/ufw/ufw.conf': `ENABLED=${state.enabled}\n`, '/etc/default/ufw': `IPV6=yes\nDEFAULT_INPUT_POLICY="${state.policy}"\n`, '/etc/ufw/user.rules': state.rules }
}

function dockerRows(): Row[] {
  const all = cases<{ check: string; label: 0 | 1; dockerfile: string }>('dockerfile_checkov.jsonl')
  const tags = all.filter(({ check }) => check === 'example_ReferenceLatestTag')
  const users = all.filter(({ check }) => check === 'example_UserExists')
  return [
    { what: 'Dockerfile, base named by a version', cases: tags.length, same: tags.filter(({ dockerfile, label }) => parseDockerfile(dockerfile).bases.some(({ image }) => !isPinnedImage(image)) === (label === 1)).length },
    { what: 'Dockerfile, user named', cases: users.length, same: users.filter(({ dockerfile, label }) => (parseDockerfile(dockerfile).user === null) === (label === 1)).length },
  ]
}

async function liveRows(): Promise<Row[]> {
  const mine = checks.filter(({ id }) => hostAreas.has(id.split('.')[0]!))
  const machine = thisMachine()
  const subject = { host: machine, files: machine, config: null, stateDir: null, guard: null, now: Date.now() }
  const names = new Set(mine.flatMap(({ needs }) => needs))
  const times: number[] = []
  let last: ReturnType<typeof judge> | null = null
  for (let run = 0; run < Number(options.runs); run++) {
    const start = performance.now()
    last = judge(mine, await gather(subject, names))
    times.push(performance.now() - start)
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
  const answers = { findings: last!.findings.length, passed: last!.passed.length, skipped: last!.skipped.length, unknown: last!.unknown.length }
  const live: Row[] = [{ what: 'this machine, ours', checks: mine.length, fixes: mine.filter(({ fix }) => fix !== undefined).length, 'first ms': Math.round(times[0]!), 'median ms': Math.round(median), ...answers }]
  return [...live, ...(options.lynis === true ? await lynisRows(median) : [])]
}

async function lynisRows(ours: number): Promise<Row[]> {
  if (findProgram('lynis') === null && !existsSync('/usr/sbin/lynis')) return [{ what: 'this machine, lynis', installed: 'no' }]
  const start = performance.now()
  const { out } = await runProgram(['lynis', 'audit', 'system', '--quick', '--no-colors', '--no-log', '--report-file', '/dev/null'], { timeoutMs: 600_000, env: { HOME: '/root' } })
  const ms = performance.now() - start
  return [{ what: 'this machine, lynis', ms: Math.round(ms), tests: /Tests performed\s*:\s*(\d+)/.exec(out)?.[1] ?? '?', index: /Hardening index\s*:\s*(\d+)/.exec(out)?.[1] ?? '?', 'times ours': Math.round(ms / ours) }]
}
