// long: a benchmark is runnable alone: upstream, peer, proxy and load in one file
/**
 * Added latency and throughput of the model proxy, with everything on (login, budget in SQLite, secret scan, audit
 * log on disk), next to nginx as a plain reverse proxy, in the same run and towards the same upstream.
 *
 *   node bench/model-proxy.ts [--secs 3]
 *
 * Upstream, proxy and load generator are processes of their own; upstream and load share one core, what is measured
 * has the other. With Debian's `wrk` and `nginx` installed these are used; without, a Node loop makes the load and
 * the nginx rows are missing. Bounded: under a minute at 3 seconds.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { connect } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openAuditLog } from '../src/auditlog/index.ts'
import { Secret, systemClock } from '../src/base/index.ts'
import { createMeter, loadPrices, migrations } from '../src/budget/index.ts'
import { findSecrets, pendingSecretLength, redactSecrets } from '../src/content/index.ts'
import { createModelProxy, createTurnBook, type ModelMeter } from '../src/proxy/index.ts'
import { openStore } from '../src/store/index.ts'

type Shape = 'json' | 'stream'
const shapes: readonly Shape[] = ['json', 'stream']
const ports = { json: 19_640, stream: 19_641, nginx: 19_642, hardshell: 19_643 }
const credential = 'bench-virtual-key'
const self = fileURLToPath(import.meta.url)

interface Load {
  perSecond: number
  p50us: number
  p99us: number
  failed: number
}

const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there. '.repeat(20) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 120, completion_tokens: 60, total_tokens: 180 },
})

const chunk = (more: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', model: 'gpt-5', ...more })}\n\n`
const word = chunk({ choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] })
const stream = [
  ...Array.from({ length: 16 }, () => word),
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk({ choices: [], usage: { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 } }),
  'data: [DONE]\n\n',
].join('')

const [role, argument] = process.argv.slice(2)
if (role === '--upstream') serveUpstream()
else if (role === '--proxy') await serveProxy(argument!)
else await measure(role === '--secs' ? Number(argument) : 3)

async function measure(secs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
  const children: ChildProcess[] = []
  const nginx = hasProgram('nginx')
  try {
    if (nginx) {
      children.push(startNginx(folder, 'upstream', upstreamConfig(), 0), startNginx(folder, 'peer', peerConfig(), 1))
    } else children.push(start(0, process.execPath, [self, '--upstream']))
    children.push(start(1, process.execPath, [self, '--proxy', folder]))
    const used = [ports.json, ports.stream, ports.hardshell, ...(nginx ? [ports.nginx] : [])]
    for (const port of used) await listening(port)
    const rows: Record<string, string | number>[] = []
    for (const shape of shapes) {
      const targets = { direct: ports[shape], ...(nginx && { nginx: ports.nginx }), hardshell: ports.hardshell }
      for (const connections of [1, 32]) {
        const results = new Map<string, Load>()
        for (const [name, port] of Object.entries(targets)) {
          if (connections === 32) await load(folder, port, shape, connections, 1) // warm
          results.set(name, await load(folder, port, shape, connections, secs))
        }
        rows.push(...rowsOf(shape, connections, results))
      }
    }
    console.table(rows)
    if (!nginx || !hasProgram('wrk')) console.log('for the comparison install: nginx wrk')
  } finally {
    await Promise.all(children.map(ended))
    rmSync(folder, { recursive: true, force: true })
  }
}

function rowsOf(shape: Shape, connections: number, results: Map<string, Load>): Record<string, string | number>[] {
  const direct = results.get('direct')!
  const nginx = results.get('nginx')
  return [...results].map(([target, { perSecond, p50us, p99us, failed }]) => ({
    shape,
    connections,
    target,
    'requests/s': Math.round(perSecond),
    'added p50 µs': Math.round(p50us - direct.p50us),
    'added p99 µs': Math.round(p99us - direct.p99us),
    '× nginx': nginx ? (perSecond / nginx.perSecond).toFixed(2) : '–',
    failed,
  }))
}

/** Our proxy as `serve model` would run it, in a process of its own. */
async function serveProxy(folder: string): Promise<void> {
  const log = await openAuditLog({ path: join(folder, 'audit', 'audit.log') }, { clock: systemClock })
  const store = openStore({ path: join(folder, 'state.db'), migrations })
  const limits = { perDay: 1e12, perMonth: 1e12, perSession: 1e12, perAgent: 1e12, tokensPerRequest: 10_000_000 }
  const meter = createMeter({ db: store.db, limits, prices: await loadPrices() }, { clock: systemClock })
  const caller = { name: 'bench', permissions: [], turnRequired: false, free: false, refusal: 'http' as const }
  const key = new Secret('bench-provider-key')
  const proxy = createModelProxy(
    {
      providers: shapes.map((name) => ({
        name,
        api: 'openai-chat',
        baseUrl: `http://127.0.0.1:${ports[name]}`,
        key: async () => key,
      })),
    },
    {
      audit: log,
      clock: systemClock,
      authenticate: (presented) => (presented === credential ? caller : null),
      turns: createTurnBook(systemClock),
      decide: () => ({ allow: true, rule: 'default.allow', reason: 'no rule refuses it' }),
      meter: meterPort(meter),
      content: { findSecrets, pendingSecretLength, redactSecrets },
      onTrouble: (error) => console.error(error),
    },
  )
  await proxy.listen({ host: '127.0.0.1', port: ports.hardshell })
  process.on('SIGTERM', () => {
    void proxy
      .close()
      .then(() => log.close())
      .then(() => process.exit(0))
  })
}

