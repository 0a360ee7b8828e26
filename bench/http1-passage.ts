// long: a benchmark is runnable alone: upstream, peers, passage and load in one file
/**
 * The bare passage: what our HTTP/1.1 framing costs when nothing is judged, next to nginx and to a passage on
 * `node:http`, in the same run and towards the same upstream.
 *
 *   node bench/http1-passage.ts [--secs 3]
 *
 * Needs Debian's `nginx` and `wrk`. Upstream and load share one core, what is measured has the other. First byte: one
 * stream after the other, from writing the request to the first byte of the first event, which the upstream sends at
 * once and goes on for 2 ms. CPU time per request is there because requests/s say little on a machine others use too.
 * Memory: resident size of the passage after the throughput rows. About a minute.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { connect, createServer as createPlainServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '../src/base/index.ts'
import { createHttp1Pool, createHttp1Server, type Exchange, type Http1Pool } from '../src/proxy/http1/index.ts'
import { cpuMs, ended, listening } from './processes.ts'

type Shape = 'json' | 'stream'
const shapes: readonly Shape[] = ['json', 'stream']
const ports = { json: 19_660, stream: 19_661, slow: 19_662, nginx: 19_663, http1: 19_664, 'node:http': 19_667 }
const upstreamOf: Readonly<Record<string, number>> = { json: ports.json, stream: ports.stream, slow: ports.slow }
const self = fileURLToPath(import.meta.url)

const completion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there. '.repeat(20) }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 120, completion_tokens: 60, total_tokens: 180 },
})
const delta = JSON.stringify({ id: 'chatcmpl-bench', choices: [{ index: 0, delta: { content: ' word' } }] })
const event = `data: ${delta}\n\n`
const question = { role: 'user', content: 'What is the weather? '.repeat(30) }
const prompt = JSON.stringify({ model: 'bench', messages: [question] })

const [role, argument] = process.argv.slice(2)
if (role === '--http1') await servePassage()
else if (role === '--node') serveNodePassage()
else if (role === '--slow') serveSlowStream()
else await measure(role === '--secs' ? Number(argument) : 3)

async function measure(secs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
  const passage = start(1, process.execPath, [self, '--http1'])
  const peers = {
    direct: startNginx(folder, 'upstream', upstreamConfig(), 0),
    nginx: startNginx(folder, 'peer', peerConfig(), 1),
    http1: passage,
    'node:http': start(1, process.execPath, [self, '--node']),
  }
  const children = [...Object.values(peers), start(0, process.execPath, [self, '--slow'])]
  try {
    for (const port of Object.values(ports)) await listening(port)
    console.table(await throughput(folder, secs, peers))
    console.log(`resident size of the passage, with its peak: ${residentMiB(passage)}`)
    console.table(await firstBytes(2_000))
  } finally {
    await Promise.all(children.map(ended))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function throughput(folder: string, secs: number, peers: Peers): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = []
  for (const shape of shapes) {
    for (const connections of [1, 32]) {
      const portOf = { ...ports, direct: ports[shape] }
      let nginx: Load | null = null
      for (const target of ['direct', 'nginx', 'http1', 'node:http'] as const) {
        await wrk(folder, portOf[target], shape, connections, 1) // warm
        const before = cpuMs(peers[target])
        const load = await wrk(folder, portOf[target], shape, connections, secs)
        const cpuUs = ((cpuMs(peers[target]) - before) * 1000) / (load.perSecond * secs)
        if (target === 'nginx') nginx = load
        rows.push({
          shape,
          connections,
          target,
          'requests/s': Math.round(load.perSecond),
          'CPU µs': cpuUs.toFixed(1),
          p50us: load.p50us,
          p99us: load.p99us,
          '× nginx': nginx ? (load.perSecond / nginx.perSecond).toFixed(2) : '–',
          failed: load.failed,
        })
      }
    }
  }
  return rows
}

type Peers = Record<'direct' | 'nginx' | 'http1' | 'node:http', ChildProcess>

/** Our framing with nothing between: what came in goes out, what comes back goes back. */
async function servePassage(): Promise<void> {
  const pools = new Map(
    Object.entries(upstreamOf).map(([name, port]) => [
      name,
      createHttp1Pool({ origin: `http://127.0.0.1:${port}` }, { clock: systemClock }),
    ]),
  )
  const server = createHttp1Server({}, (exchange) => void pass(exchange, pools), { clock: systemClock })
  await server.listen({ host: '127.0.0.1', port: ports.http1 })
  process.on('SIGTERM', () => process.exit(0))
}

async function pass(exchange: Exchange, pools: ReadonlyMap<string, Http1Pool>): Promise<void> {
  const { reply, method, target } = exchange
  const body = exchange.bodyIfWhole(1_000_000) ?? (await exchange.body(1_000_000))
  const pool = pools.get(target.split('/')[2]!)!
  if (typeof body === 'string') return reply.whole(400, {}, '')
  const { host: _host, ...headers } = exchange.fields.record()
  const call = { method, path: target, headers, body, headersTimeoutMs: 10_000, bodyTimeoutMs: 10_000 }
  const line = pool.send(call, {
    sent: () => {},
    start: (status, fields) => reply.start(status, fields.record()),
    data: (chunk) => void (reply.write(chunk) || line.pause()),
    end: () => reply.end(),
    fail: () => (reply.headersSent ? reply.destroy() : reply.whole(502, {}, '')),
  })
  reply.onDrain(() => line.resume())
  reply.onGone(() => line.abort())
}

