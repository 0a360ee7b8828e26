import Anthropic from '@anthropic-ai/sdk'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { hardshell, hardshellArgs } from './command.ts'
import { freePorts, isOpen } from './ports.ts'
import { isAlive } from './processes.ts'
import { until } from './wait.ts'

const root = mkdtempSync(join(tmpdir(), 'hardshell-clients-'))
const record = join(root, 'upstream.jsonl')
const apiKey = ['client', 'own', 'key', crypto.randomUUID()].join('-')
let upstream: ModelUpstream
let proxy: ChildProcess
let port: number

beforeAll(async () => {
  writeFileSync(record, '')
  upstream = await startModelUpstream(record)
  ;[port] = (await freePorts(1)) as [number]
  const listen = `127.0.0.1:${port}`
  const [command, args] = hardshellArgs(['serve', 'model', '--listen', listen, '--upstream', `http://127.0.0.1:${upstream.port}`, '--state', join(root, 'state')])
  proxy = spawn(command, args, { cwd: root, env: { PATH: process.env['PATH'] ?? '', HOME: root }, stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  proxy.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
  await until('the proxy', 20_000, () => {
    if (proxy.exitCode !== null) throw new Error(`serve ended: ${err}`)
    return isOpen(port)
  })
})
afterAll(async () => {
  proxy.kill('SIGTERM')
  await until('the end of the proxy', 5000, () => !isAlive(proxy.pid!))
  await upstream.close()
  rmSync(root, { recursive: true, force: true })
})

const seen = (): SeenRequest[] => readFileSync(record, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)

describe("OpenAI's own client through `serve model`", () => {
  const client = (): OpenAI => new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'SAY:hello from the provider' }]

  it('gets an answer, and the provider sees the key of the client', async () => {
    const answer = await client().chat.completions.create({ model: 'gpt-5-mini', messages })
    expect(answer.choices[0]!.message.content).toBe('hello from the provider')
    expect(seen().at(-1)).toMatchObject({ key: apiKey, model: 'gpt-5-mini', path: '/v1/chat/completions' })
  })

  it('gets a stream, a tool call and its result', async () => {
    let text = ''
    for await (const chunk of await client().chat.completions.create({ model: 'gpt-5-mini', stream: true, messages })) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe('hello from the provider')
    const asked = await client().chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'TOOL:weather {"city":"Oslo"}' }] })
    const call = asked.choices[0]!.message.tool_calls![0]!
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } })
    const told = await client().chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'TOOL:weather {"city":"Oslo"}' }, asked.choices[0]!.message, { role: 'tool', tool_call_id: call.id, content: 'rain' }],
    })
    expect(told.choices[0]!.message.content).toBe('TOOL_RESULT<<rain>>')
  })

  it('lists models', async () => {
    const { data } = await client().models.list()
    expect(data.map(({ id }) => id)).toContain('gpt-5-mini')
  })
})

describe("Anthropic's own client through `serve model`", () => {
  const client = (): Anthropic => new Anthropic({ apiKey, baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 })
  const ask = { model: 'claude-haiku-4-5', max_tokens: 200, messages: [{ role: 'user' as const, content: 'SAY:hello from the provider' }] }

  it('gets an answer, and the provider sees the key of the client', async () => {
    const answer = await client().messages.create(ask)
    expect(answer.content).toMatchObject([{ type: 'text', text: 'hello from the provider' }])
    expect(seen().at(-1)).toMatchObject({ key: apiKey, model: 'claude-haiku-4-5', path: '/v1/messages' })
  })

  it('gets a stream', async () => {
    const stream = client().messages.stream(ask)
    expect(await stream.finalText()).toBe('hello from the provider')
    expect((await stream.finalMessage()).usage).toMatchObject({ input_tokens: 500, output_tokens: 20 })
  })
})

describe('what goes through `serve model`', () => {
  it('has its secrets taken out on the way to the provider, and is on record', async () => {
    const secret = ['ghp', 'a1B2'.repeat(9)].join('_')
    const client = new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 })
    const answer = await client.chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: `SAY:my token is ${secret} ok` }] })
    expect(seen().at(-1)!.text).not.toContain(secret)
    expect(seen().at(-1)!.text).toContain('my token is')
    expect(answer.choices[0]!.message.content).not.toContain(secret)
    const log = join(root, `state/alone/model-${port}/guard/audit/audit.log`)
    const text = readFileSync(log, 'utf8')
    expect(text).toContain('"model_request"')
    expect(text).not.toContain(secret)
    expect(text).not.toContain(apiKey)
    expect((await hardshell(['audit', 'verify', '--file', log])).status).toBe(0)
  })
})
