import { describe, expect, it } from 'vitest'
import { MeterWorld } from '../../src/budget/meter.test.kit.ts'
import { chatBody, fakeLog, keys, openUpstream, openWorld, providerAt, until } from '../../src/proxy/model/fakes.test.kit.ts'
import { forModelProxy } from '../../src/guard/metering.ts'

/** What the day's budget is charged for a call that allows 30,000 tokens, after its client left. */
async function chargedAfterLeaving(answer: Parameters<typeof openUpstream>[0], more: object): Promise<{ cost: number; reserved: number }> {
  const upstream = await openUpstream(answer)
  const providers = [providerAt(upstream.url, 'openai-chat', 'test')]
  const meter = new MeterWorld().meter({ perDay: 1_000_000_000 })
  const world = await openWorld(providers, { ports: { meter: forModelProxy(meter, fakeLog(), providers) } })
  const leave = new AbortController()
  const body = chatBody({ model: 'test-1', max_completion_tokens: 30_000, ...more })
  const request = fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body, signal: leave.signal })
  const over = request.then((response) => response.text()).catch(() => 'left')
  await until(() => upstream.seen.length === 1, 'the provider has the request')
  leave.abort()
  await over
  await until(() => world.log.entries.some(({ status }) => status === 499), 'the call is settled')
  const cost = world.log.entries.find(({ status }) => status === 499)!.cost_micro_usd ?? -1
  await world.proxy.close()
  await upstream.close()
  meter.close()
  return { cost, reserved: 30_000 * 15 }
}

describe('a client that leaves while the provider works for it', () => {
  it('is charged the whole reservation for an answer that does not stream: nobody saw what was made', async () => {
    const { cost, reserved } = await chargedAfterLeaving(() => {}, {})
    expect(cost).toBeGreaterThanOrEqual(reserved)
  })
})

describe('a provider that reports no tokens', () => {
  it('is not believed when a hundred kilobytes of text came', async () => {
    const whole = { choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(20_000) }, finish_reason: 'stop' }], usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }
    const upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole)))
    const providers = [providerAt(upstream.url, 'openai-chat', 'test')]
    const meter = new MeterWorld().meter({ perDay: 1_000_000_000 })
    const world = await openWorld(providers, { ports: { meter: forModelProxy(meter, fakeLog(), providers) } })
    await (await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body: chatBody({ model: 'test-1', max_completion_tokens: 30_000 }) })).text()
    await until(() => world.log.entries.some(({ status }) => status === 200), 'the call is settled')
    expect(world.log.entries.find(({ status }) => status === 200)!.cost_micro_usd).toBeGreaterThan(0)
    await world.proxy.close()
    await upstream.close()
    meter.close()
  })
})
