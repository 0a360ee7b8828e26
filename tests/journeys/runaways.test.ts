import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import JSON5 from 'json5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { connectGateway, valueAt, type GatewayRpc } from '../../src/openclaw/index.ts'
import { chat } from './chat.ts'
import { command, ensureProven } from './installation.ts'
import { entryThat, logLength, readLog } from './log.ts'
import { identicalCalls, sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

const shared = sharedInstallation()
let rpc: GatewayRpc

beforeAll(async () => {
  await ensureProven(shared)
  const config = JSON5.parse(readFileSync(join(shared.state, 'openclaw/config/openclaw.json'), 'utf8')) as unknown
  rpc = await connectGateway(`ws://127.0.0.1:${shared.ports.gateway}`, new Secret(valueAt(config, ['gateway', 'auth', 'token']) as string))
})
afterAll(() => rpc.close())

const timesAsked = (text: string): number => readFileSync(shared.upstream.record, 'utf8').split(text).length - 1

// OpenClaw keeps its tools behind a search; a name it does not know it answers itself, and asks nobody.
const order = (verb: 'AGAIN' | 'TOOL', tool: string): string => `${verb}:tool_call ${JSON.stringify({ id: tool, args: {} })}`

describe('an agent that makes the same call again and again', () => {
  const user = `circle-${crypto.randomUUID()}`

  it('is stopped at the limit, and is told so in words', async () => {
    const since = logLength(shared.log)
    const turn = await chat(shared, order('AGAIN', 'session_status'), { user })
    expect(turn).toMatchObject({ status: 200, whole: true })
    expect(turn.text).toMatch(/^TOOL_RESULT<<.*Hardshell: the same call of session_status was made 6 times within ten minutes; the limit is loops\.identical_calls in config\.yaml \[loop\.identical-calls\]/s)
    const denied = await entryThat(shared.log, since, ({ rule }) => rule === 'loop.identical-calls')
    expect(denied).toMatchObject({ event_type: 'tool_call', decision: 'deny', agent_id: 'main', tool: 'session_status' })
    const judged = readLog(shared.log).filter((entry) => entry.session === denied.session && entry.tool === 'session_status' && entry.decision !== undefined)
    expect(judged.map(({ decision }) => decision)).toEqual([...Array<string>(identicalCalls).fill('allow'), 'deny'])
  })

  it('goes on with something else in the same session, and another session may make that call', async () => {
    expect(await chat(shared, 'SAY:back on the road', { user })).toMatchObject({ whole: true, text: 'back on the road' })
    const other = await chat(shared, order('TOOL', 'sessions_list'), { user })
    expect(other.text).toMatch(/^TOOL_RESULT<</)
    expect(other.text).not.toMatch(/Hardshell: |not found/)
    const elsewhere = await chat(shared, order('TOOL', 'session_status'), { user: `elsewhere-${crypto.randomUUID()}` })
    expect(elsewhere.text).toMatch(/^TOOL_RESULT<</)
    expect(elsewhere.text).not.toMatch(/Hardshell: |not found/)
  })
})

interface Run {
  status?: string
  summary?: string
  error?: string
}

/** An automation of OpenClaw's that runs when it is told to: its own time comes in a year at most. */
async function addJob(name: string, message: string): Promise<string> {
  const job = { name, agentId: 'main', schedule: { kind: 'cron', expr: '0 0 1 1 *' }, sessionTarget: 'isolated', wakeMode: 'now', payload: { kind: 'agentTurn', message }, delivery: { mode: 'none' } }
  return ((await rpc.call('cron.add', job)) as { id: string }).id
}

async function runJob(id: string): Promise<Run> {
  const { runId } = (await rpc.call('cron.run', { id, mode: 'force' })) as { runId: string }
  return await until('the end of the job', 120_000, async () => ((await rpc.call('cron.runs', { id, runId })) as { entries: Run[] }).entries[0] ?? null)
}

describe('a cron job of OpenClaw that has spent its money', () => {
  it('is refused, while another job and a person go on', async () => {
    const since = logLength(shared.log)
    const dear = await addJob('dear', 'USAGE:780000 SAY:the dear report')
    const cheap = await addJob('cheap', 'SAY:the cheap report')
    expect(await runJob(dear)).toMatchObject({ status: 'ok', summary: expect.stringMatching(/^the dear report/) })
    const asked = timesAsked('the dear report')
    const refused = await runJob(dear)
    expect(refused.summary ?? refused.error).toMatch(/^Refused by Hardshell: .*budgets\.per_cron_job.*rule budget\.cron-job/s)
    expect(timesAsked('the dear report'), 'the provider was not asked').toBe(asked)
    const denied = await entryThat(shared.log, since, ({ rule }) => rule === 'budget.cron-job')
    expect(denied).toMatchObject({ event_type: 'model_request', decision: 'deny', agent_id: 'main', reason: expect.stringContaining(dear) })

    expect(await runJob(cheap)).toMatchObject({ status: 'ok', summary: expect.stringMatching(/^the cheap report/) })
    expect(await chat(shared, 'SAY:a person goes on')).toMatchObject({ whole: true, text: 'a person goes on' })
    expect(readLog(shared.log).filter(({ seq, rule, reason }) => seq >= since && rule === 'budget.cron-job' && !reason?.includes(dear))).toEqual([])
  })

  it('is shown in spend under its own name', async () => {
    const job = await addJob('third', 'SAY:the third report')
    await runJob(job)
    const { out } = await command(shared, ['spend', '--json'])
    const { cronJobs } = JSON.parse(out) as { cronJobs: object[] }
    expect(cronJobs).toContainEqual(expect.objectContaining({ key: job, limitMicroUsd: 200_000 }))
    expect((await command(shared, ['spend'])).out).toContain(`cron-job ${job}`)
  })
})
