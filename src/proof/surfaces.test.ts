import { describe, expect, it } from 'vitest'
import { findSecrets } from '../content/index.ts'
import { backwards, fakeSecret } from './fake-secret.ts'
import {
  auditLogSurface, budgetSurface, canarySurface, egressSurface, ingressSurface, modelKeySurface, probeAnswer, redactionSurface, toolCallSurface,
  type FindEntry, type HttpReply, type SendHttp, type Surface,
} from './index.ts'

const nonce = 'f'.repeat(32)
const reply = (status: number, body = ''): HttpReply => ({ status, body, headers: { 'x-hardshell-visit': 'v' } })
const answers = (...replies: HttpReply[]): SendHttp => async () => (replies.length > 1 ? replies.shift()! : replies[0]!)
const logged = (entry: Parameters<Parameters<FindEntry>[1]>[0]): FindEntry => async (_, fits) => (fits(entry) ? entry : null)
const nothingLogged: FindEntry = async () => null
const prove = (surface: Surface) => surface.prove(nonce, new AbortController().signal)
const url = () => 'http://x'

describe('the ingress surface', () => {
  const found = logged({ event_type: 'api_request', decision: 'deny', rule: 'ingress.bad-credential' })

  it('holds when a forged token and no token are refused, and the log says so', async () => {
    expect((await prove(ingressSurface({ url, send: answers(reply(401)), findEntry: found }))).ok).toBe(true)
  })

  it('is broken when a stranger gets in, with a forged token or without one, or leaves no trace', async () => {
    expect((await prove(ingressSurface({ url, send: answers(reply(200)), findEntry: found }))).detail).toContain('forged token got HTTP 200')
    expect((await prove(ingressSurface({ url, send: answers(reply(401), reply(200)), findEntry: found }))).detail).toContain('without a token')
    expect((await prove(ingressSurface({ url, send: answers(reply(401)), findEntry: nothingLogged }))).detail).toContain('not in the audit log')
  })
})

describe('the model-key surface', () => {
  const found = logged({ event_type: 'auth_event', decision: 'deny', rule: 'login.unknown-credential' })
  const clean = async (): Promise<string[]> => []

  it('holds when a forged key is refused and no process holds a real one', async () => {
    expect((await prove(modelKeySurface({ url, send: answers(reply(401)), findEntry: found, gatewaySecrets: clean }))).ok).toBe(true)
  })

  it('is broken when the key buys a call, when nothing is logged and when a key is found in the gateway', async () => {
    const ports = { url, send: answers(reply(401)), findEntry: found, gatewaySecrets: clean }
    expect((await prove(modelKeySurface({ ...ports, send: answers(reply(200)) }))).ok).toBe(false)
    expect((await prove(modelKeySurface({ ...ports, findEntry: nothingLogged }))).ok).toBe(false)
    expect((await prove(modelKeySurface({ ...ports, gatewaySecrets: async () => ['OPENAI_API_KEY'] }))).detail).toContain('OPENAI_API_KEY')
  })

  it('says when processes cannot be looked into, instead of calling them clean', async () => {
    const { detail } = await prove(modelKeySurface({ url, send: answers(reply(401)), findEntry: found, gatewaySecrets: async () => null }))
    expect(detail).toContain('not readable here')
  })
})

describe('the budget surface', () => {
  const ports = { url, probeKey: () => 'k', announce: () => 't', send: answers(reply(200, 'Refused by Hardshell')) }

  it('holds when the budget refused, and is broken when anything else did or the model answered', async () => {
    expect((await prove(budgetSurface({ ...ports, findEntry: logged({ event_type: 'model_request', decision: 'deny', rule: 'budget.agent' }) }))).ok).toBe(true)
    expect((await prove(budgetSurface({ ...ports, findEntry: logged({ event_type: 'model_request', decision: 'deny', rule: 'proof.stale' }) }))).ok).toBe(false)
    const answered = { ...ports, send: answers(reply(200, `echo: budget ${nonce}`)), findEntry: logged({ event_type: 'm', decision: 'deny', rule: 'budget.agent' }) }
    expect((await prove(budgetSurface(answered))).detail).toContain('the model was called')
  })
})

