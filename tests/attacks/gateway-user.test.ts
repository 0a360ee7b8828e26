import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chat } from '../journeys/chat.ts'
import { command, ensureProven, guardPid, statusOf } from '../journeys/installation.ts'
import { entryThat, logLength, readLog } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { asGateway } from './as-gateway.ts'
import { knownToGateway } from './gateway-config.ts'

const shared = sharedInstallation()
const pluginSocket = join(shared.state, 'run/plugin.sock')
let pid: number

beforeAll(async () => {
  await ensureProven(shared)
  pid = guardPid(shared)!
})
afterAll(async () => {
  await command(shared, ['resume'])
  await ensureProven(shared)
})

/** The same guard as before, and turns still work. */
async function expectUnharmed(): Promise<void> {
  expect(guardPid(shared), 'the guard still runs').toBe(pid)
  expect(await statusOf(shared)).toMatchObject({ ok: true })
  expect((await chat(shared, 'SAY:unharmed')).text).toBe('unharmed')
}

// Says lines on the plugin's socket and prints what came back, one JSON object a line.
const say = `
const [path, ...lines] = process.argv.slice(1)
const socket = require('node:net').connect(path)
let text = ''
socket.on('error', (error) => { console.log('ERROR ' + error.code); process.exit(0) })
socket.on('data', (chunk) => (text += chunk))
socket.on('close', () => { console.log(text + 'CLOSED'); process.exit(0) })
for (const line of lines) socket.write(line + '\\n')
setTimeout(() => { console.log(text); process.exit(0) }, 1500)
`
const question = (tool: string, agentId: string, args: object = {}): string =>
  JSON.stringify({ kind: 'tool', id: 1, tool, args, agentId, sessionKey: `agent:${agentId}:x`, runId: 'r', traceId: null, channel: null, sender: null })

