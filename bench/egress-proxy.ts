// long: a benchmark is runnable alone: upstreams, peers, proxy and loads in one file
/**
 * Tunnels and refusals a second, bulk throughput, memory and processor time of the egress proxy, with everything on
 * (name looked up, addresses judged, server name read and compared, decision and outcome in the log on disk), beside
 * squid and tinyproxy with a list of the same length, and `bench/bare-tunnel.ts`, in the same run and towards the same
 * upstream: by turns, so that what else the machine does falls on all of them.
 *
 *   node bench/egress-proxy.ts [--secs 2] [--rounds 3] [--only tunnel,deny,bulk] [--peers squid,tinyproxy,bare] [--profile DIR]
 *
 * A tunnel is: connect, CONNECT with a real ClientHello behind it, answer of the upstream, end. Neither peer looks into
 * the ClientHello, keeps a log (both would be slower with one), or looks at addresses. Upstream and load share one core,
 * what is measured has the other. `µs CPU` is what an operation costs the measured process, all its threads included:
 * the figure other work on the machine disturbs least. Figures are medians of the rounds. Needs two cores and Debian's
 * `nginx`, `wrk`, `squid`, `tinyproxy` and `taskset`. Three minutes.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { openAuditLog } from '../src/auditlog/index.ts'
import { systemClock } from '../src/base/index.ts'
import { createEgressProxy } from '../src/proxy/egress/index.ts'
import { cpuMs, ended, hasProgram, listening, residentMib } from './processes.ts'

type Peer = 'hardshell' | 'squid' | 'tinyproxy' | 'bare'
type Shape = 'tunnel' | 'deny' | 'bulk'
const ports = { small: 19_650, bulk: 19_651, hardshell: 19_652, squid: 19_653, tinyproxy: 19_654, bare: 19_655 }
const bulkBytes = 256 * 1024 * 1024
const self = fileURLToPath(import.meta.url)
// Neither list may be short: squid keeps a tree, tinyproxy tries one expression after the other.
const others = Array.from({ length: 500 }, (_, n) => `h${n}.example.com`)

const { values: options } = parseArgs({
  options: {
    secs: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'tunnel,deny,bulk' },
    peers: { type: 'string', default: 'squid,tinyproxy,bare' },
    profile: { type: 'string' },
    role: { type: 'string' },
    folder: { type: 'string' },
    connections: { type: 'string', default: '1' },
  },
})
const secs = Math.max(1, Math.round(Number(options.secs)))
// V8 lets garbage pile up to hundreds of megabytes on a machine that has them, for no speed to speak of.
const smallHeap = ['--max-semi-space-size=4', '--heap-growing-percent=50', '--no-allocation-site-pretenuring']

// One refusal costs a client written for Node more than the proxy: all peers were as fast as their client.
const wrkScript = `local head = "CONNECT blocked.example:443 HTTP/1.1\\r\\nHost: blocked.example:443\\r\\nConnection: close\\r\\n\\r\\n"
request = function() return head end
done = function(summary, latency)
  print(string.format("%d %d %f %f", summary.requests, summary.errors.status, latency:percentile(50), latency:percentile(99)))
end`

if (options.role === 'proxy') await serveProxy(options.folder!)
else if (options.role === 'bulk') serveBulk()
else if (options.role === 'load') await generate()
else await measure()

async function measure(): Promise<void> {
  for (const program of ['nginx', 'wrk', 'taskset', ...options.peers.split(',').filter((peer) => peer !== '' && peer !== 'bare')]) if (!hasProgram(program)) throw new Error(`install ${program} first`)
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
  chmodSync(folder, 0o755)
  const children: ChildProcess[] = []
  try {
    children.push(startNginx(folder), start(0, process.execPath, [self, '--role', 'bulk']))
    const peers = new Map<Peer, ChildProcess>()
    const profile = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : []
    peers.set('hardshell', start(1, process.execPath, [...smallHeap, ...profile, self, '--role', 'proxy', '--folder', folder]))
    if (options.peers.includes('squid')) peers.set('squid', startSquid(folder))
    if (options.peers.includes('tinyproxy')) peers.set('tinyproxy', startTinyproxy(folder))
    if (options.peers.includes('bare')) peers.set('bare', start(1, process.execPath, [...smallHeap, fileURLToPath(import.meta.resolve('./bare-tunnel.ts')), String(ports.bare)]))
    children.push(...peers.values())
    for (const port of [ports.small, ports.bulk, ...[...peers.keys()].map((peer) => ports[peer])]) await listening(port)
    await compare(folder, peers)
  } finally {
    await Promise.all(children.map(ended))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function compare(folder: string, peers: ReadonlyMap<Peer, ChildProcess>): Promise<void> {
  const plan: [Shape, number][] = [['tunnel', 1], ['tunnel', 32], ['deny', 1], ['deny', 32], ['bulk', 1], ['bulk', 8]]
  for (const [shape, connections] of plan.filter(([name]) => options.only.split(',').includes(name))) {
    const loads = new Map<Peer, Load[]>([...peers.keys()].map((peer) => [peer, []]))
    for (let round = shape === 'bulk' ? 1 : 0; round <= Number(options.rounds); round++) {
      for (const [peer, child] of peers) {
        // The first round warms: V8 compiles what a proxy of weeks has compiled long ago.
        const load = await put({ folder, peer, child, shape, connections, secs: round === 0 ? 2 * secs : secs })
        if (round > 0) loads.get(peer)!.push(load)
      }
    }
    for (const [peer, all] of loads) {
      const of = (what: keyof Load): number => middle(all.map((load) => load[what]))
      const squids = loads.get('squid')
      const times = (what: keyof Load): string => (squids ? (of(what) / middle(squids.map((load) => load[what]))).toFixed(2) : '–')
      const rate = shape === 'bulk' ? `${Math.round(of('megabytes'))} MB/s` : `${Math.round(of('perSecond'))} /s`
      console.log([shape, `${connections} at once`, peer, rate, `× squid ${times(shape === 'bulk' ? 'megabytes' : 'perSecond')}`, `p50 ${Math.round(of('p50us'))} µs`, `p99 ${Math.round(of('p99us'))} µs`, `${of('cpuUs').toFixed(0)} µs CPU${shape === 'bulk' ? ' a MB' : ''}`, `× squid ${times('cpuUs')}`, `${of('failed')} failed`].join('\t'))
    }
  }
  for (const [peer, child] of peers) console.log(`${peer}: ${residentMib(child)} MiB resident`)
  console.log(`load average ${loadavg().map((load) => load.toFixed(1)).join(' ')}`)
}

function middle(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN
}

/** Our proxy as a guard would run it, in a process of its own. */
async function serveProxy(folder: string): Promise<void> {
  const log = await openAuditLog({ path: join(folder, 'audit', 'audit.log') }, { clock: systemClock })
  const proxy = createEgressProxy(
    {
      rules: { mode: 'enforce', allowedHosts: [...others, `localhost:${ports.small}`, `localhost:${ports.bulk}`], deniedHosts: ['*'], agents: {}, skills: {} },
      allowPrivate: ['127.0.0.0/8', '::1', 'localhost'],
      dangerouslyAllowEch: false,
      unidentified: 'gateway',
      limits: { connectTimeoutMs: 10_000, openingTimeoutMs: 10_000, idleTimeoutMs: 300_000, lifetimeMs: Infinity, maxBytesPerConnection: Infinity },
      maxConnections: 1024,
      shareFor: () => ({ maxConnections: 512, bytesPerHour: Infinity }),
      accounts: { alertNew: true, alertUploadBytes: 20_000_000 },
    },
    { audit: log, clock: systemClock, decide: () => ({ allow: true, rule: 'default.allow', reason: 'no rule refuses it' }) },
  )
  await proxy.listen({ host: '127.0.0.1', port: ports.hardshell })
  process.on('SIGTERM', () => void proxy.close().then(() => log.close()).then(() => process.exit(0)))
}

