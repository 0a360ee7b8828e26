import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
// The plugin's own end of the line: the two are tested against each other.
import { GuardLine } from '../../plugin/guard-line.js'
import type { PluginNotice, PluginQuestion } from './contract.ts'
import { servePlugin, type PluginHandlers } from './plugin-line.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const question: PluginQuestion = {
  kind: 'tool', tool: 'exec', args: { command: 'id' }, agentId: 'main', sessionKey: 's', runId: 'r', traceId: null, channel: null, sender: null,
}

async function guard(judge: PluginHandlers['judge'], hear: PluginHandlers['hear'] = async () => {}): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'plugin.sock')
  const server = await servePlugin(path, { judge, hear }, null)
  closing.push(() => server.close())
  return path
}

function line(path: string, deadlineMs = 2000): GuardLine {
  const made = new GuardLine(path, deadlineMs)
  closing.push(() => made.close())
  return made
}

describe('the line between plugin and guard', () => {
  it('brings each answer to its own question, in whatever order they come', async () => {
    const path = await guard(async (q) => {
      const slow = q.kind === 'tool' && q.tool === 'slow'
      if (slow) await new Promise((resolve) => setTimeout(resolve, 50))
      return { allow: slow, rule: 'r', reason: slow ? 'slow' : 'fast' }
    })
    const asked = line(path)
    const [slow, fast] = await Promise.all([asked.ask({ ...question, tool: 'slow' }), asked.ask(question)])
    expect([slow, fast].map(({ allow, reason }) => [allow, reason])).toEqual([[true, 'slow'], [false, 'fast']])
  })

  it('answers everything in the end, however much is asked at once and however late the answers are read', async () => {
    let open = 0
    let most = 0
    const path = await guard(async () => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setImmediate(resolve))
      open--
      return { allow: false, rule: 'r', reason: 'x'.repeat(2000) }
    })
    const client = connect(path).pause()
    closing.push(() => client.destroy())
    const asked = 5000
    for (let id = 0; id < asked; id++) client.write(`${JSON.stringify({ ...question, id })}\n`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    let text = ''
    await new Promise<void>((resolve) => client.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.endsWith('\n') && text.split('\n').length > asked) resolve()
    }).resume())
    expect(new Set(text.trim().split('\n').map((answer) => (JSON.parse(answer) as { id: number }).id)).size).toBe(asked)
    expect(most).toBeLessThanOrEqual(256)
  })

  it('refuses by itself when no guard runs, when it is silent and when it cannot decide', async () => {
    const nobody = await line('/nowhere/plugin.sock').ask(question)
    expect(nobody).toMatchObject({ allow: false, rule: 'guard.silent' })
    const silent = await line(await guard(() => new Promise(() => {})), 100).ask(question)
    expect(silent.reason).toContain('did not answer within 100 ms')
    const failing = await line(await guard(async () => Promise.reject(new Error('disk full')))).ask(question)
    expect(failing).toMatchObject({ allow: false, rule: 'guard.failed' })
  })

  it('refuses arguments that are not data or too large to be judged', async () => {
    const asked = line(await guard(async () => ({ allow: true, rule: 'r', reason: '' })))
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    for (const args of [circular, { n: 1n }, { text: 'x'.repeat(5_000_000) }]) {
      expect(await asked.ask({ ...question, args })).toMatchObject({ allow: false, rule: 'guard.silent' })
    }
  })

  it('answers everybody who waits at once when it is closed, and everybody after', async () => {
    const asked = line(await guard(() => new Promise(() => {})), 60_000)
    const waiting = asked.ask(question)
    asked.close()
    expect((await waiting).reason).toContain('shutting down')
    expect((await asked.ask(question)).reason).toContain('shutting down')
  })

  it('finds a guard that was started after the first question', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'plugin.sock')
    const asked = line(path)
    expect((await asked.ask(question)).allow).toBe(false)
    const server = await servePlugin(path, { judge: async () => ({ allow: true, rule: 'r', reason: '' }), hear: async () => {} }, null)
    closing.push(() => server.close())
    expect((await asked.ask(question)).allow).toBe(true)
  })

  it('delivers notices in order and answers none of them', async () => {
    const heard: PluginNotice[] = []
    const told = line(await guard(async () => ({ allow: true, rule: 'r', reason: '' }), async (notice) => void heard.push(notice)))
    for (const pid of [1, 2, 3]) told.tell({ kind: 'hello', pid, pluginVersion: '0' })
    await told.ask(question)
    expect(heard.map((notice) => notice.kind === 'hello' && notice.pid)).toEqual([1, 2, 3])
  })

  it('hangs up on whoever speaks another language', async () => {
    const path = await guard(async () => ({ allow: true, rule: 'r', reason: '' }))
    for (const text of ['GET / HTTP/1.1\r\n\r\n', '{"kind":"stop"}\n', '{"kind":"tool","id":1,"tool":7}\n', '[]\n', 'null\n']) {
      const closed = new Promise<string>((resolve) => {
        let said = ''
        const socket = connect({ path })
        socket.on('data', (chunk) => (said += String(chunk)))
        socket.on('close', () => resolve(said))
        socket.write(text)
      })
      expect(await closed).toBe('')
    }
  })
})
