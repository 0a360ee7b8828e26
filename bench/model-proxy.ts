// long: a benchmark is runnable alone: upstream, peers, proxy and loads in one file
/**
 * Added latency, throughput and cost of the model proxy, with everything on that is on by default (login, turn, kill switch,
 * budgets in SQLite, audit log on disk; requests screened for injection and secrets, answers for secrets, canaries and
 * addresses that exfiltrate; 20 known values, one canary), next to nginx as a plain reverse proxy and to
 * @portkey-ai/gateway, in the same run and towards the same upstream.
 *
 *   node bench/model-proxy.ts [--secs 3] [--portkey DIR] [--only json,stream,large,model,first-byte] [--flat REQUESTS] [--floor PARTS]
 *
 * Upstream, proxies and load generator are processes of their own; upstream and load share one core, what is measured
 * has the other. Every request carries a last message nobody has seen before. `µs CPU` is what a request costs the
 * measured process, threads of the log included: the figure that other work on the machine disturbs least. `model` is
 * a provider that answers after 20 ms, as no real one is faster: there the log's disk is hidden behind it. `--flat`
 * only watches the proxy's memory. `--floor 'parse;parse,log'` adds the shortest ways that do these parts (`bench/bare-model.ts`)
 * to the rows of JSON. Needs two cores and Debian's `wrk`, `nginx` and `taskset`; Portkey is measured when
 * `--portkey` names a folder it was installed into (`npm i --prefix DIR @portkey-ai/gateway`). Three minutes.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { openAuditLog } from '../src/auditlog/index.ts'
import { Secret, systemClock } from '../src/base/index.ts'
import { createMeter, loadPrices, migrations } from '../src/budget/index.ts'
import { defaultConfig } from '../src/config/index.ts'
import { mintCanary, sealCanary } from '../src/content/index.ts'
import { createGuardContent } from '../src/guard/content.ts'
import { keepCallsYoung } from '../src/guard/heap.ts'
import { createKillSwitch, createTokenBook, digestToken, migrations as identityMigrations } from '../src/identity/index.ts'
import { decide } from '../src/policy/index.ts'
import { createModelProxy, createTurnBook, type ModelMeter } from '../src/proxy/index.ts'
import { openStore } from '../src/store/index.ts'
import { cpuMs, ended, hasProgram, listening, residentMib } from './processes.ts'

type Shape = 'json' | 'stream' | 'large' | 'model'
type Target = 'direct' | 'nginx' | 'hardshell' | 'portkey' | `floor: ${string}`
const ports = { json: 19_640, stream: 19_641, model: 19_644, nginx: 19_642, hardshell: 19_643, portkey: 19_645, floor: 19_660 }
const upstreamOf = { json: 'json', stream: 'stream', large: 'json', model: 'model' } as const
const credential = 'bench-virtual-key'
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const self = fileURLToPath(import.meta.url)

type Load = Record<'perSecond' | 'p50us' | 'p99us' | 'failed' | 'cpuUs', number>

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

const { values: options } = parseArgs({
  options: {
    secs: { type: 'string', default: '3' },
    portkey: { type: 'string' },
    floor: { type: 'string', default: '' },
    only: { type: 'string', default: 'json,stream,large,model,first-byte' },
    flat: { type: 'string' },
    role: { type: 'string' },
    folder: { type: 'string' },
  },
})
// V8 lets young objects pile up to 128 MB on a machine that has them, for no speed to speak of. The rest of what a guard
// tells V8 it tells it itself: `keepCallsYoung`.
const smallHeap = ['--max-semi-space-size=6']
const floors = options.floor.split(';').filter((parts) => parts !== '')
const secs = Math.max(1, Math.round(Number(options.secs)))

if (options.role === 'slow-upstream') serveSlowUpstream()
else if (options.role === 'proxy') await serveProxy(options.folder!)
else await measure()

async function measure(): Promise<void> {
  for (const program of ['nginx', 'wrk', 'taskset']) if (!hasProgram(program)) throw new Error(`install ${program} first`)
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
  const children: ChildProcess[] = []
  try {
    children.push(startNginx(folder, 'upstream', upstreamConfig(), 0))
    children.push(start(0, process.execPath, [self, '--role', 'slow-upstream']))
    const peers = new Map<Target, ChildProcess | null>([['direct', null]])
    peers.set('nginx', startNginx(folder, 'peer', peerConfig(), 1))
    peers.set('hardshell', await startProxy(folder, children))
    if (options.portkey) peers.set('portkey', startPortkey(options.portkey))
    else console.log('without Portkey: pass --portkey DIR')
    for (const [index, parts] of floors.entries()) peers.set(`floor: ${parts}`, startFloor(folder, index, parts))
    children.push(...[...peers.values()].filter((child) => child !== null))
    for (const target of peers.keys()) await listening(addressOf(target, 'json').port)
    await listening(ports.model)
    if (options.flat) await watchMemory(folder, peers.get('hardshell')!, Number(options.flat))
    else await compare(folder, peers)
  } finally {
    await Promise.all(children.map(ended))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compare(folder: string, peers: ReadonlyMap<Target, ChildProcess | null>): Promise<void> {
  const wanted = options.only.split(',')
  const plan: [Shape, number][] = [['json', 1], ['json', 32], ['json', 256], ['stream', 1], ['stream', 32], ['stream', 256]]
  plan.push(['large', 8], ['model', 1])
  const rows: Record<string, string | number>[] = []
  for (const [shape, connections] of plan.filter(([name]) => wanted.includes(name))) {
    const results = new Map<Target, Load>()
    for (const [target, child] of peers) {
      if (target.startsWith('floor') && shape !== 'json') continue
      // A guard runs for months: what is measured is not the compiler at work.
      await load(folder, { target, child, shape, connections: shape === 'large' ? 8 : 32, secs: 2 })
      results.set(target, await load(folder, { target, child, shape, connections, secs }))
    }
    rows.push(...rowsOf(shape, connections, results))
  }
  if (rows.length > 0) console.table(rows)
  if (wanted.includes('first-byte')) console.table(await firstBytes([...peers.keys()].filter((target) => !target.startsWith('floor'))))
  for (const [target, child] of peers) if (child) console.log(`${target}: ${residentMib(child)} MiB resident`)
}

function rowsOf(shape: Shape, connections: number, results: Map<Target, Load>): Record<string, string | number>[] {
  const direct = results.get('direct')!
  const times = (one: number, other: number | undefined): string => (other ? (one / other).toFixed(2) : '–')
  return [...results].map(([target, { perSecond, p50us, p99us, failed, cpuUs }]) => ({
    shape,
    connections,
    target,
    'requests/s': Math.round(perSecond),
    'added p50 µs': Math.round(p50us - direct.p50us),
    'added p99 µs': Math.round(p99us - direct.p99us),
    'µs CPU': cpuUs > 0 ? cpuUs.toFixed(1) : '–',
    '× nginx': times(perSecond, results.get('nginx')?.perSecond),
    '× Portkey': times(perSecond, results.get('portkey')?.perSecond),
    failed,
  }))
}

/** Memory while many requests go by. */
async function watchMemory(folder: string, child: ChildProcess, requests: number): Promise<void> {
  for (let done = 0; done < requests; ) {
    const { perSecond } = await load(folder, { target: 'hardshell', child, shape: 'json', connections: 32, secs: 5 })
    done += perSecond * 5
    console.log(`${Math.round(done)} requests: ${residentMib(child)} MiB`)
  }
}

