import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { chat } from './chat.ts'
import { command, ensureProven, newInstallation, removeInstallation, type Installation } from './installation.ts'
import { entryThat, isProbe, logLength } from './log.ts'

// What the shared installation does not have: agents that speak OpenAI's Responses and Google's API.
// A second gateway beside the shared one, on two cores: it takes three times as long as alone.
const startMs = 300_000
const realKey = ['real', 'provider', 'key', crypto.randomUUID()].join('-')
let installation: Installation
let upstream: ModelUpstream
let record: string

beforeAll(async () => {
  record = join(mkdtempSync(join(tmpdir(), 'hardshell-apis-upstream-')), 'upstream.jsonl')
  writeFileSync(record, '')
  upstream = await startModelUpstream(record)
  installation = await newInstallation('apis', settings(upstream.port), { UPSTREAM_KEY: realKey })
  const folder = join(installation.state, 'openclaw/config')
  mkdirSync(folder, { recursive: true })
  const entries = { main: { default: true, model: { primary: 'openai/gpt-5-mini' } }, second: { model: { primary: 'google/gemini-2.5-flash' } } }
  writeFileSync(join(folder, 'openclaw.json'), JSON.stringify({ agents: { entries } }))
  await ensureProven(installation, startMs)
}, startMs + 30_000)
afterAll(async () => {
  await removeInstallation(installation)
  await upstream.close()
  rmSync(dirname(record), { recursive: true, force: true })
})

function settings(port: number): string {
  const base = `http://127.0.0.1:${port}`
  const limits = 'context_window: 128000, max_tokens: 4096'
  return `models:
  providers:
    openai: {api: openai-responses, base_url: ${base}/v1, key: $UPSTREAM_KEY, models: [{id: gpt-5-mini, ${limits}}]}
    google: {api: google-generative-ai, base_url: ${base}/v1beta, key: $UPSTREAM_KEY, models: [{id: gemini-2.5-flash, ${limits}}]}
`
}

const seen = (): SeenRequest[] => readFileSync(record, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)

describe.each([
  ['main', 'OpenAI Responses', '/v1/responses', 'POST /v1/responses'],
  ['second', 'Google Gemini', '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', 'POST /v1beta/models/{model}:streamGenerateContent'],
])('agent %s of the real OpenClaw, which speaks %s', (agent, _api, path, target) => {
  it('streams an answer, under the key of the provider, and pays for it', async () => {
    const since = logLength(installation.log)
    const text = `the quick brown fox says hello to ${agent} through every door`
    expect(await chat(installation, `SAY:${text}`, { agent })).toMatchObject({ status: 200, whole: true, text })
    expect(seen().at(-1)).toMatchObject({ key: realKey, path })
    const outcome = await entryThat(installation.log, since, (e) => e.event_type === 'model_request' && !isProbe(e) && e.agent_id === agent && e.status === 200)
    expect(outcome).toMatchObject({ target, tokens_used: 520, detail: { usage_exact: true } })
  })

  it('calls a tool and reads its result', async () => {
    // OpenClaw keeps its tools behind a search; a name it does not know it answers itself.
    const turn = await chat(installation, 'TOOL:tool_call {"id":"session_status","args":{}}', { agent, user: `caller-${crypto.randomUUID()}` })
    expect(turn).toMatchObject({ status: 200, whole: true, text: expect.stringMatching(/^TOOL_RESULT<<(?!.*not found)/s) })
  })

  it('is told no as text, and the next turn works', async () => {
    await command(installation, ['agent', 'disable', agent])
    const refused = await chat(installation, 'SAY:hello', { agent })
    await command(installation, ['agent', 'enable', agent])
    expect(refused).toMatchObject({ status: 200, whole: true, text: expect.stringMatching(/^Refused by Hardshell: .*rule kill-switch\.agent-disabled, visit /s) })
    expect((await chat(installation, 'SAY:hello again', { agent })).text).toBe('hello again')
  })

  it('keeps its key when the provider refuses a call for its own reasons', async () => {
    const failed = await chat(installation, 'STATUS:429', { agent, user: `unlucky-${crypto.randomUUID()}` })
    expect(failed.text).not.toContain('asked too much of')
    expect((await chat(installation, 'SAY:it works again', { agent, user: `lucky-${crypto.randomUUID()}` })).text).toBe('it works again')
  })
})