/** Whatever it hears, it answers with a quarter of a gigabyte. */
function serveBulk(): void {
  const piece = Buffer.alloc(1024 * 1024)
  const server = createServer((socket) => {
    let left = bulkBytes
    const more = (): void => {
      while (left > 0) {
        left -= piece.length
        if (!socket.write(piece)) return void socket.once('drain', more)
      }
      socket.end()
    }
    socket.on('error', () => socket.destroy()).once('data', more)
  })
  server.listen(ports.bulk, '127.0.0.1')
}

/** A server that answers a ClientHello with an error page and hangs up: as little as an upstream can do. */
function startNginx(folder: string): ChildProcess {
  const home = join(folder, 'nginx')
  mkdirSync(home)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${home}/${kind};`).join(' ')
  const file = join(home, 'nginx.conf')
  writeFileSync(file, `daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log crit;
    events { worker_connections 4096; }
    http { access_log off; ${paths} server { listen 127.0.0.1:${ports.small} backlog=4096; location / { return 200 'x'; } } }`)
  return start(0, 'nginx', ['-p', home, '-c', file, '-e', join(home, 'error.log')])
}

function startSquid(folder: string): ChildProcess {
  const home = join(folder, 'squid')
  mkdirSync(home)
  if (process.getuid?.() === 0) chownSync(home, ...userNamed('proxy'))
  writeFileSync(join(home, 'allowed'), ['localhost', ...others].join('\n'))
  const file = join(home, 'squid.conf')
  writeFileSync(
    file,
    `http_port 127.0.0.1:${ports.squid}
acl allowed dstdomain -n "${home}/allowed"
acl CONNECT method CONNECT
http_access allow CONNECT allowed
http_access deny all
cache deny all
access_log none
cache_log ${home}/log
pid_filename ${home}/pid
coredump_dir ${home}
shutdown_lifetime 1 seconds
max_filedescriptors 16384
netdb_filename none
pinger_enable off
shared_memory_locking off
visible_hostname bench
`,
  )
  return start(1, 'squid', ['-N', '-f', file])
}

function startTinyproxy(folder: string): ChildProcess {
  const home = join(folder, 'tinyproxy')
  mkdirSync(home)
  writeFileSync(join(home, 'allowed'), ['localhost', ...others].map((host) => `^${host.replaceAll('.', '\\.')}$`).join('\n'))
  const file = join(home, 'tinyproxy.conf')
  writeFileSync(
    file,
    `Port ${ports.tinyproxy}
Listen 127.0.0.1
Timeout 60
MaxClients 2000
Filter "${home}/allowed"
FilterDefaultDeny Yes
FilterExtended On
LogLevel Critical
LogFile "${home}/log"
PidFile "${home}/pid"
`,
  )
  return start(1, 'tinyproxy', ['-d', '-c', file])
}

function userNamed(name: string): [number, number] {
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith(`${name}:`))!.split(':')
  return [Number(uid), Number(gid)]
}

/** What OpenSSL sends first for `localhost`, caught on its way. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        resolve(bytes)
        socket.destroy()
        server.close()
      })
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      tlsConnect({ host: '127.0.0.1', port, servername: 'localhost' }).on('error', () => undefined)
    })
  })
}

function start(core: number, program: string, args: string[]): ChildProcess {
  return spawn('taskset', ['-c', String(core), program, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
}

interface Load {
  perSecond: number
  megabytes: number
  p50us: number
  p99us: number
  failed: number
  cpuUs: number
}

interface LoadPlan {
  folder: string
  peer: Peer
  child: ChildProcess
  shape: Shape
  connections: number
  secs: number
}

/** Runs the load in a process of its own, on the core of the upstreams. */
async function put(plan: LoadPlan): Promise<Load> {
  const { peer, child, shape, connections, secs: seconds } = plan
  const before = cpuMs(child)
  if (shape === 'deny') {
    const counted = await askInVain(plan)
    return { ...counted, megabytes: 0, cpuUs: ((cpuMs(child) - before) * 1000) / Math.max(1, counted.count) }
  }
  const args = [self, '--role', 'load', '--peers', peer, '--only', shape, '--connections', String(connections), '--secs', String(seconds)]
  const { stdout } = await promisify(execFile)('taskset', ['-c', '0', process.execPath, ...args])
  const counted = JSON.parse(stdout) as Omit<Load, 'cpuUs'> & { count: number }
  return { ...counted, cpuUs: ((cpuMs(child) - before) * 1000) / Math.max(1, shape === 'bulk' ? counted.megabytes * seconds : counted.count) }
}

/** Refusals, each on a connection of its own. */
async function askInVain({ folder, peer, connections, secs: seconds }: LoadPlan): Promise<Omit<Load, 'cpuUs' | 'megabytes'> & { count: number }> {
  const script = join(folder, 'refused.lua')
  writeFileSync(script, wrkScript)
  await refusedOnce(peer)
  const args = ['-t1', `-c${connections}`, `-d${seconds}`, '-s', script, `http://127.0.0.1:${ports[peer]}/`]
  const { stdout } = await promisify(execFile)('taskset', ['-c', '0', 'wrk', ...args])
  const [requests, refused, p50us, p99us] = stdout.trim().split('\n').at(-1)!.split(' ').map(Number) as [number, number, number, number]
  return { perSecond: refused / seconds, p50us, p99us, failed: requests - refused, count: requests }
}

