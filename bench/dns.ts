/**
 * How many names the DNS filter answers in a second, beside unbound that does the same by `local-zone: "." refuse`.
 *
 *     node bench/dns.ts [--seconds N] [--clients N]
 *
 * Both listen on loopback and are asked by the same clients in the same run: each keeps so many questions under way
 * over UDP and asks the next when one is answered, in a process of its own. The filter is that of a guard with its log on disk; `refused` and
 * `kept` are what it does most, `asked upstream` has the cache off and unbound behind it.
 * `bare` is the floor: a socket of `node:dgram` that sends every packet back with another bit in it.
 * Needs unbound (Debian: unbound).
 */
import { fork, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { encode } from 'dns-packet'
import { openAuditLog } from '../src/auditlog/index.ts'
import { createOutboundTls, isPublicAddress, systemClock, type Listen } from '../src/base/index.ts'
import { createDnsFilter, type DnsFilter } from '../src/proxy/dns/index.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '3' }, clients: { type: 'string', default: '64' }, ask: { type: 'string' } } })
if (options.ask) await askAndTell()
else await measure()

async function measure(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'hardshell-bench-dns-'))
  const unbound = { host: '127.0.0.1', port: 25_353 }
  writeFileSync(join(root, 'unbound.conf'), unboundConfig(root, unbound.port))
  const server = spawn('/usr/sbin/unbound', ['-d', '-c', join(root, 'unbound.conf')], { stdio: 'ignore' })
  const log = await openAuditLog({ path: join(root, 'audit.log'), rotateBytes: 1e9 }, { clock: systemClock })
  const filters: DnsFilter[] = []
  const filterAt = async (cacheEntries: number): Promise<Listen> => {
    const filter = createDnsFilter(
      { beyondLoopback: false, refuseWith: 'refused', recordTypes: ['A', 'AAAA'], minTtlMs: cacheEntries === 0 ? 0 : 5000, maxTtlMs: 3_600_000, cacheEntries, queriesPerSecond: 1_000_000, blockTunnels: false, overHttps: null },
      {
        audit: log, clock: systemClock, tls: createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' }), servers: () => [unbound], deniedBy: () => null, closedBy: () => null, isProbe: () => false,
        isApproved: (name) => (name.endsWith('.good.example') ? { rule: 'egress.allowed-host', reason: 'listed', scope: 'host' } : null), mayLeadTo: (_, address) => isPublicAddress(address),
      },
    )
    filters.push(filter)
    return await filter.listen({ host: '127.0.0.1', port: 0 })
  }
  let closeBare = (): void => undefined
  try {
    await sleep(1500)
    const [kept, asked] = [await filterAt(10_000), await filterAt(0)]
    const bare = await openBare()
    closeBare = bare.close
    const rows = []
    for (const [what, name, at] of [
      ['refused: unbound', 'evil.example', unbound],
      ['refused: filter', 'evil.example', kept],
      ['refused: bare', 'evil.example', bare.at],
      ['kept: unbound', 'good.example', unbound],
      ['kept: filter', 'good.example', kept],
      ['asked upstream: filter', 'good.example', asked],
    ] as const) {
      const { answers, p50, p99, codes } = await clients(at, name)
      rows.push({ what, 'answers/s': Math.round(answers / Number(options.seconds)), 'p50 ms': p50, 'p99 ms': p99, codes })
    }
    console.table(rows)
    console.log(`rss of this process: ${Math.round(process.memoryUsage.rss() / 1e6)} MB`)
  } finally {
    closeBare()
    for (const filter of filters) await filter.close()
    await log.close()
    server.kill('SIGTERM')
    rmSync(root, { recursive: true, force: true })
  }
}

/** What `node:dgram` takes to receive a packet and send one. */
function openBare(): Promise<{ at: Listen; close(): void }> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.on('message', (bytes, { port, address }) => {
      bytes[2]! |= 0x80
      bytes[3] = 5 // REFUSED
      socket.send(bytes, port, address, () => undefined)
    })
    socket.bind(0, '127.0.0.1', () => resolve({ at: { host: '127.0.0.1', port: socket.address().port }, close: () => socket.close() }))
  })
}

interface Told {
  answers: number
  p50: number
  p99: number
  codes: string
}

function clients({ host, port }: Listen, name: string): Promise<Told> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--ask', `${host}:${port}:${name}`, '--seconds', options.seconds, '--clients', options.clients])
    child.once('message', (told) => resolve(told as Told))
    child.once('error', reject)
  })
}

/** The process of the clients: so many questions under way, each for one of a thousand names. */
async function askAndTell(): Promise<void> {
  const [host, port, name] = options.ask!.split(':') as [string, string, string]
  const packets = Array.from({ length: 1000 }, (_, i) => encode({ type: 'query', id: i, flags: 256, questions: [{ name: `n${i}.${name}`, type: 'A' }] }))
  const [times, codes]: [number[], Map<number, number>] = [[], new Map()]
  const deadline = performance.now() + Number(options.seconds) * 1000
  const one = (at: number): Promise<void> => new Promise((done) => {
    const socket = createSocket('udp4')
    let [next, started, timer]: [number, number, NodeJS.Timeout | undefined] = [at, 0, undefined]
    const ask = (): void => {
      if (performance.now() > deadline) {
        socket.close()
        return done()
      }
      next = (next + 7) % packets.length
      started = performance.now()
      clearTimeout(timer)
      timer = setTimeout(ask, 1000) // lost
      socket.send(packets[next]!, Number(port), host)
    }
    socket.on('message', (reply) => {
      clearTimeout(timer)
      times.push(performance.now() - started)
      codes.set(reply[3]! & 15, (codes.get(reply[3]! & 15) ?? 0) + 1)
      ask()
    })
    ask()
  })
  await Promise.all(Array.from({ length: Number(options.clients) }, (_, i) => one(i * 13)))
  times.sort((a, b) => a - b)
  const at = (share: number): number => Math.round((times[Math.floor(times.length * share)] ?? 0) * 100) / 100
  process.send!({ answers: times.length, p50: at(0.5), p99: at(0.99), codes: [...codes].map(([code, n]) => `${code}: ${n}`).join(', ') } satisfies Told)
  process.disconnect()
}

function unboundConfig(root: string, port: number): string {
  const data = Array.from({ length: 1000 }, (_, i) => `  local-data: "n${i}.good.example. 300 IN A 93.184.216.34"`)
  return `server:
  interface: 127.0.0.1
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${root}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  local-zone: "." refuse
  local-zone: "good.example." static
${data.join('\n')}
`
}
