import { afterEach, describe, expect, it } from 'vitest'
import { openTlsOrigin, originKinds, trustedPem, type TlsOrigin } from '../../../tests/fakes/tls-origins.ts'
import { createOutboundTls } from '../../base/index.ts'
import { keys, openWorld, providerAt, traceparent, type World } from './fakes.test.kit.ts'

let origin: TlsOrigin
let world: World
afterEach(async () => {
  await world.proxy.close()
  await origin.close()
})

const answer = JSON.stringify({ id: 'x', object: 'chat.completion', model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }] })

async function ask(options: (typeof originKinds)[number]['options'], key: string): Promise<{ status: number; text: string }> {
  origin = await openTlsOrigin(options(), (_, reply) => void reply.setHeader('content-type', 'application/json').end(answer))
  world = await openWorld([providerAt(`https://localhost:${origin.port}`, 'openai-chat')], { ports: { outboundTls: createOutboundTls().withAuthorities(trustedPem) } })
  const headers = { authorization: `Bearer ${key}`, traceparent }
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  const reply = await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body })
  return { status: reply.status, text: await reply.text() }
}

describe('a provider over TLS', () => {
  it.each(originKinds.filter(({ refused }) => refused === null))('that is $what answers', async ({ options }) => {
    expect((await ask(options, keys.plain)).text).toContain('hello')
    expect((origin.requests[0]!.socket as { servername?: string }).servername).toBe('localhost')
  })

  it.each(originKinds.filter(({ refused }) => refused !== null))('that is $what is refused with the reason, and never sees the key', async ({ options }) => {
    const { status, text } = await ask(options, keys.plain)
    expect([status, origin.requests]).toEqual([502, []])
    expect(text).toMatch(/TLS to the provider failed: (its|it) .+; /)
  })

  it('that is not trusted does not make OpenClaw put its key on ice; the log has the reason', async () => {
    const { status, text } = await ask(originKinds.find(({ refused }) => refused === 'expired')!.options, keys.gateway)
    expect(status).toBe(400)
    expect(text).not.toMatch(/certificate|TLS/)
    expect(JSON.stringify(world.log.entries)).toContain('TLS to the provider failed: its certificate, or one of its chain, has expired')
  })
})
