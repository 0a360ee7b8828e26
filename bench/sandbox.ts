/**
 * What one tool call costs in the sandbox, beside a plain spawn, bubblewrap alone and a fresh podman container, in the
 * same run; then how many run side by side, and how fast bytes go through.
 *
 *   node bench/sandbox.ts [--calls 40] [--image IMAGE] [--secs 3]
 *
 * `wall` is what the caller waits, `cpu` what all processes of a call used together (user and system, of children that
 * ended), the figure other work on the machine disturbs least. A call is `/bin/true`, started as OpenClaw starts ssh.
 * Needs root, bubblewrap, perl and python3; podman with an image only where `--image` names one. Half a minute.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/base/index.ts'
import { describeLayers, openSandbox, sandboxSettings, serveSandbox } from '../src/sandbox/index.ts'

const { values: options } = parseArgs({ options: { calls: { type: 'string', default: '40' }, image: { type: 'string' }, secs: { type: 'string', default: '3' } } })
const calls = Number(options.calls)
const root = mkdtempSync(join(tmpdir(), 'hardshell-bench-'))
const sandbox = await openSandbox(
  { root: join(root, 'state'), settings: sandboxSettings.parse({ limits: { calls: 256, processes: 4096 } }) },
  { clock: systemClock, egress: () => ({ host: '127.0.0.1', port: 0 }), proxyCredential: () => null, onLimit: console.error },
)
const served = await serveSandbox(sandbox, { folder: root, owner: null }, () => undefined)
served.admit(['main'])
const config = join(root, 'config')
writeFileSync(config, 'Host openclaw-sandbox\n  User main\n')
const shim = (command: string): [string, string[]] => [served.command, ['-F', config, '-T', '-o', 'RequestTTY=no', 'openclaw-sandbox', command]]

try {
  console.log(`${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}; ${describeLayers(sandbox.layers)}\n`)
  const all: [string, [string, string[]]][] = [
    ['plain spawn', ['/bin/true', []]],
    ['plain shell', ['/bin/sh', ['-c', '/bin/true']]],
    ['bubblewrap alone', ['/usr/bin/bwrap', ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-all', '--die-with-parent', '/bin/true']]],
    ['hardshell shim', shim('/bin/true')],
    ...(options.image === undefined ? [] : [['podman run', ['/usr/bin/podman', podman(options.image)]] as [string, [string, string[]]]]),
  ]
  for (const [name, line] of all) console.log(await one(name, line))
  console.log(await many(shim('/bin/true')))
  console.log(await bytes(shim('cat > /dev/null'), shim('head -c 268435456 /dev/zero')))
} finally {
  await served.close()
  await sandbox.close()
  rmSync(root, { recursive: true, force: true })
}

function podman(image: string): string[] {
  const ulimits = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=1024:1024']
  return ['--cgroup-manager=cgroupfs', '--runtime', 'runc', 'run', '--rm', ...ulimits, '--network', 'none', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--entrypoint', '/bin/true', image]
}

/** One after the other. */
async function one(name: string, [program, args]: [string, string[]]): Promise<string> {
  const count = program.endsWith('podman') ? Math.min(calls, 8) : calls
  const walls: number[] = []
  const before = childTicks()
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    const status = await run(program, args)
    if (status !== 0) return `${name.padEnd(18)} does not run here (status ${status}): ${spawnSync(program, args).stderr.toString().trim().slice(-200)}`
    walls.push(performance.now() - began)
  }
  walls.sort((a, b) => a - b)
  const at = (share: number): string => walls[Math.min(walls.length - 1, Math.floor(walls.length * share))]!.toFixed(1)
  return `${name.padEnd(18)} wall p50 ${at(0.5).padStart(6)} ms   p95 ${at(0.95).padStart(6)} ms   cpu ${(((childTicks() - before) * 10) / count).toFixed(1)} ms`
}

// Fields 16 and 17 of proc(5) stat: ticks of 10 ms of children that were waited for, theirs included.
function childTicks(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
  return Number(fields[13]) + Number(fields[14])
}

function run(program: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => spawn(program, args, { stdio: 'ignore' }).once('error', reject).once('close', resolve))
}

async function many([program, args]: [string, string[]]): Promise<string> {
  const until = performance.now() + Number(options.secs) * 1000
  let done = 0
  const worker = async (): Promise<void> => {
    for (; performance.now() < until; done++) await run(program, args)
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: 16 }, worker))
  return `16 side by side     ${((done * 1000) / (performance.now() - began)).toFixed(1)} calls/s`
}

async function bytes(into: [string, string[]], out: [string, string[]]): Promise<string> {
  const size = 256 * 1024 * 1024
  const chunk = Buffer.alloc(1024 * 1024)
  const began = performance.now()
  await new Promise<void>((resolve) => {
    const child = spawn(into[0], into[1], { stdio: ['pipe', 'ignore', 'inherit'] })
    let left = size / chunk.length
    const push = (): void => {
      while (left-- > 0) if (!child.stdin.write(chunk)) return void child.stdin.once('drain', push)
      child.stdin.end()
    }
    push()
    child.once('close', () => resolve())
  })
  const half = performance.now()
  await new Promise<void>((resolve) => {
    const child = spawn(out[0], out[1], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.resume()
    child.once('close', () => resolve())
  })
  const speed = (ms: number): string => (size / 1024 ** 2 / (ms / 1000)).toFixed(0)
  return `256 MiB             in ${speed(half - began)} MiB/s   out ${speed(performance.now() - half)} MiB/s`
}
