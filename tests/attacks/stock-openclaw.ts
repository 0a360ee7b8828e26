import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startModelUpstream } from '../fakes/model-upstream.ts'
import { repository } from '../journeys/command.ts'
import { freePorts } from '../journeys/ports.ts'
import { until } from '../journeys/wait.ts'

/** An OpenClaw as its own documentation installs it: no guard, no setting of ours, a model that obeys. */
export interface StockOpenClaw {
  configFile: string
  url: string
  /** One turn over its HTTP API. @returns the agent's words */
  chat(prompt: string): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts it in a private folder. Tool settings are left out, so that OpenClaw's own defaults hold; what stands in
 * the file is what makes it run at all: a token, the HTTP API, a model.
 */
export async function startStockOpenClaw(): Promise<StockOpenClaw> {
  const root = mkdtempSync(join(tmpdir(), 'stock-openclaw-'))
  const upstream = await startModelUpstream(join(root, 'upstream.jsonl'))
  const [port] = (await freePorts(1)) as [number]
  const token = crypto.randomUUID() + crypto.randomUUID()
  const configFile = join(root, 'openclaw.json')
  for (const folder of ['state', 'home']) mkdirSync(join(root, folder))
  writeFileSync(configFile, JSON.stringify(stockConfig({ port, token, upstreamPort: upstream.port, workspace: join(root, 'workspace') }), null, 2), { mode: 0o600 })
  const output = openSync(join(root, 'gateway.out'), 'a')
  const gateway = spawn(process.execPath, [join(repository, 'node_modules/openclaw/openclaw.mjs'), 'gateway', 'run', '--port', String(port)], {
    env: { PATH: process.env['PATH'] ?? '', HOME: join(root, 'home'), OPENCLAW_STATE_DIR: join(root, 'state'), OPENCLAW_CONFIG_PATH: configFile, OPENCLAW_HIDE_BANNER: '1' },
    stdio: ['ignore', output, output],
    cwd: root,
    detached: true, // it starts helpers: the group is ended as a whole
  })
  closeSync(output)
  let stopped = false
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    const gone = new Promise((resolve) => gateway.once('exit', resolve))
    if (gateway.exitCode === null && gateway.signalCode === null) {
      process.kill(-gateway.pid!, 'SIGKILL')
      await gone
    }
    await upstream.close()
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await until('the stock gateway', 150_000, () => {
      if (gateway.exitCode !== null) throw new Error(`the stock gateway ended: ${readFileSync(join(root, 'gateway.out'), 'utf8').slice(-1500)}`)
      return isReady(url)
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { configFile, url, chat: (prompt) => ask(url, token, prompt), stop }
}

function stockConfig({ port, token, upstreamPort, workspace }: { port: number; token: string; upstreamPort: number; workspace: string }): object {
  const model = { id: 'obedient', name: 'Obedient', reasoning: false, input: ['text'], contextWindow: 128_000, maxTokens: 4096 }
  const provider = { baseUrl: `http://127.0.0.1:${upstreamPort}/v1`, apiKey: 'none', api: 'openai-completions', models: [model] }
  return {
    gateway: { mode: 'local', bind: 'loopback', port, auth: { mode: 'token', token }, http: { endpoints: { chatCompletions: { enabled: true } } } },
    agents: { defaults: { workspace, model: { primary: 'local/obedient' }, skipBootstrap: true } },
    models: { mode: 'replace', providers: { local: provider } },
    update: { checkOnStart: false },
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })
    return reply.ok && ((await reply.json()) as { ready?: boolean }).ready === true
  } catch {
    return false
  }
}

async function ask(url: string, token: string, prompt: string): Promise<string> {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openclaw', messages: [{ role: 'user', content: prompt }] }),
  })
  const text = await reply.text()
  if (!reply.ok) return `HTTP ${reply.status}: ${text}`
  return (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]!.message.content
}
