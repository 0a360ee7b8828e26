import { describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { answerExec, type ExecDecision, type ExecPorts } from './exec-answer.ts'

const rules = { listed: ['telegram_bot_token', 'SMTP_PASSWORD', 'GONE'], scopes: { smtp_password: { skills: ['email'] } } }

async function ask(ids: unknown, more: Partial<ExecPorts> = {}): Promise<{ answer: string | null; decisions: ExecDecision[] }> {
  const decisions: ExecDecision[] = []
  const ports: ExecPorts = {
    closed: () => null,
    get: async (name) => (name === 'GONE' ? null : new Secret(`value-of-${name}`)),
    record: async (decision) => void decisions.push(decision),
    ...more,
  }
  const answer = await answerExec(JSON.stringify({ protocolVersion: 1, provider: 'hardshell', ids }), rules, ports)
  return { answer, decisions }
}

describe('answerExec', () => {
  it("speaks OpenClaw's protocol: values by id, errors by id", async () => {
    const { answer, decisions } = await ask(['TELEGRAM_BOT_TOKEN', 'skills/email/SMTP_PASSWORD', 'GONE'])
    expect(JSON.parse(answer!)).toEqual({
      protocolVersion: 1,
      values: { TELEGRAM_BOT_TOKEN: 'value-of-TELEGRAM_BOT_TOKEN', 'skills/email/SMTP_PASSWORD': 'value-of-SMTP_PASSWORD' },
      errors: { GONE: { code: 'NOT_FOUND' } },
    })
    expect(decisions.map(({ id, allow, rule }) => [id, allow, rule])).toEqual([
      ['TELEGRAM_BOT_TOKEN', true, 'secrets.exec.given'],
      ['skills/email/SMTP_PASSWORD', true, 'secrets.exec.given'],
      ['GONE', false, 'secrets.exec.missing'],
    ])
  })

  it.each([
    ['ANTHROPIC_API_KEY', 'secrets.exec.not-listed'],
    ['SMTP_PASSWORD', 'secrets.scope.skill-only'],
    ['skills/calendar/SMTP_PASSWORD', 'secrets.scope.skill'],
    ['agents/main/SMTP_PASSWORD', 'secrets.scope.skill-only'],
    ['../../etc/passwd', 'secrets.exec.bad-id'],
    ['telegram_bot_token\n', 'secrets.exec.bad-id'],
  ])('refuses %j: %s', async (id, rule) => {
    const { answer, decisions } = await ask([id])
    expect(JSON.parse(answer!)).toEqual({ protocolVersion: 1, values: {}, errors: { [id]: { code: 'DENIED' } } })
    expect(decisions.map((decision) => [decision.allow, decision.rule])).toEqual([[false, rule]])
  })

  it('gives nothing while agents can act, and says why in the log', async () => {
    const { answer, decisions } = await ask(['TELEGRAM_BOT_TOKEN'], { closed: () => ({ rule: 'secrets.exec.closed', reason: 'agents can act' }) })
    expect(JSON.parse(answer!)).toMatchObject({ values: {} })
    expect(decisions).toEqual([{ id: 'TELEGRAM_BOT_TOKEN', allow: false, rule: 'secrets.exec.closed', reason: 'agents can act' }])
  })

  it('gives nothing that could not be logged', async () => {
    const { answer } = await ask(['TELEGRAM_BOT_TOKEN'], { record: () => Promise.reject(new Error('disk full')) })
    expect(JSON.parse(answer!)).toEqual({ protocolVersion: 1, values: {}, errors: { TELEGRAM_BOT_TOKEN: { code: 'UNAVAILABLE' } } })
  })

  it('gives the others when one store fails, and not what the store said', async () => {
    const get = async (name: string): Promise<Secret> => {
      if (name === 'GONE') throw new Error('value-of-GONE')
      return new Secret('fine')
    }
    const { answer } = await ask(['GONE', 'TELEGRAM_BOT_TOKEN'], { get })
    expect(JSON.parse(answer!)).toEqual({ protocolVersion: 1, values: { TELEGRAM_BOT_TOKEN: 'fine' }, errors: { GONE: { code: 'UNAVAILABLE' } } })
  })

  it.each([['not JSON', '{'], ['another protocol', '{"protocolVersion":2,"ids":[]}'], ['no ids', '{"protocolVersion":1}'], ['ids that are no text', '{"protocolVersion":1,"ids":[7]}'], ['too many', JSON.stringify({ protocolVersion: 1, ids: Array.from({ length: 300 }, (_, i) => `A${i}`) })]])(
    'does not answer %s',
    async (_, request) => {
      const ports: ExecPorts = { closed: () => null, get: async () => new Secret('x'), record: async () => {} }
      expect(await answerExec(request, rules, ports)).toBeNull()
    },
  )
})
