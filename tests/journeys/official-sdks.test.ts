import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { hardshellArgs } from './command.ts'
import { freePorts, isOpen } from './ports.ts'
import { isAlive } from './processes.ts'
import { until } from './wait.ts'

// The proxy alone, holding the key of a provider that speaks all four protocols; the clients are the official ones.
const root = mkdtempSync(join(tmpdir(), 'hardshell-sdks-'))
const record = join(root, 'upstream.jsonl')
const realKey = ['real', 'provider', 'key', crypto.randomUUID()].join('-')
let upstream: ModelUpstream
let proxy: ChildProcess
let url: string
let apiKey: string

beforeAll(async () => {
  writeFileSync(record, '')
  upstream = await startModelUpstream(record)
  const [port] = (await freePorts(1)) as [number]
  const config = join(root, 'config')
  mkdirSync(config)
  writeFileSync(join(config, 'config.yaml'), settings(upstream.port))
  const [command, args] = hardshellArgs(['serve', 'model', '--listen', `127.0.0.1:${port}`, '--config', config, '--state', join(root, 'state')])
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, UPSTREAM_KEY: realKey }
  proxy = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  proxy.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text))
  await until('the proxy', 20_000, () => {
    if (proxy.exitCode !== null) throw new Error(`serve ended: ${err}`)
    return isOpen(port)
  })
  url = `http://127.0.0.1:${port}`
  apiKey = readFileSync(join(root, `state/alone/model-${port}/guard/operator.token`), 'utf8').trim()
})
afterAll(async () => {
  proxy.kill('SIGTERM')
  await until('the end of the proxy', 5000, () => !isAlive(proxy.pid!))
  await upstream.close()
  rmSync(root, { recursive: true, force: true })
})

function settings(port: number): string {
  const base = `http://127.0.0.1:${port}`
  const provider = (name: string, api: string, address: string, model: string): string =>
    `    ${name}: {api: ${api}, base_url: ${address}, key: $UPSTREAM_KEY, models: [${model}]}\n`
  return `models:\n  providers:\n${[
    provider('openai', 'openai-responses', `${base}/v1`, 'gpt-5-mini'),
    provider('anthropic', 'anthropic-messages', base, 'claude-haiku-4-5'),
    provider('google', 'google-generative-ai', `${base}/v1beta`, 'gemini-2.5-flash'),
  ].join('')}`
}

const seen = (): SeenRequest[] => readFileSync(record, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)
const openai = (): OpenAI => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 })
const anthropic = (): Anthropic => new Anthropic({ apiKey, baseURL: url, maxRetries: 0 })
const google = (): GoogleGenAI => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })

const hello = 'hello from the provider'
const weather = { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false }
const gemini = 'gemini-2.5-flash'

describe('OpenAI’s client on Responses', () => {
  it('gets an answer and a stream, and the provider sees its own key', async () => {
    const answer = await openai().responses.create({ model: 'gpt-5-mini', input: `SAY:${hello}` })
    expect(answer).toMatchObject({ output_text: hello, usage: { input_tokens: 500, output_tokens: 20 } })
    expect(seen().at(-1)).toMatchObject({ key: realKey, model: 'gpt-5-mini', path: '/v1/responses' })
    const stream = openai().responses.stream({ model: 'gpt-5-mini', input: [{ role: 'user', content: `SAY:${hello}` }] })
    const types: string[] = []
    for await (const { type } of stream) types.push(type)
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed'])
    expect((await stream.finalResponse()).output_text).toBe(hello)
  })

  it('gets a call of a tool in a stream and reports its output', async () => {
    const input = [{ role: 'user' as const, content: 'TOOL:weather {"city":"Oslo"}' }]
    const first = await openai().responses.stream({ model: 'gpt-5-mini', input, tools: [weather] }).finalResponse()
    const call = first.output.find((item) => item.type === 'function_call')
    expect(call).toMatchObject({ name: 'weather', arguments: '{"city":"Oslo"}' })
    const told = [...input, call!, { type: 'function_call_output' as const, call_id: call!.call_id, output: 'rain' }]
    expect((await openai().responses.create({ model: 'gpt-5-mini', input: told })).output_text).toBe('TOOL_RESULT<<rain>>')
  })

  it('reaches the same provider by its older protocol', async () => {
    const messages = [{ role: 'user' as const, content: `SAY:${hello}` }]
    const answer = await openai().chat.completions.create({ model: 'gpt-5-mini', messages })
    expect(answer.choices[0]!.message.content).toBe(hello)
  })
})