/** Our proxy as `serve model` would run it, in a process of its own. */
async function serveProxy(folder: string): Promise<void> {
  keepCallsYoung()
  const log = await openAuditLog({ path: join(folder, 'audit', 'audit.log') }, { clock: systemClock })
  const store = openStore({ path: join(folder, 'state.db'), migrations: [...identityMigrations, ...migrations] })
  const killSwitch = createKillSwitch(store, { clock: systemClock })
  const book = createTokenBook([{ name: 'bench', permissions: ['model:call'], sha256: digestToken(new Secret(credential)) }])
  const limits = { perDay: 1e12, perMonth: 1e12, perSession: 1e12, perAgent: 1e12, tokensPerRequest: 10_000_000 }
  const meter = createMeter({ db: store.db, limits, prices: await loadPrices() }, { clock: systemClock })
  const caller = { name: 'bench', permissions: [], turnRequired: true, free: false, refusal: 'assistant-text' as const }
  const key = new Secret('bench-provider-key')
  const turns = createTurnBook(systemClock)
  turns.announce({ agentId: 'bench', sessionKey: 'agent:bench:main', runId: 'bench', traceId })
  const canaries = [sealCanary('notes.md', mintCanary({ bytes: (count) => randomBytes(count) }))]
  const content = createGuardContent({ content: defaultConfig().content, canaries, boundary: null })
  content.know(Array.from({ length: 20 }, () => new Secret(randomBytes(24).toString('base64url'))))
  const proxy = createModelProxy(
    {
      maxConcurrent: 512,
      providers: (['json', 'stream', 'model'] as const).map((name) => ({
        name,
        api: 'openai-chat',
        baseUrl: `http://127.0.0.1:${ports[name]}`,
        key: () => key,
      })),
    },
    {
      audit: log,
      clock: systemClock,
      authenticate: (presented) => (book.authenticate(presented) ? caller : null),
      turns,
      decide: (act) => decide(act, { stopped: killSwitch.isStopped('bench'), unproven: null, isProbe: false, forbiddenNonces: [], deniedTools: new Set() }),
      meter: meterPort(meter),
      content: content.model,
      onTrouble: (error) => console.error(error),
    },
  )
  await proxy.listen({ host: '127.0.0.1', port: ports.hardshell })
  process.on('SIGTERM', () => void proxy.close().then(() => log.close()).then(() => process.exit(0)))
}