describe("somebody with a shell as the gateway's user", () => {
  it('gets nothing out of the guard: no file, no memory, no environment, no command', async () => {
    const reach = `
      const fs = require('node:fs'), net = require('node:net')
      const [pid, control, ...files] = process.argv.slice(1)
      const got = []
      const attempt = (what, how) => { try { how(); got.push(what) } catch {} }
      for (const file of files) { attempt('read ' + file, () => fs.readFileSync(file)); attempt('write ' + file, () => fs.appendFileSync(file, 'x')) }
      for (const name of ['environ', 'mem', 'maps', 'fd', 'cwd', 'root']) attempt(name, () => name === 'fd' ? fs.readdirSync('/proc/' + pid + '/fd') : ['cwd', 'root'].includes(name) ? fs.readlinkSync('/proc/' + pid + '/' + name) : fs.readFileSync('/proc/' + pid + '/' + name))
      attempt('signal', () => process.kill(Number(pid), 0))
      const socket = net.connect(control)
      socket.on('connect', () => { got.push('control'); done() })
      socket.on('error', () => done())
      const done = () => { console.log(JSON.stringify(got)); process.exit(0) }`
    const guard = join(shared.state, 'guard')
    const files = ['audit/audit.log', 'guard.sqlite', 'secrets.json', 'secrets.key', 'operator.token', 'connection.json'].map((name) => join(guard, name))
    const ended = await asGateway(shared, reach, [String(pid), join(guard, 'control.sock'), ...files])
    expect(ended).toMatchObject({ status: 0, out: '[]\n' })
    await expectUnharmed()
  })

  it('may ask on the socket of the plugin, where the deny list holds for the probe too', async () => {
    const since = logLength(shared.log)
    const { out } = await asGateway(shared, say, [pluginSocket, question('exec', 'hardshell-probe', { command: 'id' })])
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ id: 1, allow: false, rule: 'tools.deny' })
    await entryThat(shared.log, since, (e) => e.event_type === 'tool_call' && e.agent_id === 'hardshell-probe' && e.rule === 'tools.deny')
    await expectUnharmed()
  })

  it('gets no install allowed by asking', async () => {
    const { out } = await asGateway(shared, say, [pluginSocket, JSON.stringify({ kind: 'install', id: 2, what: 'skill', name: 'x', source: '/tmp/x' })])
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ id: 2, allow: false, rule: 'install.unscanned' })
  })

  it('is cut off for garbage and for lines without end, and nobody else notices', async () => {
    expect((await asGateway(shared, say, [pluginSocket, 'not json'])).out).toContain('CLOSED')
    expect((await asGateway(shared, say, [pluginSocket, JSON.stringify({ kind: 'stop' })])).out).toContain('CLOSED')
    expect((await asGateway(shared, say, [pluginSocket, JSON.stringify({ kind: 'tool', id: 1, tool: { toString: 1 } })])).out).toContain('CLOSED')
    const endless = `
      const socket = require('node:net').connect(process.argv[1])
      const chunk = 'x'.repeat(1 << 20)
      let sent = 0
      socket.on('error', () => {})
      socket.on('close', () => { console.log('CLOSED'); process.exit(0) })
      const more = () => { while (sent < 32 && socket.write(chunk)) sent++; if (sent++ < 32) socket.once('drain', more) }
      more()
      setTimeout(() => { console.log('STILL OPEN after ' + sent + ' MB'); process.exit(0) }, 10000)`
    expect((await asGateway(shared, endless, [pluginSocket])).out).toBe('CLOSED\n')
    await expectUnharmed()
  })

  it('does not shut the plugin out with a thousand connections', async () => {
    const crowd = `
      const net = require('node:net')
      let open = 0
      for (let i = 0; i < 1000; i++) net.connect(process.argv[1]).on('connect', () => open++).on('error', () => {})
      setTimeout(() => console.log(open), 2000)
      setTimeout(() => process.exit(0), 8000)`
    const crowded = asGateway(shared, crowd, [pluginSocket])
    const deadline = performance.now() + 6000
    while (performance.now() < deadline && !(await answersPlugin())) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await answersPlugin()).toBe(true)
    expect((await chat(shared, 'SAY:still talking')).text).toBe('still talking')
    await crowded
    await expectUnharmed()
  })

  it('that announces a turn of its own can call a model only as far as the switches and limits of everybody reach, under what it claimed', async () => {
    const since = logLength(shared.log)
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const announce = JSON.stringify({ kind: 'announce', traceId, agentId: 'main', sessionKey: 'agent:main:forged', runId: 'r' })
    await asGateway(shared, say, [pluginSocket, announce])
    await callModel(traceId)
    const entry = await entryThat(shared.log, since, (e) => e.event_type === 'model_request' && e.trace_id === traceId)
    expect(entry).toMatchObject({ agent_id: 'main', session: 'agent:main:forged', decision: 'allow' })
    await command(shared, ['pause', '--all'])
    expect(await callModel(traceId)).toContain('rule kill-switch.paused')
    await command(shared, ['resume'])
  })

  it('cannot lift a pause by claiming to be the probe', async () => {
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const announce = JSON.stringify({ kind: 'announce', traceId, agentId: 'hardshell-probe', sessionKey: 'agent:hardshell-probe:x', runId: 'r' })
    await command(shared, ['pause', '--all'])
    await asGateway(shared, say, [pluginSocket, announce])
    expect(await callModel(traceId)).toContain('rule kill-switch.paused')
    await command(shared, ['resume'])
    expect(readLog(shared.log).filter((e) => e.trace_id === traceId && e.decision === 'allow')).toEqual([])
  })

  it('that says hello in the name of the plugin only has everything proven again', async () => {
    const since = logLength(shared.log)
    const { pid } = (await statusOf(shared))!.gateway // any other pid is a command of OpenClaw's and changes nothing
    await asGateway(shared, say, [pluginSocket, JSON.stringify({ kind: 'hello', pid, pluginVersion: '0.0.0' })])
    await ensureProven(shared, 45_000) // a round takes seconds; waiting for the next pulse would take minutes
    expect(readLog(shared.log).filter((e) => e.seq >= since && e.event_type === 'proof' && e.decision === 'allow').length).toBeGreaterThanOrEqual(6)
    await expectUnharmed()
  })
})

async function callModel(traceId: string): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${shared.ports.model}/p/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${knownToGateway(shared).virtualKey}`, 'content-type': 'application/json', traceparent: `00-${traceId}-${traceId.slice(16)}-01` },
    body: JSON.stringify({ model: 'gpt-5-mini', max_tokens: 10, messages: [{ role: 'user', content: 'SAY:x' }] }),
  })
  return await reply.text()
}

/** A question of our own, to see whether the socket still answers. */
function answersPlugin(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(pluginSocket)
    const done = (answered: boolean): void => (socket.destroy(), resolve(answered))
    socket.setTimeout(3000, () => done(false))
    socket.on('error', () => done(false))
    socket.on('data', () => done(true))
    socket.write(`${question('session_status', 'hardshell-journey')}\n`)
  })
}
