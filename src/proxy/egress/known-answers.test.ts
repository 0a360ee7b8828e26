import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, connectTo, echo, open } from './origins.fixture.ts'
import { exchange, headEnds, stageRules } from './stage.fixture.ts'
import { gatewayIdentity, identityOf } from './identity.ts'
import type { Answer, Question } from './judge.ts'
import { KnownAnswers } from './known-answers.ts'
import { parseAuthority } from './target.ts'

afterEach(closeAll)

const question = (more: Partial<Question> = {}): Question => ({ identity: gatewayIdentity, target: parseAuthority('api.example.com:443')!, request: 'never', ...more })
const answer: Answer = { verdict: { allow: true, status: 200, rule: 'egress.allowed-host', reason: '' }, protocol: 'web', wouldBe: null }

describe('an answer of the lists', () => {
  it('is known to the same question, and to no other', () => {
    const known = new KnownAnswers()
    known.keep(question(), answer)
    expect(known.find(question())).toBe(answer)
    const others = [question({ request: 'later' }), question({ identity: identityOf('main')! }), question({ target: parseAuthority('api.example.com:444')! }), question({ target: parseAuthority('b.example.com:443')! })]
    expect(others.map((other) => known.find(other))).toEqual([undefined, undefined, undefined, undefined])
  })

  it('is never kept where a path decides', () => {
    const known = new KnownAnswers()
    const visible = question({ request: { method: 'GET', path: '/v1/' } })
    known.keep(visible, answer)
    expect(known.find(visible)).toBeUndefined()
  })

  it('does not fill the memory, whatever hosts are thought up', () => {
    const known = new KnownAnswers()
    known.keep(question(), answer)
    for (let n = 0; n < 2_000; n++) known.keep(question({ target: { host: `h${n}.example`, port: 443, literal: false } }), answer)
    expect(known.find(question())).toBeUndefined()
    expect(known.find(question({ target: { host: 'h1999.example', port: 443, literal: false } }))).toBe(answer)
  })
})

describe('what was answered before', () => {
  it('is forgotten with the lists it came from, both ways', async () => {
    const stage = await open({ origin: await echo() })
    const ask = async (authority: string): Promise<string> => (await exchange(stage.port, connectTo(authority), headEnds)).seen
    expect(await ask('odd.example.com:9000')).toContain('200 Connection')
    expect(await ask('new.example.com:9000')).toContain('egress.not-listed')
    stage.proxy.setRules({ ...stageRules, allowedHosts: [{ host: 'new.example.com:9000', protocol: 'tcp' }] })
    expect(await ask('odd.example.com:9000')).toContain('egress.not-listed')
    expect(await ask('new.example.com:9000')).toContain('200 Connection')
  })

  it('does not outlive the switch', async () => {
    let allow = true
    const stage = await open({ origin: await echo(), ports: { decide: () => ({ allow, rule: 'kill-switch.paused', reason: 'paused' }) } })
    const ask = async (): Promise<string> => (await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)).seen
    expect(await ask()).toContain('200 Connection')
    allow = false
    expect(await ask()).toContain('kill-switch.paused')
  })
})