/** wrk tells refusals from successes, and not one refusal from the other. */
async function refusedOnce(peer: Peer): Promise<void> {
  const socket = connect({ port: ports[peer], host: '127.0.0.1' }).on('error', () => undefined)
  socket.write('CONNECT blocked.example:443 HTTP/1.1\r\nHost: blocked.example:443\r\n\r\n')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  if (!/^HTTP\/1\.[01] 403 /.test(answer.toString('latin1'))) throw new Error(`${peer} did not refuse: ${answer.toString('latin1', 0, 60)}`)
}

/** So many connections, each begun anew when it is over, for so long. */
async function generate(): Promise<void> {
  const shape = options.only as Shape
  const target = `localhost:${shape === 'bulk' ? ports.bulk : ports.small}`
  const head = Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
  const asked = Buffer.concat([head, await clientHello()])
  const expected = /^HTTP\/1\.[01] 200 /
  const times: number[] = []
  let [bytes, failed] = [0, 0]
  const endsAt = performance.now() + secs * 1000
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const began = performance.now()
      let seen = 0
      let first: Buffer | null = null
      // A quarter of a gigabyte passes within the time of a run, or is cut at its end.
      const timer = setTimeout(() => socket.destroy(), endsAt - began + (shape === 'bulk' ? 0 : 2000))
      const socket = connect({ port: ports[options.peers as Peer], host: '127.0.0.1', noDelay: true }, () => socket.write(asked))
      socket.on('data', (piece: Buffer) => {
        first ??= piece
        seen += piece.length
        if (performance.now() < endsAt) bytes += piece.length
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearTimeout(timer)
        const good = first !== null && expected.test(first.toString('latin1', 0, 13)) && (seen > first.length || first.includes('HTTP/1.1 400'))
        if (good) times.push(performance.now() - began)
        else failed++
        resolve()
      })
    })
  const worker = async (): Promise<void> => {
    while (performance.now() < endsAt) await one()
  }
  await Promise.all(Array.from({ length: Number(options.connections) }, worker))
  times.sort((a, b) => a - b)
  const at = (share: number): number => (times[Math.floor(times.length * share)] ?? 0) * 1000
  console.log(JSON.stringify({ perSecond: times.length / secs, megabytes: bytes / secs / 1e6, p50us: at(0.5), p99us: at(0.99), failed, count: times.length }))
}
