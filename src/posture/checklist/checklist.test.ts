import { describe, expect, it } from 'vitest'
import type { Attestation } from '../attestations.ts'
import { ExampleMachine } from '../example-machine.ts'
import { gather } from '../gather.ts'
import { judge } from '../judge.ts'
import { checks } from '../registry.ts'
import { answerItems, type Known } from './answer.ts'
import { controls, restsOn } from './controls.ts'
import { guides, type Item } from './item.ts'
import { items } from './items.ts'
import { checklistCsv, checklistMarkdown, checklistText } from './render.ts'

const now = Date.UTC(2026, 10, 21, 12)
const surface = { id: 'egress', ok: true, at: now - 60_000, detail: 'refused' }
const proofs = { known: true as const, value: { log: '/log', surfaces: [surface], freshMs: 660_000, now } }
const egress = ['guard.egress-enforced', 'guard.allowed-hosts-named']
const held: Known = { judged: { findings: [], unknown: [], passed: egress, skipped: [] }, notAsked: [], proofs, attestations: [], notEnforced: new Set(), now }
const finding = { id: 'guard.egress-enforced', severity: 'high' as const, title: '', at: 'network.yaml egress.mode', evidence: 'report', want: 'enforce', fixable: true, covers: [] }
const item: Item = { id: '1.x', guide: '1', section: 'Network', text: 'agents reach listed hosts only', controls: ['egress', 'egressProven'], alsoVouchedFor: false, wholly: false }
const byHand: Item = { ...item, id: '1.y', controls: [] }
const word: Attestation = { item: '1.x', by: 'alex', note: 'looked', at: '2026-11-01T00:00:00.000Z', expires: '2026-12-01T00:00:00.000Z' }
const ask = (known: Partial<Known>, of: Item = item) => answerItems([of], { ...held, ...known })[0]!

describe('the lists of the guides', () => {
  it('name every item once, for each of the five guides', () => {
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    for (const guide of Object.keys(guides)) expect(items.filter((each) => each.guide === guide).length, guide).toBeGreaterThan(30)
    expect(items.filter(({ section }) => section === 'Closing list')).toHaveLength(12 + 23 + 5 + 15)
  })

  it('rest on checks that exist, on surfaces that exist, and every control is asked for', () => {
    const ids = new Set(checks.map(({ id }) => id))
    const named = [...Object.values(controls).flatMap((control) => ('checks' in control ? control.checks : [])), ...Object.keys(restsOn)]
    expect(named.filter((id) => !ids.has(id))).toEqual([])
    expect(named.length).toBeGreaterThan(80)
    const surfaces = ['audit-log', 'budget', 'canary', 'cells', 'dns', 'egress', 'ingress', 'kernel', 'model-key', 'redaction', 'sandbox', 'tool-call', 'vpn']
    expect(Object.values(controls).flatMap((control) => ('surfaces' in control ? control.surfaces : [])).filter((id) => !surfaces.includes(id))).toEqual([])
    const asked = new Set(items.flatMap((each) => each.controls))
    expect(Object.keys(controls).filter((name) => !asked.has(name as never))).toEqual([])
  })
})

describe('a whole installation', () => {
  const proof = (id: string): string => `${JSON.stringify({ timestamp: '2026-11-21T11:58:00.000Z', event_type: 'proof', surface: id, decision: 'allow', result_summary: 'refused' })}\n`
  const answersOf = async (machine: ExampleMachine) => {
    const gathered = await gather(machine.subject(), checks.flatMap(({ needs }) => needs))
    return answerItems(items, { ...held, judged: judge(checks, gathered), proofs: gathered.proofs! })
  }

  it('that is guarded and proven has its outbound and log items done, by what the readers saw', async () => {
    const log = ['egress', 'audit-log', 'dns'].map(proof).join('')
    const answers = await answersOf(new ExampleMachine({ config: {}, files: { '$GUARD/config.yaml': '# defaults\n', '$GUARD_STATE/guard/audit/audit.log': log } }))
    const stateOf = (id: string) => answers.find((answer) => answer.id === id)?.state
    expect([stateOf('2.outbound-limited'), stateOf('1.log-on'), stateOf('5.end-dns'), stateOf('1.playbook-key')]).toEqual(['done', 'done', 'done', 'not done'])
  })

  it('that has no guard has none of them, and says why', async () => {
    const answers = await answersOf(new ExampleMachine({ config: {} }))
    expect(answers.find(({ id }) => id === '2.outbound-limited')).toMatchObject({ state: 'not done', evidence: ['no guard stands before this installation'] })
    expect(answers.filter(({ state, evidence }) => state === 'done' && evidence.some((line) => line.startsWith('surface')))).toEqual([])
  })
})