function meterPort(meter: ReturnType<typeof createMeter>): ModelMeter {
  type Answer = Awaited<ReturnType<typeof meter.reserve>>
  const told = (answer: Answer) =>
    answer.granted
      ? { ok: true as const, reservationId: answer.id }
      : { ok: false as const, limit: answer.rule, reason: answer.reason }
  return {
    reserve(claim) {
      const answer = meter.reserve({ ...claim, provider: 'openai' })
      return answer instanceof Promise ? answer.then(told) : told(answer)
    },
    settle: (id, { exact: _exact, ...usage }) => meter.settle(id, usage),
    release: (id) => meter.release(id),
    progress: (id, { exact: _exact, ...usage }) => meter.progress(id, usage),
  }
}

/** A request in two halves; between them goes what makes each one new. */
function bodyOf(shape: Shape): [string, string] {
  const system = { role: 'system', content: 'You are a careful assistant.\nAnswer briefly.\n'.repeat(10) }
  const said = 'The harbour was quiet, and the "old" boats moved a little.\n'
  const turns = Array.from({ length: 64 }, (_, n) => ({ role: n % 2 ? 'assistant' : 'user', content: said.repeat(68) }))
  const messages = [system, ...(shape === 'large' ? turns : []), { role: 'user', content: 'What is the weather on @@?' }]
  const streamed = shape === 'stream' ? { stream: true, stream_options: { include_usage: true } } : {}
  const [before, after] = JSON.stringify({ model: 'gpt-5', max_completion_tokens: 500, messages, ...streamed }).split('@@')
  return [before!, after!]
}

function headersFor(target: Target, shape: Shape): Record<string, string> {
  const portkey = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `http://127.0.0.1:${ports[upstreamOf[shape]]}/v1` }
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
  const more = target === 'portkey' ? portkey : { traceparent }
  return { authorization: `Bearer ${credential}`, 'content-type': 'application/json', ...more }
}