function meterPort(meter: ReturnType<typeof createMeter>): ModelMeter {
  return {
    async reserve(claim) {
      const answer = await meter.reserve({ ...claim, provider: 'openai' })
      if (answer.granted) return { ok: true, reservationId: answer.id }
      return { ok: false, limit: answer.rule, reason: answer.reason }
    },
    settle: async (id, { exact: _exact, ...usage }) => await meter.settle(id, usage),
    release: async (id) => await meter.release(id),
  }
}

function bodyOf(shape: Shape): string {
  const messages = [
    { role: 'system', content: 'You are a careful assistant.\nAnswer briefly.\n'.repeat(10) },
    { role: 'user', content: 'What is the weather like on a bench?' },
  ]
  const streamed = shape === 'stream' ? { stream: true, stream_options: { include_usage: true } } : {}
  return JSON.stringify({ model: 'gpt-5', max_completion_tokens: 500, messages, ...streamed })
}

/** The same without nginx. */
function serveUpstream(): void {
  for (const shape of shapes) {
    const [type, text] = shape === 'json' ? ['application/json', completion] : ['text/event-stream', stream]
    createServer((incoming, reply) => {
      incoming.resume()
      reply.writeHead(200, { 'content-type': type }).end(text)
    }).listen(ports[shape], '127.0.0.1')
  }
}

/** Two fixed answers, as fast as they can be given. */
function upstreamConfig(): string {
  const fixed = (port: number, type: string, text: string): string =>
    `server { listen 127.0.0.1:${port}; default_type ${type};
      location / { return 200 '${text.replaceAll('\n', '\\n')}'; } }`
  return fixed(ports.json, 'application/json', completion) + fixed(ports.stream, 'text/event-stream', stream)
}

/** The peer: a reverse proxy with keep-alive on both sides, and nothing else to do. */
function peerConfig(): string {
  const provider = (name: Shape): string => `upstream ${name} {
    server 127.0.0.1:${ports[name]}; keepalive 64; keepalive_requests 100000000; }`
  const place = (name: Shape): string => `location /p/${name}/ {
    proxy_pass http://${name}; proxy_http_version 1.1; proxy_set_header connection ''; proxy_buffering off; }`
  return `${shapes.map(provider).join(' ')}
    server { listen 127.0.0.1:${ports.nginx}; ${shapes.map(place).join(' ')} }`
}