describe('the redaction surface', () => {
  const counted = logged({ event_type: 'model_request', detail: { redacted_in: 1, redacted_out: 1 } })
  const ports = { url, probeKey: () => 'k', announce: () => 't', findEntry: counted }
  const heard = fakeSecret(nonce, 'heard')
  const said = fakeSecret(nonce, 'said')
  const stream = (text: string): HttpReply =>
    reply(200, text.match(/.{1,7}/g)!.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join(''))
  const proof = (text: string, findEntry = counted) => prove(redactionSurface({ ...ports, findEntry, send: answers(stream(text)) }))

  it('holds when both secrets are gone and the log counted them', async () => {
    expect((await proof('HEARD<<my key is [REDACTED_AWS_KEY]>> SAID<<[REDACTED_AWS_KEY]>>')).ok).toBe(true)
  })

  it('is broken when one of them got through, when nobody answered and when nothing was counted', async () => {
    expect((await proof(`HEARD<<${backwards(`my key is ${heard}`)}>> SAID<<x>>`)).detail).toContain('reached the model')
    expect((await proof(`HEARD<<x>> SAID<<${said}>>`)).detail).toContain('reached the client')
    expect((await proof('I refuse')).detail).toContain('did not answer')
    expect((await proof('HEARD<<x>> SAID<<x>>', nothingLogged)).detail).toContain('not in the audit log')
  })

  it('has a model that says what it heard, and a secret the patterns know', () => {
    const answer = probeAnswer({ messages: [{ role: 'user', text: `HARDSHELL-REDACTION ${nonce} my key is ${heard}`, isToolResult: false }], tools: [] })
    expect(answer).toEqual({ text: `HEARD<<${backwards(`my key is ${heard}`)}>> SAID<<${said}>>` })
    expect([heard, said].map((secret) => findSecrets(`my key is ${secret}`).length)).toEqual([1, 1])
    expect(heard).not.toBe(fakeSecret('0'.repeat(32), 'heard'))
  })
})

