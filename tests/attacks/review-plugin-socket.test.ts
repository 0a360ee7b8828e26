import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, ensureProven, gatewayUid, guardPid, statusOf } from '../journeys/installation.ts'
import { entryThat, logLength, readLog } from '../journeys/log.ts'
import { sharedInstallation } from '../journeys/shared.ts'
import { asGateway } from './as-gateway.ts'

const shared = sharedInstallation()
const pluginSocket = join(shared.state, 'run/plugin.sock')

beforeAll(async () => void (await ensureProven(shared)))
afterAll(async () => void (await ensureProven(shared)))

// Says one line, or the same line many times with another trace id each, and prints how the connection ended.
const say = `
const [path, line, times] = process.argv.slice(1)
const socket = require('node:net').connect(path)
let text = ''
socket.on('error', () => {})
socket.on('data', (chunk) => (text += chunk))
socket.on('close', () => { console.log(text + 'CLOSED'); process.exit(0) })
let said = 0
const more = () => {
  while (said < Number(times)) {
    const whole = line.replace('TRACE', (++said).toString(16).padStart(32, '0')).replace('LONG', 'a'.repeat(4000000)).replace('"NESTED"', '['.repeat(100000) + ']'.repeat(100000))
    if (!socket.write(whole + '\\n')) return socket.once('drain', more)
  }
  setTimeout(() => { console.log(text); process.exit(0) }, 1500)
}
more()
`

describe("somebody on the plugin's socket, as the gateway's user", () => {
  it('cannot fill the memory of the guard with names of megabytes', async () => {
    const line = JSON.stringify({ kind: 'announce', traceId: 'TRACE', agentId: 'LONG', sessionKey: 's', runId: 'r' })
    const before = residentBytes()
    expect((await asGateway(shared, say, [pluginSocket, line, '100'])).out).toContain('CLOSED')
    expect(residentBytes() - before, 'of 400 MB that were said').toBeLessThan(200e6)
  })

  it('cannot announce under something that is no trace id', async () => {
    const line = JSON.stringify({ kind: 'announce', traceId: 'x', agentId: 'main', sessionKey: 's', runId: 'r' })
    expect((await asGateway(shared, say, [pluginSocket, line, '1'])).out).toContain('CLOSED')
  })

  it('gets a question whose arguments cannot be summed up refused, and that is on record', async () => {
    const since = logLength(shared.log)
    const line = JSON.stringify({ kind: 'tool', id: 1, tool: 'session_status', agentId: 'main', sessionKey: 's', runId: 'r', args: 'NESTED' })
    const { out } = await asGateway(shared, say, [pluginSocket, line, '1'])
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ id: 1, allow: false })
    await entryThat(shared.log, since, (e) => e.event_type === 'tool_call' && e.tool === 'session_status' && e.decision === 'deny')
  })

  it('cannot put anything but numbers and texts into the details of the log', async () => {
    const since = logLength(shared.log)
    const line = JSON.stringify({ kind: 'message', direction: { x: { y: 1 } }, channel: 'c', sender: 's', sessionKey: 's', chars: [1, { a: 1 }] })
    expect((await asGateway(shared, say, [pluginSocket, line, '1'])).out).toContain('CLOSED')
    const details = readLog(shared.log).filter((e) => e.seq >= since && e.event_type === 'message')
    expect(details.flatMap((e) => Object.values(e.detail ?? {})).filter((value) => typeof value === 'object' && value !== null)).toEqual([])
  })

  it('cannot write on the terminal of the operator by what it calls itself', async () => {
    const since = logLength(shared.log)
    const line = JSON.stringify({ kind: 'tool', id: 1, tool: 'session_status', args: {}, agentId: 'main\u001b[2J\u009b2J\n2026 allow forged', sessionKey: 's', runId: 'r' })
    await asGateway(shared, say, [pluginSocket, line, '1'])
    await entryThat(shared.log, since, (e) => e.event_type === 'tool_call' && (e.agent_id ?? '').includes('forged'))
    const { out } = await command(shared, ['audit', 'search', 'forged', '--last', '5m'])
    expect(out).toContain('forged')
    // oxlint-disable-next-line no-control-regex
    expect(out.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    expect(out.split('\n').filter((shown) => shown.startsWith('2026 allow')), 'a line of its own').toEqual([])
  })

  it('cannot keep a proof from ending by saying hello again and again', async () => {
    const { pid } = (await statusOf(shared))!.gateway
    const hello = JSON.stringify({ kind: 'hello', pid, pluginVersion: '0.0.0' })
    const loop = `const s = require('node:net').connect(process.argv[1]); s.on('error', () => {}); setInterval(() => s.write(process.argv[2] + '\\n'), 500)`
    const uid = String(gatewayUid(shared))
    const pest = spawn('setpriv', ['--reuid', uid, '--regid', uid, '--clear-groups', '--', process.execPath, '-e', loop, pluginSocket, hello], { stdio: 'ignore' })
    try {
      const ended = await command(shared, ['prove', '--json'])
      expect(pest.exitCode, 'it was still at it when the proof ended').toBeNull()
      expect(JSON.parse(ended.out)).toMatchObject({ ok: false })
    } finally {
      pest.kill('SIGKILL')
    }
  })
})

function residentBytes(): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${guardPid(shared)}/status`, 'utf8'))![1]) * 1024
}
