import { describe, expect, it } from 'vitest'
import { checks } from '../registry.ts'
import { plain, safeJson } from './escape.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import { findingWith, hostile, reportWith } from './report.test.kit.ts'
import { sarif } from './sarif.ts'

const suppression = { id: 'a.b', reason: 'lab', owner: 'ana', expires: '2026-12-31' }
const everything = reportWith({
  findings: [findingWith({ severity: 'critical' }), findingWith({ at: '/etc/ssh/sshd_config:7', file: '/etc/ssh/sshd_config', line: 7, id: 'sshd.no-root-login', fingerprint: 'f2' }), findingWith({ id: 'fs.config.perms', source: 'openclaw', judge: 'doctor', severity: 'info', file: null, line: null, at: 'somewhere', fingerprint: 'f3', contradicts: ['x.y'] })],
  suppressed: [{ ...findingWith({ id: 'a.b', fingerprint: 'f4' }), suppression }],
  unknown: [{ id: 'firewall.default-deny', why: 'no answer within 3000 ms' }],
  notAsked: [{ id: 'kernel.x', why: 'the machine was not given' }],
  passed: ['gateway.other'], skipped: ['mac.filevault'], expired: [suppression],
  difference: { since: '2026-11-20T12:00:00.000Z', grade: 'C', new: [{ id: 'n.n', at: 'x' }], fixed: [{ id: 'g.g', at: 'y' }], unchanged: 2 },
})
const spoilt = reportWith({ findings: [findingWith({ at: hostile, evidence: hostile, want: hostile, title: hostile, file: `/tmp/${hostile}` })], unknown: [{ id: 'a.b', why: hostile }], problems: [{ at: hostile, message: hostile }], others: [hostile], installation: { config: hostile, stateDir: null, openclaw: hostile, guarded: false, machine: null, program: null } })
const nobody = (): null => null
// Everything a terminal, a browser or an XML reader could obey; line ends are the document's own.
const steering = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029\ufffe\uffff]/u

describe('SARIF', () => {
  interface Log { version: string; $schema: string; runs: { tool: { driver: { name: string; rules: { id: string; help: { text: string }; shortDescription: { text: string }; defaultConfiguration: { level: string } }[] } }; invocations: { executionSuccessful: boolean }[]; results: { ruleId: string; ruleIndex: number; level: string; message: { text: string }; locations: { physicalLocation?: { artifactLocation: { uri: string }; region: { startLine: number } }; logicalLocations: { fullyQualifiedName: string }[] }[]; partialFingerprints: Record<string, string>; suppressions: { kind: string; justification: string }[] }[] }[] }
  const log = (report: Parameters<typeof sarif>[0]): Log => JSON.parse(sarif(report, checks, '1.2.3')) as Log

  it('has the parts the standard requires, and a rule with help for every result', () => {
    const { version, $schema, runs: [run] } = log(everything)
    expect([version, $schema.endsWith('sarif-schema-2.1.0.json'), run!.tool.driver.name, run!.invocations[0]!.executionSuccessful]).toEqual(['2.1.0', true, 'Hardshell', true])
    const { rules } = run!.tool.driver
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    for (const { ruleId, ruleIndex, message } of run!.results) {
      expect(rules[ruleIndex]!.id).toBe(ruleId)
      expect(rules[ruleIndex]!.help.text.length).toBeGreaterThan(20)
      expect(message.text.length).toBeGreaterThan(5)
    }
    expect(run!.results.map(({ level }) => level)).toEqual(['error', 'error', 'note', 'error'])
  })

  it('points at file and line where they are known, and at the place by name elsewhere', () => {
    const [setting, line, logical] = log(everything).runs[0]!.results.map(({ locations }) => locations[0]!)
    expect(setting!.physicalLocation).toEqual({ artifactLocation: { uri: 'file:///home/ann/.openclaw/openclaw.json' }, region: { startLine: 4 } })
    expect(line!.physicalLocation!.region.startLine).toBe(7)
    expect([logical!.physicalLocation, logical!.logicalLocations[0]!.fullyQualifiedName]).toEqual([undefined, 'somewhere'])
  })

  it('carries fingerprints and what is accepted', () => {
    const { results } = log(everything).runs[0]!
    expect(results.map(({ partialFingerprints }) => partialFingerprints['hardshell/v1'])).toEqual(['f1', 'f2', 'f3', 'f4'])
    expect(results.map(({ suppressions }) => suppressions.length)).toEqual([0, 0, 0, 1])
    expect(results[3]!.suppressions[0]).toMatchObject({ kind: 'external', justification: 'lab (ana, until 2026-12-31)' })
  })

  it('holds nothing that steers, and addresses without a space', () => {
    expect(sarif(spoilt, checks, '1')).not.toMatch(steering)
    expect(sarif(spoilt, checks, '1')).not.toContain('<')
    expect(log(spoilt).runs[0]!.results[0]!.locations[0]!.physicalLocation!.artifactLocation.uri).toMatch(/^file:\/\/\/[\w%.\-~/!'()*]+$/)
  })
})

describe('JUnit', () => {
  it('has one case for each check: failed, error where unknown, skipped with the reason', () => {
    const xml = junit(everything)
    expect(xml).toContain('tests="8" failures="3" errors="1" skipped="3"')
    expect(xml.match(/<testcase /g)).toHaveLength(8)
    expect(xml).toContain('<error message="no answer within 3000 ms" type="unknown"/>')
    expect(xml).toContain('not asked: the machine was not given')
    expect(xml).toContain('accepted until 2026-12-31 by ana: lab')
    expect(xml).toContain('<testcase classname="hardshell.gateway" name="gateway.other" time="0"/>')
  })

  it('tells all places of one check in one failure', () => {
    const xml = junit(reportWith({ findings: [findingWith(), findingWith({ at: 'gateway.other' })] }))
    expect(xml.match(/<failure /g)).toHaveLength(1)
    expect(xml).toContain('gateway.bind: lan and 1 more')
    expect(xml).toContain('gateway.other')
  })

  it('stays XML whatever names are in it', () => {
    const xml = junit(spoilt)
    expect(xml).not.toMatch(steering)
    expect(xml).not.toMatch(/<script|\]\]>|&(?!(amp|lt|gt|quot|#39);)/)
    expect(xml.isWellFormed()).toBe(true)
  })
})

describe('the page', () => {
  it('tells grade, findings, what is accepted, what was not seen and what changed, from one file without scripts', () => {
    const page = html(everything, ({ id }) => ({ why: `why ${id}`, source: 'somebody', next: `hardshell harden --only ${id}` }))
    for (const part of ['>D<', 'why sshd.no-root-login', 'hardshell harden --only gateway.bind-loopback', 'ana', '2026-12-31', 'no answer within 3000 ms', '1 new, 1 fixed, 2 unchanged', 'looked at the same and was satisfied']) expect(page).toContain(part)
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:\/\//)
    expect(page).toContain("default-src 'none'")
  })

  it('shows hostile names and does not obey them', () => {
    const page = html(spoilt, nobody)
    expect(page).not.toMatch(steering)
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<b>\u0007')
    expect(page).toContain('&lt;script&gt;')
  })
})

describe('plain text and JSON', () => {
  it('are one line that steers no terminal, and the same data', () => {
    expect(plain(hostile)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    const text = safeJson({ at: hostile, list: [hostile] })
    expect(text).not.toMatch(steering)
    expect(text).not.toContain('</script>')
    expect(JSON.parse(text)).toEqual({ at: hostile, list: [hostile] })
  })
})