describe('an item', () => {
  it('is done when its checks passed and its surfaces hold, and says which', () => {
    expect(ask({})).toMatchObject({ state: 'done', evidence: ['guard.egress-enforced: passed', 'guard.allowed-hosts-named: passed', 'surface egress: proven 1m ago'] })
  })

  it('about a service does not arise where there is none, though its other controls hold', () => {
    const hardened: Item = { ...item, ...items.find(({ id }) => id === '1.service-hardened') }
    const judged = { ...held.judged, passed: controls.dedicatedUser.checks, skipped: controls.serviceHardened.checks }
    expect(ask({ judged }, hardened).state).toBe('not applicable')
    expect(ask({ judged }, { ...hardened, wholly: false }).state).toBe('done')
  })

  it('is not done when a check found something, whoever vouches for it', () => {
    const judged = { ...held.judged, findings: [finding], passed: ['guard.allowed-hosts-named'] }
    expect(ask({ judged, attestations: [word] })).toMatchObject({ state: 'not done', evidence: ['guard.egress-enforced: network.yaml egress.mode: report'] })
  })

  it('is not done when the last proof failed, and unknown when it is old or was never made', () => {
    const withSurface = (more: object) => ask({ proofs: { known: true, value: { ...proofs.value, surfaces: [{ ...surface, ...more }] } } }).state
    expect([withSurface({ ok: false }), withSurface({ at: now - 3_600_000 }), withSurface({ id: 'other' })]).toEqual(['not done', 'unknown', 'unknown'])
  })

  it('is unknown with the reason when a check could not be answered or was not asked', () => {
    expect(ask({ judged: { ...held.judged, passed: [], unknown: [{ id: egress[0]!, why: 'EACCES' }] } })).toMatchObject({ state: 'unknown', evidence: expect.arrayContaining(['guard.egress-enforced: EACCES']) as unknown })
    expect(ask({ proofs: { known: false, why: 'EACCES' } })).toMatchObject({ state: 'unknown', evidence: ['surface egress: EACCES'] })
    expect(ask({ judged: { ...held.judged, passed: [egress[0]!] } })).toMatchObject({ state: 'unknown', evidence: ['guard.allowed-hosts-named: was not asked'] })
  })

  it('is not applicable when the question does not arise', () => {
    expect(ask({ judged: { findings: [], unknown: [], passed: [], skipped: egress } }, { ...item, controls: ['egress'] }).state).toBe('not applicable')
  })

  it('is not let go as not applicable where a person has to say the rest', () => {
    const skipped = { judged: { findings: [], unknown: [], passed: [], skipped: egress } }
    const half = { ...item, controls: ['egress' as const], alsoVouchedFor: true }
    expect(ask(skipped, half)).toMatchObject({ state: 'not done', evidence: ['no machine sees it and nobody vouches for it'] })
    expect(ask({ ...skipped, attestations: [word] }, half).state).toBe('attested')
  })

  it('is not done, and not inapplicable, where no guard stands; a person may have another wall', () => {
    const judged = { findings: [{ ...finding, id: 'guard.stands-before-gateway' }], unknown: [], passed: [], skipped: egress }
    expect(ask({ judged }, { ...item, controls: ['egress'] })).toMatchObject({ state: 'not done', evidence: ['no guard stands before this installation'] })
    expect(ask({ judged, attestations: [word] }, { ...item, controls: ['egress'] }).state).toBe('attested')
  })

  it('is unknown while the setting it rests on is only accepted', () => {
    const id = 'guard.log-kept-a-year'
    const known = { judged: { ...held.judged, passed: [id] }, notEnforced: new Set(['audit.retention_days']) }
    expect(ask(known, { ...item, controls: ['auditLogKept'] })).toMatchObject({ state: 'unknown', evidence: [`${id}: audit.retention_days is accepted, and this version does not act on it yet`] })
    expect(ask({ ...known, notEnforced: new Set() }, { ...item, controls: ['auditLogKept'] }).state).toBe('done')
  })

  it('no machine sees is open until somebody vouches, and again when that has ended or was taken back', () => {
    const mine = { ...word, item: '1.y' }
    expect(ask({}, byHand)).toMatchObject({ state: 'not done', evidence: ['no machine sees it and nobody vouches for it'] })
    expect(ask({ attestations: [mine] }, byHand)).toMatchObject({ state: 'attested', attestation: { by: 'alex' } })
    expect(ask({ attestations: [{ ...mine, expires: '2026-11-20T00:00:00.000Z' }] }, byHand)).toMatchObject({ state: 'not done', evidence: ['the word of alex ended 2026-11-20'] })
    expect(ask({ attestations: [{ ...mine, revoked: { by: 'kim', at: mine.at } }] }, byHand).state).toBe('not done')
  })

  it('that a machine sees half of needs both', () => {
    const half = { ...item, alsoVouchedFor: true }
    expect(ask({}, half).state).toBe('not done')
    expect(ask({ attestations: [word] }, half)).toMatchObject({ state: 'attested', evidence: expect.arrayContaining(['guard.egress-enforced: passed']) as unknown })
  })
})

describe('what is written of it', () => {
  const hostile = { ...ask({}), state: 'not done' as const, evidence: ['=cmd|calc', '| [x](http://evil.example) <img src=x> \u001b[31m', 'www.evil.example'], attestation: { ...word, by: '=1+1', note: '+A1 "quoted", and more' } }

  it('runs no formula in a spreadsheet and breaks out of no cell', () => {
    const [head, row] = checklistCsv([hostile, hostile]).split('\r\n')
    expect(head).toBe('"guide","id","section","item","state","evidence","by","note","at","expires"')
    const cells = [...row!.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((match) => match[1]!)
    expect(cells).toHaveLength(10)
    expect(cells.filter((cell) => /^[=+\-@|%\t]/.test(cell))).toEqual([])
    expect(cells.slice(6, 8)).toEqual(["'=1+1", `'+A1 ""quoted"", and more`])
  })

  it('makes no link, markup or cell in Markdown', () => {
    const row = checklistMarkdown([hostile]).split('\n').find((line) => line.includes('evil'))!
    expect(row.replaceAll(/\\./g, '').split('|')).toHaveLength(6)
    expect(row).not.toMatch(/[^\\]\[x|[^\\]<img|http:|www\.|\u001b/)
  })

  it('steers no terminal, tells who vouches, and counts', () => {
    const text = checklistText([hostile, { ...hostile, state: 'attested', id: '1.z' }])
    expect(text).toContain('[ ] agents reach listed hosts only  (1.x)')
    expect(text).toContain('=1+1 vouches until 2026-12-01')
    expect(text).toContain('1 not done, 0 unknown, 1 attested')
    expect(text).not.toContain('\u001b')
  })
})