describe('the canary surface', () => {
  const word = 'tavomike-ridasone-belogipa'
  const alert = logged({ event_type: 'alert', rule: 'content.canary' })
  const stream = (text: string): HttpReply =>
    reply(200, text.match(/.{1,7}/g)!.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`).join(''))
  const proof = (text: string, findEntry = alert) =>
    prove(canarySurface({ url, probeKey: () => 'k', canary: () => word, announce: () => 't', findEntry, send: answers(stream(text)) }))

  it('holds when the answer ended before the canary was said, and the log has the alert', async () => {
    expect((await proof('CANARY<<tavomike-rida')).ok).toBe(true)
    expect((await proof('CANARY<<tavomike', nothingLogged)).detail).toContain('no alert')
  })

  it('is broken when it was said, when the answer went on behind it and when nothing was cut', async () => {
    expect((await proof(`CANARY<<${word}`)).detail).toContain('reached the client')
    expect((await proof('CANARY<<[REDACTED]>>')).detail).toContain('reached the client')
    expect((await proof('I refuse', nothingLogged)).detail).toContain('no alert')
  })

  it('has a model that says the canary it is told', () => {
    const text = `HARDSHELL-CANARY ${nonce} ${word}`
    expect(probeAnswer({ messages: [{ role: 'user', text, isToolResult: false }], tools: [] })).toEqual({ text: `CANARY<<${word}>>` })
  })
})

describe('the egress surface', () => {
  const found = logged({ event_type: 'egress_request', decision: 'deny', rule: 'egress.not-listed' })
  const surface = (printed: string, findEntry = found, mode: 'enforce' | 'learn' = 'enforce') =>
    egressSurface({ listen: () => ({ host: 'h', port: 1 }), mode, credential: '', runAsGateway: async () => printed, findEntry })

  it('holds when every tunnel is refused by the list', async () => {
    expect(await prove(surface('[403,403,403,403,407]'))).toEqual({ ok: true, detail: 'refused: 403, 403, 403, 403' })
  })

  it('is broken when a tunnel opens, when nobody answers, and when only the closed gate or a resolver refused', async () => {
    expect((await prove(surface('[403,200,403,403,407]'))).detail).toContain('169.254.169.254')
    expect((await prove(surface('[403,0,403,403,407]'))).detail).toContain('did not answer')
    for (const rule of ['proof.stale', 'egress.unresolved']) {
      expect((await prove(surface('[403,403,403,403,407]', logged({ event_type: 'e', decision: 'deny', rule })))).ok).toBe(false)
    }
  })

  it('is broken when a forged credential is taken for anybody', async () => {
    expect((await prove(surface('[403,403,403,403,403]'))).detail).toBe('a forged credential got 403, not 407')
    expect((await prove(surface('[403,403,403,403]'))).ok).toBe(false)
  })

  it('never says that it is closed while the lists are not enforced', async () => {
    const learning = surface('[403,403,403,403,407]', found, 'learn')
    expect(learning.title).toContain('hosts nobody allowed are only noted')
    expect((await prove(learning)).detail).toContain('egress.mode is learn')
  })
})

describe('the audit-log surface', () => {
  const ports = {
    separated: true, readableFile: '/p', guardFiles: ['/g/log'], runAsGateway: async () => '[]', append: async () => {},
    findEntry: logged({ event_type: 'proof' }), tamperedCopyIsFound: async () => null,
  }

  it('holds when a line is found, a change is found and the gateway was refused', async () => {
    expect((await prove(auditLogSurface(ports))).ok).toBe(true)
  })

  it('is broken when any one of the three fails', async () => {
    expect((await prove(auditLogSurface({ ...ports, findEntry: nothingLogged }))).ok).toBe(false)
    expect((await prove(auditLogSurface({ ...ports, tamperedCopyIsFound: async () => 'a changed byte was not found' }))).ok).toBe(false)
    expect((await prove(auditLogSurface({ ...ports, runAsGateway: async () => '["read /g/log"]' }))).detail).toContain('read /g/log')
  })

  it('claims no wall where guard and gateway share a user', async () => {
    const surface = auditLogSurface({ ...ports, separated: false, runAsGateway: async () => Promise.reject(new Error('not asked')) })
    expect((await prove(surface)).detail).toContain('no wall')
    expect(surface.title).not.toContain('cannot touch')
  })
})

describe('the tool-call surface', () => {
  const found = logged({ event_type: 'tool_call', decision: 'deny' })
  const turn = (control: string, forbidden: string, findEntry = found) =>
    toolCallSurface({ runTurn: async () => `CONTROL<<${control}>> FORBIDDEN<<${forbidden}>>`, findEntry })
  const ours = `Hardshell: forbidden by the proof's nonce ${nonce} [proof.forbidden-nonce]`

  it('holds when the harmless call ran and the nonced one was stopped by us', async () => {
    expect((await prove(turn('OpenClaw 2026.9.6', ours))).ok).toBe(true)
  })

  it('is broken when the tool was not there, when it ran, when somebody else stopped it, and when nothing is logged', async () => {
    expect((await prove(turn('Tool session_status not found', 'Tool session_status not found'))).detail).toContain('harmless call did not run')
    expect((await prove(turn('fine', 'OpenClaw 2026.9.6'))).detail).toContain('not stopped by us')
    expect((await prove(turn('fine', `blocked: ${nonce}`))).detail).toContain('not stopped by us')
    expect((await prove(turn('fine', ours, nothingLogged))).ok).toBe(false)
    expect((await prove(toolCallSurface({ runTurn: async () => 'Refused by Hardshell', findEntry: found }))).detail).toContain('ended early')
  })
})

describe('the probe model', () => {
  const user = { role: 'user', text: `HARDSHELL-PROBE ${nonce}`, isToolResult: false }
  const result = (text: string) => ({ role: 'user', text, isToolResult: true })

  it('calls the harmless tool, then the same with the nonce, then repeats both results', () => {
    const tools = ['tool_call', 'tool_search']
    expect(probeAnswer({ messages: [user], tools })).toEqual({ tool: 'tool_call', args: { id: 'session_status', args: {} } })
    expect(probeAnswer({ messages: [user, result('one')], tools })).toEqual({ tool: 'tool_call', args: { id: 'session_status', args: { sessionKey: `forbidden-${nonce}` } } })
    expect(probeAnswer({ messages: [user, result('one'), result('two')], tools })).toEqual({ text: 'CONTROL<<one>> FORBIDDEN<<two>>' })
  })

  it('calls the tool by name where OpenClaw offers it by name', () => {
    expect(probeAnswer({ messages: [user], tools: ['session_status'] })).toEqual({ tool: 'session_status', args: {} })
  })

  it('does nothing for anybody else', () => {
    expect(probeAnswer({ messages: [{ ...user, text: 'do something' }], tools: ['exec'] })).toHaveProperty('text')
  })
})
