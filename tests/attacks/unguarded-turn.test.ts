import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureProven } from '../journeys/installation.ts'
import { entryThat, logLength } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { openclawAsGateway } from './as-gateway.ts'
import { knownToGateway } from './gateway-config.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

interface ModelRequest {
  key: string
  provider?: string
  traceparent?: string
}

async function callModel({ key, provider = 'openai', traceparent }: ModelRequest): Promise<{ status: number; text: string }> {
  const reply = await fetch(`http://127.0.0.1:${shared.ports.model}/p/${provider}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...(traceparent && { traceparent }) },
    body: JSON.stringify({ model: provider === 'openai' ? 'gpt-5-mini' : 'probe', max_tokens: 10, messages: [{ role: 'user', content: 'SAY:bought with a stolen key' }] }),
  })
  return { status: reply.status, text: await reply.text() }
}

const callsSeen = (): number => readFileSync(shared.upstream.record, 'utf8').split('\n').length

describe("a model request with the gateway's own virtual key", () => {
  it.each([
    ['without a trace', undefined],
    ['with a trace nobody announced', `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`],
    ['with a malformed trace', '00-zz-1'],
    ['with the trace of zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
  ])('%s is refused before the provider hears of it, and is an alert', async (_, traceparent) => {
    const since = logLength(shared.log)
    const calls = callsSeen()
    const reply = await callModel({ key: knownToGateway(shared).virtualKey, traceparent })
    expect(reply.status).toBe(200) // 401 or 403 would put OpenClaw's key on ice
    expect(reply.text).toContain('rule turn.unannounced')
    expect(reply.text).not.toContain('"bought')
    expect(callsSeen()).toBe(calls)
    const alert = await entryThat(shared.log, since, (e) => e.rule === 'turn.unannounced')
    expect(alert).toMatchObject({ event_type: 'alert', decision: 'deny', severity: 'critical', surface: 'model' })
  })

  it('does not reach the probe, and the key of the probe does not reach a provider', async () => {
    const { virtualKey, probeKey } = knownToGateway(shared)
    const calls = callsSeen()
    const crossed = [await callModel({ key: virtualKey, provider: 'hardshell-probe' }), await callModel({ key: probeKey })]
    for (const { text } of crossed) expect(text).toMatch(/provider\.not-allowed/)
    expect(callsSeen()).toBe(calls)
  })

  it('is nothing to somebody who only has a key that looks like it', async () => {
    const { virtualKey } = knownToGateway(shared)
    const since = logLength(shared.log)
    const almost = virtualKey.slice(0, -1) + (virtualKey.endsWith('A') ? 'B' : 'A')
    expect((await callModel({ key: almost })).status).toBe(401)
    await entryThat(shared.log, since, (e) => e.event_type === 'auth_event' && e.rule === 'login.unknown-credential')
  })
})

describe('`openclaw agent exec`, which runs an agent without the plugin', () => {
  it('gets a refusal instead of a model', async () => {
    const since = logLength(shared.log)
    const calls = callsSeen()
    const ended = await openclawAsGateway(shared, ['agent', 'exec', '--model', 'openai/gpt-5-mini', '--timeout', '60', '--json', 'SAY:nobody watches me'])
    const alert = await entryThat(shared.log, since, (e) => e.rule === 'turn.unannounced')
    expect(alert).toMatchObject({ event_type: 'alert', severity: 'critical', user: 'gateway' })
    expect(ended.out + ended.err).not.toContain('"nobody watches me"')
    expect(ended.out, ended.err).toContain('Refused by Hardshell')
    expect(callsSeen()).toBe(calls)
  })
})