describe('Google’s client', () => {
  it('gets an answer and a stream, and the provider sees its own key', async () => {
    const answer = await google().models.generateContent({ model: gemini, contents: `SAY:${hello}` })
    expect(answer).toMatchObject({ text: hello, usageMetadata: { promptTokenCount: 500, candidatesTokenCount: 20 } })
    expect(seen().at(-1)).toMatchObject({ key: realKey, model: gemini, path: expect.stringMatching(/^\/v1(beta)?\/models\/gemini-2\.5-flash:generateContent$/) })
    let text = ''
    for await (const chunk of await google().models.generateContentStream({ model: gemini, contents: `SAY:${hello}` })) text += chunk.text ?? ''
    expect(text).toBe(hello)
    expect(seen().at(-1)!.path).toContain(':streamGenerateContent?alt=sse')
  })

  it('gets a call of a tool with its signature and reports its response', async () => {
    const asked = { role: 'user', parts: [{ text: 'TOOL:weather {"city":"Oslo"}' }] }
    const first = await google().models.generateContent({ model: gemini, contents: [asked] })
    const said = first.candidates![0]!.content!
    expect(said.parts).toMatchObject([{ functionCall: { name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: expect.any(String) }])
    const told = { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { output: 'rain' } } }] }
    expect((await google().models.generateContent({ model: gemini, contents: [asked, said, told] })).text).toBe('TOOL_RESULT<<rain>>')
    expect(seen().at(-1)!.text).toContain(said.parts![0]!.thoughtSignature)
  })

  it('gets the same answer as one JSON array where it asks without alt=sse', async () => {
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: `SAY:${hello}` }] }] })
    const reply = await fetch(`${url}/v1beta/models/${gemini}:streamGenerateContent`, { method: 'POST', headers: { 'x-goog-api-key': apiKey }, body })
    const chunks = (await reply.json()) as { candidates: { content: { parts: { text: string }[] } }[] }[]
    expect(chunks.map(({ candidates }) => candidates[0]!.content.parts[0]!.text).join('')).toBe(hello)
  })

  it('may not put a key into the address', async () => {
    const reply = await fetch(`${url}/v1beta/models/${gemini}:generateContent?key=${apiKey}`, { method: 'POST', body: '{"contents":[]}' })
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining('send it as a header')])
  })
})

describe('an error of the provider', () => {
  it('is the same for each client as without the proxy, with the time to wait', async () => {
    const order = 'STATUS:429'
    const limited = { status: 429, message: expect.stringContaining('asked too much of') }
    const chat = openai().chat.completions.create({ model: 'gpt-5-mini', messages: [{ role: 'user', content: order }] })
    await expect(chat).rejects.toMatchObject({ ...limited, code: 'rate_limit_exceeded' })
    await expect(openai().responses.create({ model: 'gpt-5-mini', input: order, stream: true })).rejects.toMatchObject(limited)
    const messages = [{ role: 'user' as const, content: order }]
    await expect(anthropic().messages.create({ model: 'claude-haiku-4-5', max_tokens: 9, messages })).rejects.toMatchObject(limited)
    await expect(google().models.generateContent({ model: gemini, contents: order })).rejects.toMatchObject(limited)
    const error = await openai().responses.create({ model: 'gpt-5-mini', input: order }).catch((reason: unknown) => reason)
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('1')
  })
})

describe('a client that leaves', () => {
  it('takes its call with it, whatever it speaks', async () => {
    const cuts = (): number => seen().filter(({ cut }) => cut === true).length
    const order = 'SLOW:60 tick'
    const before = cuts()
    for await (const _event of await openai().responses.create({ model: 'gpt-5-mini', input: order, stream: true })) break
    const claude = anthropic().messages.stream({ model: 'claude-haiku-4-5', max_tokens: 9, messages: [{ role: 'user', content: order }] })
    for await (const _event of claude) break
    const leaving = new AbortController()
    const chunks = await google().models.generateContentStream({ model: gemini, contents: order, config: { abortSignal: leaving.signal } })
    expect((await chunks.next()).done).toBe(false)
    leaving.abort()
    expect(await until('all three to be gone', 10_000, () => cuts() - before === 3)).toBe(true)
  })
})
