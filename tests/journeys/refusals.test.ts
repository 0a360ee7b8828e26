import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { chat } from './chat.ts'
import { command, ensureProven, statusOf } from './installation.ts'
import { entryThat, logLength } from './log.ts'
import { perSessionMicroUsd, sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

describe('a refusal by the budget', () => {
  it.each(['main', 'second'])('reaches the person talking to %s as text, and neither the next session nor the key suffers', async (agent) => {
    const since = logLength(shared.log)
    const spentBefore = (await statusOf(shared))!.spend.todayMicroUsd
    const user = `spender-${crypto.randomUUID()}`
    const first = await chat(shared, `USAGE:${agent === 'main' ? 2_000_000 : 400_000} SAY:this was dear`, { agent, user })
    expect(first).toMatchObject({ status: 200, text: 'this was dear' })
    const unheard = `one more, ${crypto.randomUUID()}`
    const second = await chat(shared, `SAY:${unheard}`, { agent, user })
    expect(second).toMatchObject({ status: 200, whole: true })
    expect(second.text).toMatch(/^Refused by Hardshell: .*session.*budget\.session/s)
    expect(readFileSync(shared.upstream.record, 'utf8'), 'the provider was not asked').not.toContain(unheard)
    const entry = await entryThat(shared.log, since, (e) => e.decision === 'deny' && e.rule === 'budget.session')
    expect(entry).toMatchObject({ agent_id: agent, event_type: 'model_request' })

    const next = await chat(shared, 'SAY:a new session works at once', { agent, user: `saver-${crypto.randomUUID()}` })
    expect(next).toMatchObject({ status: 200, text: 'a new session works at once' })
    const spent = (await statusOf(shared))!.spend.todayMicroUsd - spentBefore
    expect(spent).toBeGreaterThan(perSessionMicroUsd - 100_000)
  })

  it('is what spend shows', async () => {
    const shown = await command(shared, ['spend', '--json'])
    expect(shown.status).toBe(0)
    expect(JSON.parse(shown.out)).toMatchObject({ day: { spentMicroUsd: expect.any(Number) } })
  })
})

describe('a refusal by the kill switch', () => {
  it('reaches the person as text, and the turn after enable works', async () => {
    await command(shared, ['agent', 'disable', 'second'])
    const refused = await chat(shared, 'SAY:hello', { agent: 'second' })
    await command(shared, ['agent', 'enable', 'second'])
    expect(refused).toMatchObject({ status: 200, whole: true })
    expect(refused.text).toMatch(/^Refused by Hardshell: .*rule kill-switch\.agent-disabled, visit /)
    expect((await chat(shared, 'SAY:hello again', { agent: 'second' })).text).toBe('hello again')
  })
})