function startNginx(folder: string, name: string, config: string, core: number): ChildProcess {
  const home = join(folder, name)
  mkdirSync(home)
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const paths = kinds.map((kind) => `${kind}_temp_path ${home}/${kind};`).join(' ')
  const file = join(home, 'nginx.conf')
  writeFileSync(file, `daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log crit;
    events { worker_connections 1024; }
    http { access_log off; keepalive_requests 100000000; ${paths} ${config} }`)
  return start(core, 'nginx', ['-p', home, '-c', file, '-e', join(home, 'error.log')])
}

function start(core: number, program: string, args: string[]): ChildProcess {
  const [command, all] = canPin() ? ['taskset', ['-c', String(core), program, ...args]] : [program, args]
  return spawn(command as string, all as string[], { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function load(folder: string, port: number, shape: Shape, connections: number, secs: number): Promise<Load> {
  if (hasProgram('wrk')) return await wrk(folder, port, shape, connections, secs)
  return await nodeLoad(port, shape, connections, secs)
}

async function wrk(folder: string, port: number, shape: Shape, connections: number, secs: number): Promise<Load> {
  const script = join(folder, `${shape}.lua`)
  writeFileSync(script, `wrk.method = "POST"
wrk.body = [==[${bodyOf(shape)}]==]
wrk.headers["authorization"] = "Bearer ${credential}"
wrk.headers["content-type"] = "application/json"
done = function(summary, latency)
  local e = summary.errors
  local bad = e.connect + e.read + e.write + e.status + e.timeout
  local rate = summary.requests / summary.duration * 1e6
  io.write(string.format("RESULT %f %f %f %d\\n", rate, latency:percentile(50), latency:percentile(99), bad))
end
`)
  const target = `http://127.0.0.1:${port}/p/${shape}/v1/chat/completions`
  const args = ['-t1', `-c${connections}`, `-d${Math.max(1, Math.round(secs))}s`, '-s', script, target]
  const [program, all] = canPin() ? ['taskset', ['-c', '0', 'wrk', ...args]] : ['wrk', args]
  const { stdout } = await promisify(execFile)(program as string, all as string[])
  const [, perSecond, p50us, p99us, failed] = /RESULT (\S+) (\S+) (\S+) (\d+)/.exec(stdout)!.map(Number)
  return { perSecond: perSecond!, p50us: p50us!, p99us: p99us!, failed: failed! }
}

/** A plain closed loop, for machines without wrk: the load generator is then slower than what it measures. */
async function nodeLoad(port: number, shape: Shape, connections: number, secs: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const path = `/p/${shape}/v1/chat/completions`
  const body = bodyOf(shape)
  const headers = { authorization: `Bearer ${credential}`, 'content-length': Buffer.byteLength(body) }
  const times: number[] = []
  let failed = 0
  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const started = performance.now()
      const outgoing = request({ port, host: '127.0.0.1', path, method: 'POST', headers, agent }, (reply) => {
        reply.resume().on('end', () => {
          times.push(performance.now() - started)
          if (reply.statusCode !== 200) failed++
          resolve()
        })
      })
      outgoing.on('error', () => resolve(void failed++))
      outgoing.end(body)
    })
  const end = performance.now() + secs * 1000
  const worker = async (): Promise<void> => {
    while (performance.now() < end) await once()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number): number => (times[Math.floor(times.length * share)] ?? 0) * 1000
  return { perSecond: times.length / secs, p50us: at(0.5), p99us: at(0.99), failed }
}

/** Ends a process and waits until it is gone: its files are about to be removed. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await gone
}

async function listening(port: number): Promise<void> {
  const end = Date.now() + 10_000
  while (Date.now() < end) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}

function hasProgram(name: string): boolean {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name)))
}

function canPin(): boolean {
  return availableParallelism() > 1 && hasProgram('taskset')
}