function addressOf(target: Target, shape: Shape): { port: number; path: string } {
  const prefix = target === 'nginx' || target === 'hardshell' ? `/p/${upstreamOf[shape]}` : ''
  return { port: portOf(target, shape), path: `${prefix}/v1/chat/completions` }
}

function portOf(target: Target, shape: Shape): number {
  if (target.startsWith('floor: ')) return ports.floor + floors.indexOf(target.slice('floor: '.length))
  return target === 'direct' ? ports[upstreamOf[shape]] : ports[target as 'nginx' | 'hardshell' | 'portkey']
}

/** Answers after 20 ms. */
function serveSlowUpstream(): void {
  createServer((incoming, reply) => {
    incoming.resume()
    setTimeout(() => reply.writeHead(200, { 'content-type': 'application/json' }).end(completion), 20)
  }).listen(ports.model, '127.0.0.1')
}

/** Two fixed answers, as fast as they can be given. */
function upstreamConfig(): string {
  const fixed = (port: number, type: string, text: string): string =>
    `server { listen 127.0.0.1:${port}; default_type ${type}; client_max_body_size 1m; client_body_buffer_size 512k;
      location / { return 200 '${text.replaceAll('\n', '\\n')}'; } }`
  return fixed(ports.json, 'application/json', completion) + fixed(ports.stream, 'text/event-stream', stream)
}

/** The peer: a reverse proxy with keep-alive on both sides, and nothing else to do. */
function peerConfig(): string {
  const names = ['json', 'stream', 'model'] as const
  const provider = (name: (typeof names)[number]): string => `upstream ${name} {
    server 127.0.0.1:${ports[name]}; keepalive 64; keepalive_requests 100000000; }`
  const place = (name: string): string => `location /p/${name}/ {
    proxy_pass http://${name}; proxy_http_version 1.1; proxy_set_header connection ''; proxy_buffering off; }`
  return `client_max_body_size 1m; client_body_buffer_size 512k; ${names.map(provider).join(' ')}
    server { listen 127.0.0.1:${ports.nginx}; ${names.map(place).join(' ')} }`
}

/** Started twice: the second time nothing is compiled from TypeScript, as by the `hardshell` of a clone. */
async function startProxy(folder: string, children: ChildProcess[]): Promise<ChildProcess> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compile-cache') }
  const once = (): ChildProcess => start(1, process.execPath, [...smallHeap, self, '--role', 'proxy', '--folder', folder], { env })
  children.push(once())
  await listening(ports.hardshell)
  await ended(children.at(-1)!)
  return once()
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

function startFloor(folder: string, index: number, parts: string): ChildProcess {
  const home = join(folder, `floor-${index}`)
  mkdirSync(home)
  const args = [fileURLToPath(import.meta.resolve('./bare-model.ts')), String(ports.floor + index), String(ports.json), home, parts]
  return start(1, process.execPath, [...smallHeap, ...args])
}