/** The same on Node's own HTTP. */
function serveNodePassage(): void {
  const agent = new Agent({ keepAlive: true })
  createServer((incoming, reply) => {
    const port = upstreamOf[incoming.url!.split('/')[2]!]!
    const { method, headers, url } = incoming
    const outgoing = request({ port, host: '127.0.0.1', path: url, method, headers, agent }, (answer) => {
      reply.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(reply)
    })
    outgoing.on('error', () => reply.destroy())
    incoming.pipe(outgoing)
  }).listen(ports['node:http'], '127.0.0.1')
}

/** Answers with one event at once and a second one 2 ms later. */
function serveSlowStream(): void {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
  const chunk = `${event.length.toString(16)}\r\n${event}\r\n`
  createPlainServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (segment) => {
      if (!segment.includes('\r\n\r\n')) return
      socket.write(head + chunk)
      setTimeout(() => socket.write(`${chunk}0\r\n\r\n`), 2)
    })
  }).listen(ports.slow, '127.0.0.1')
}

async function firstBytes(count: number): Promise<Record<string, string | number>[]> {
  const targets = { direct: ports.slow, nginx: ports.nginx, http1: ports.http1, 'node:http': ports['node:http'] }
  const rows: Record<string, string | number>[] = []
  for (const [target, port] of Object.entries(targets)) {
    await streams(port, 300) // warm
    const times = (await streams(port, count)).sort((a, b) => a - b)
    const us = (share: number): number => Math.round(times[Math.floor(times.length * share)]! * 1000)
    rows.push({ target, 'first byte p50 µs': us(0.5), 'first byte p99 µs': us(0.99) })
  }
  return rows
}

/** One stream after the other over one connection. @returns for each the time to its first event, ms */
async function streams(port: number, count: number): Promise<number[]> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((resolve) => socket.once('connect', resolve))
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const started = performance.now()
    let first = 0
    let received = ''
    const whole = new Promise<void>((resolve, reject) => {
      socket.once('close', reject)
      socket.on('data', (segment) => {
        received += segment.toString('latin1')
        if (first === 0 && received.includes('data:')) first = performance.now() - started
        if (received.endsWith('0\r\n\r\n')) resolve()
      })
    })
    socket.write('GET /p/slow/ HTTP/1.1\r\nhost: bench\r\n\r\n')
    await whole
    socket.removeAllListeners('data').removeAllListeners('close')
    times.push(first)
  }
  socket.destroy()
  return times
}

function upstreamConfig(): string {
  const fixed = (port: number, type: string, text: string): string =>
    `server { listen 127.0.0.1:${port}; default_type ${type};
      location / { return 200 '${text.replaceAll('\n', '\\n')}'; } }`
  return fixed(ports.json, 'application/json', completion) + fixed(ports.stream, 'text/event-stream', event.repeat(16))
}

function peerConfig(): string {
  const provider = ([name, port]: [string, number]): string => `upstream ${name} {
    server 127.0.0.1:${port}; keepalive 64; keepalive_requests 100000000; }`
  const place = (name: string): string => `location /p/${name}/ {
    proxy_pass http://${name}; proxy_http_version 1.1; proxy_set_header connection ''; proxy_buffering off; }`
  return `${Object.entries(upstreamOf).map(provider).join(' ')}
    server { listen 127.0.0.1:${ports.nginx}; ${Object.keys(upstreamOf).map(place).join(' ')} }`
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
  const [first, all] = onCore(core, program, args)
  return spawn(first, all, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** On a machine with one core everybody shares it. */
function onCore(core: number, program: string, args: string[]): [program: string, args: string[]] {
  return availableParallelism() > 1 ? ['taskset', ['-c', String(core), program, ...args]] : [program, args]
}

interface Load {
  perSecond: number
  p50us: number
  p99us: number
  failed: number
}

async function wrk(folder: string, port: number, shape: Shape, connections: number, secs: number): Promise<Load> {
  const script = join(folder, 'load.lua')
  writeFileSync(script, `wrk.method = "POST"
wrk.body = [==[${prompt}]==]
wrk.headers["authorization"] = "Bearer bench"
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
  const { stdout } = await promisify(execFile)(...onCore(0, 'wrk', args))
  const [, perSecond, p50us, p99us, failed] = /RESULT (\S+) (\S+) (\S+) (\d+)/.exec(stdout)!.map(Number)
  return { perSecond: perSecond!, p50us: p50us!, p99us: p99us!, failed: failed! }
}

function residentMiB({ pid }: ChildProcess): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [now, peak] = ['VmRSS', 'VmHWM'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024)
  return `${Math.round(now!)} MiB, ${Math.round(peak!)} MiB`
}
