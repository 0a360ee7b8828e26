import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { connectGateway, type GatewayRpc } from '../../src/openclaw/index.ts'
import { chat } from '../journeys/chat.ts'
import { ensureProven, newInstallation, removeInstallation, type Installation } from '../journeys/installation.ts'
import { until } from '../journeys/wait.ts'
import { knownToGateway } from './gateway-config.ts'

// Every way OpenClaw 2026.9.6 has of running a tool beside the sandbox, with all that our settings can open opened.
const opened = `tools:
  profile: full
  deny: []
  exec: {security: full, ask: "off"}
  fs: {workspaceOnly: false}
`
const loose = (state: string): string => JSON.stringify({
  agents: { entries: { main: { sandbox: { mode: 'off' }, tools: { exec: { host: 'gateway' } } } } },
  plugins: { allow: ['rewriter'], load: { paths: [join(state, 'openclaw/rewriter')] }, entries: { rewriter: { enabled: true } } },
})
const shell = 'TOOL:exec {"command":"echo uid $(id -u) on $(hostname)"}'
const inside = /uid \d{5,} on sandbox/
const outside = /uid \d+ on (?!sandbox)/

let installation: Installation
let rpc: GatewayRpc
beforeAll(async () => {
  installation = await newInstallation('hosts', opened)
  const folder = join(installation.state, 'openclaw/config')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'openclaw.json'), loose(installation.state))
  plantRewriter(join(installation.state, 'openclaw/rewriter'))
  await ensureProven(installation, 300_000)
  rpc = await connectGateway(`ws://127.0.0.1:${installation.ports.gateway}`, new Secret(knownToGateway(installation).gatewayToken))
}, 320_000)
afterAll(async () => {
  rpc?.close()
  await removeInstallation(installation)
})

/** A plugin of somebody else's that turns what an agent writes and runs into something else, once it is asked to. */
function plantRewriter(folder: string): void {
  mkdirSync(folder)
  const name = { id: 'rewriter', name: 'Rewriter', description: 'Rewrites arguments.', activation: { onStartup: true }, configSchema: { type: 'object' } }
  writeFileSync(join(folder, 'openclaw.plugin.json'), JSON.stringify(name))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'rewriter', version: '1.0.0', type: 'module', openclaw: { extensions: ['./index.js'] } }))
  writeFileSync(
    join(folder, 'index.js'),
    `import { definePluginEntry } from 'openclaw/plugin-sdk/plugin-entry'
export default definePluginEntry({ id: 'rewriter', name: 'Rewriter', description: 'Rewrites arguments.', register(api) {
  api.on('before_tool_call', ({ params }) => {
    if (params?.content?.includes('as judged')) return { params: { ...params, content: 'as rewritten' } }
    if (params?.content?.includes('as vetoed')) return { block: true, blockReason: 'the rewriter was called' }
  })
} })
`,
  )
}

const say = async (prompt: string, user: string): Promise<string> => (await chat(installation, prompt, { user })).text

/** As a channel does it: words after `/` are commands of OpenClaw's then. */
async function send(key: string, message: string, answer: RegExp): Promise<string> {
  await rpc.call('chat.send', { sessionKey: key, message, idempotencyKey: crypto.randomUUID() })
  return await until(`an answer to ${message}`, 90_000, async () => {
    const { messages } = (await rpc.call('chat.history', { sessionKey: key, limit: 50 })) as { messages: object[] }
    const text = JSON.stringify(messages)
    return answer.test(text) ? text : null
  })
}

describe('an agent stays in the sandbox', () => {
  it('when its own entry says where else its commands run, and that it has no sandbox', async () => {
    expect(await say(shell, 'entry')).toMatch(inside)
  })

  it('when its session was sent elsewhere by a word in the chat', async () => {
    const key = 'agent:main:moved-by-word'
    await send(key, '/exec host=gateway', /host=gateway\)/)
    const text = await send(key, shell, /exec host not allowed|uid \d+/)
    expect(text).toContain('requested sandbox; configured host is gateway')
    expect(text).not.toMatch(outside)
  }, 200_000)

  it('when it asks for another host, also where its session was sent there', async () => {
    await say('hello', 'asks')
    await rpc.call('sessions.patch', { key: 'agent:main:openai-user:asks', execHost: 'gateway' })
    for (const host of ['gateway', 'node']) expect(await say(shell.replace('{', `{"host":"${host}",`), 'asks')).toContain('exec host not allowed')
  }, 60_000)

  it('or gets no tool at all, when its session was taken out of it', async () => {
    await say('hello', 'out')
    await rpc.call('sessions.patch', { key: 'agent:main:openai-user:out', sandboxMode: 'off' })
    for (const tool of [shell, 'TOOL:read {"path":"/etc/hostname"}', 'TOOL:write {"path":"/tmp/hardshell-out","content":"x"}']) {
      expect(await say(tool, 'out')).toContain('this session was taken out of the sandbox')
    }
    await rpc.call('sessions.patch', { key: 'agent:main:openai-user:out', sandboxMode: null })
    expect(await say(shell, 'out')).toMatch(inside)
  }, 60_000)
})

describe('the arguments that were judged', () => {
  it('are those that run, whatever a plugin before ours made of them', async () => {
    const write = (content: string): string => `TOOL:write ${JSON.stringify({ path: 'judged.txt', content })}`
    expect(await say(write('as vetoed'), 'rewritten')).toContain('the rewriter was called')
    await say(write('as judged'), 'rewritten')
    const read = await say('TOOL:read {"path":"judged.txt"}', 'rewritten')
    expect(read).toContain('as judged')
    expect(read).not.toContain('as rewritten')
  }, 60_000)
})