function startPortkey(folder: string): ChildProcess {
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  if (!existsSync(program)) throw new Error(`${program} is not there: npm i --prefix ${folder} @portkey-ai/gateway`)
  // It refuses custom hosts on loopback unless told otherwise.
  const env = { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' }
  // It writes a stack for each stream that fails, and they all do.
  return start(1, process.execPath, [program, `--port=${ports.portkey}`, '--headless'], { env, stderr: 'ignore' })
}

function start(core: number, program: string, args: string[], more: { env?: NodeJS.ProcessEnv; stderr?: 'ignore' } = {}): ChildProcess {
  const { env = process.env, stderr = 'inherit' } = more
  return spawn('taskset', ['-c', String(core), program, ...args], { stdio: ['ignore', 'ignore', stderr], env })
}

type LoadPlan = { target: Target; child: ChildProcess | null; shape: Shape; connections: number; secs: number }

async function load(folder: string, { target, child, shape, connections, secs }: LoadPlan): Promise<Load> {
  const script = join(folder, 'load.lua')
  const [before, after] = bodyOf(shape)
  const headers = Object.entries(headersFor(target, shape)).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
  writeFileSync(script, `wrk.method = "POST"
${headers.join('\n')}
local n = 0
request = function()
  n = n + 1
  return wrk.format(nil, nil, nil, [==[${before}]==] .. n .. [==[${after}]==])
end
done = function(summary, latency)
  local e = summary.errors
  local bad = e.connect + e.read + e.write + e.status + e.timeout
  local rate = summary.requests / summary.duration * 1e6
  io.write(string.format("RESULT %f %f %f %d %d\\n", rate, latency:percentile(50), latency:percentile(99), bad, summary.requests))
end
`)
  const { port, path } = addressOf(target, shape)
  const args = ['-t1', `-c${connections}`, `-d${secs}s`, '-s', script, `http://127.0.0.1:${port}${path}`]
  const cpuBefore = child ? cpuMs(child) : 0
  const { stdout } = await promisify(execFile)('taskset', ['-c', '0', 'wrk', ...args])
  const [, perSecond, p50us, p99us, failed, count] = /RESULT (\S+) (\S+) (\S+) (\d+) (\d+)/.exec(stdout)!.map(Number)
  const cpuUs = child ? ((cpuMs(child) - cpuBefore) * 1000) / count! : 0
  return { perSecond: perSecond!, p50us: p50us!, p99us: p99us!, failed: failed!, cpuUs }
}

/** From the last byte of a request to the first byte of the first event, one stream after the other. */
async function firstBytes(targets: readonly Target[]): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = []
  for (const target of targets) {
    const times: number[] = []
    try {
      for (let round = 0; round < 3; round++) times.push(...(await firstByteTimes(target, 1000)).slice(round === 0 ? 500 : 0))
    } catch (error) {
      console.log(`${target} answers no streams: ${String(error)}`) // as Portkey 1.15 under Node 24
      continue
    }
    times.sort((a, b) => a - b)
    const at = (share: number): number => Math.round(times[Math.floor(times.length * share)]! * 1000)
    rows.push({ target, 'first byte p50 µs': at(0.5), 'p90 µs': at(0.9), 'p99 µs': at(0.99) })
  }
  const [direct] = rows
  const added = (row: (typeof rows)[number]): number => Number(row['first byte p50 µs']) - Number(direct!['first byte p50 µs'])
  const nginx = rows.find(({ target }) => target === 'nginx')!
  return rows.map((row) => ({ ...row, 'added p50 µs': added(row), '× nginx': (added(row) / added(nginx)).toFixed(2) }))
}

function firstByteTimes(target: Target, count: number): Promise<number[]> {
  const { port, path } = addressOf(target, 'stream')
  const [before, after] = bodyOf('stream')
  const fields = Object.entries(headersFor(target, 'stream')).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return new Promise((resolve, reject) => {
    const times: number[] = []
    let started = 0
    let seen = ''
    const socket = connect(port, '127.0.0.1')
    const ask = (): void => {
      const body = `${before}${times.length}${after}`
      seen = ''
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${fields}content-length: ${body.length}\r\n\r\n${body}`)
      started = performance.now()
    }
    socket.setNoDelay(true).on('connect', ask).on('error', reject)
    socket.setTimeout(5_000, () => socket.destroy(new Error('nothing came for 5 s')))
    socket.on('data', (bytes: Buffer) => {
      const isFirst = !seen.includes('data: ')
      seen += bytes.toString('latin1')
      if (isFirst && seen.includes('data: ')) times.push(performance.now() - started)
      if (!seen.includes('[DONE]\n\n') || (/transfer-encoding: chunked/i.test(seen) && !seen.endsWith('\r\n0\r\n\r\n'))) return
      if (times.length < count) ask()
      else resolve(socket.destroy() && times)
    })
  })
}
