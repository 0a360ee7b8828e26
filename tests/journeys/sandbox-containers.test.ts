import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Status } from '../../src/control/index.ts'
import { gatewayUser } from '../../src/guard/gateway-user.ts'
import { findProgram } from '../../src/host/index.ts'
import { newMachine, type Machine } from '../attacks/escapes/machine.ts'
import { repository } from './command.ts'
import { localImage, toolPrograms } from './local-image.ts'
import { until } from './wait.ts'

/**
 * Tools of the real OpenClaw in containers, as `sandbox.backend` configures them. The operator of these machines has
 * given the gateway's user the engine's socket: that makes it root, and is what these backends cost.
 */
const engines = { docker: ['docker', 'dockerd', 'containerd', 'runc'], podman: ['podman', 'runc', 'catatonit'] } as const

const settings = (engine: string): string => `tools:
  profile: full
  deny: []
  exec: {security: full, ask: "off"}
  fs: {workspaceOnly: true}
sandbox:
  backend: ${engine}
  image: localhost/tools:1
  limits: {processes: 100, memory: 256MB, open_files: 1024}
proof:
  every: 1m
`

for (const [engine, programs] of Object.entries(engines)) {
  const missing = programs.filter((name) => findProgram(name) === null)
  describe.skipIf(missing.length > 0)(`tools in containers of ${engine} (needs ${programs.join(', ')})`, { timeout: 300_000 }, () => {
    let machine: Machine
    const processes: ChildProcess[] = []

    beforeAll(async () => {
      machine = await newMachine(`tools-${engine}`)
      writeFileSync(join(machine.config, 'config.yaml'), settings(engine))
      await (engine === 'docker' ? startDocker(machine, processes) : startPodman(machine, processes))
      await must(machine, [...client(engine), 'import', await localImage(machine.root, toolPrograms), 'localhost/tools:1'])
      await startGuard(machine, processes)
    }, 600_000)

    afterAll(async () => {
      const [daemon, guard] = processes
      if (guard !== undefined) await ended(guard)
      const { out } = await machine.run([...client(engine), 'ps', '-aq'])
      if (out.trim() !== '') await machine.run([...client(engine), 'rm', '-f', ...out.trim().split('\n')])
      if (daemon !== undefined) await ended(daemon)
      await machine?.remove()
    }, 120_000)

    const tool = async (name: string, args: object): Promise<string> => {
      const said = await say(machine, `TOOL:${name} ${JSON.stringify(args)}`)
      return /TOOL_RESULT<<([\s\S]*)>>/.exec(said)?.[1]?.trim() ?? said
    }
    const exec = (line: string): Promise<string> => tool('exec', { command: line })

    it('run without rights and without a network, and see nothing of the machine', async () => {
      const said = await exec(`id -u; grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; echo $(ls /sys/class/net); ls ${machine.state}`)
      expect(said.split('\n').slice(0, 6)).toEqual([String(gatewayUser(machine.state)!.uid), 'CapEff:\t0000000000000000', 'CapBnd:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2', 'lo'])
      expect(said).toMatch(/cannot access .*No such file/)
      expect(await exec(connecting('127.0.0.1', 18710))).toContain('ConnectionRefusedError')
      expect(await exec(connecting('198.51.100.1', 80))).toContain('Network is unreachable')
    })

    it('write in their workspace, which the file tools see as well, and nowhere else of what stays', async () => {
      expect(await tool('write', { path: 'a/note.txt', content: 'eins\n' })).toContain('wrote')
      expect(await exec('cat a/note.txt; echo zwei >> a/note.txt')).toBe('eins')
      expect(await tool('read', { path: 'a/note.txt' })).toContain('zwei')
      expect(await exec('for at in / /etc /usr/bin /workspace /tmp; do touch $at/x 2>/dev/null && echo $at; done; mount -t tmpfs t /mnt; unshare -r id -u')).toMatch(/^\/workspace\n\/tmp\n(?!0$)/)
    })

    // A program beside the shell, which would say it by itself; the `:` behind it keeps the shell.
    const roomFor = `python3 -c "print('room')"; :`
    it('are held to their limits of processes and memory', async () => {
      expect(await exec('for i in $(seq 150); do sleep 5 & done; echo all')).toMatch(/Cannot fork|[Rr]esource temporarily unavailable/)
      await until('room for a program again', 60_000, async () => (await exec(roomFor)) === 'room')
      expect(await exec(`python3 -c "b = bytearray(600_000_000); print('had it')"`)).not.toContain('had it')
      // What the kernel ended may have been more than that program: the next one waits for a container that is whole.
      await until('room for a program once more', 60_000, async () => (await exec(roomFor)) === 'room')
    })

    it('make no vsock socket, which would leave past every network, and no namespace', async () => {
      expect(await exec(`python3 -c "import socket; socket.socket(socket.AF_VSOCK)" 2>&1`)).toContain('PermissionError')
      expect(await exec('unshare -U id -u 2>&1')).toContain('Operation not permitted')
    })

    it('stand on the screen, are tried at every round and by `sandbox verify`, and turn red when the engine gives no container', async () => {
      const { boundaries, surfaces } = (await statusOf(machine))!
      expect(surfaces.find(({ id }) => id === 'sandbox')).toMatchObject({ ok: true, detail: expect.stringContaining('each seen in one that was tried') })
      expect(boundaries.find(({ id }) => id === 'sandbox')).toMatchObject({ stands: true, detail: expect.stringContaining(`in ${engine} containers`) })
      const verify = (): ReturnType<Machine['hardshell']> => machine.hardshell(['sandbox', 'verify', '--json', '--config', machine.config])
      const verified = await verify()
      expect(verified, verified.err).toMatchObject({ status: 0, out: expect.stringContaining('"ok": true') })
      const socket = engine === 'docker' ? '/run/docker.sock' : '/run/podman/podman.sock'
      await must(machine, ['chmod', '600', socket])
      expect(await verify()).toMatchObject({ status: 6, out: expect.stringContaining('sandbox.unavailable') })
      const { status, out } = await machine.hardshell(['prove', '--json'])
      expect(status).toBe(1)
      expect((JSON.parse(out) as Status).surfaces.find(({ id }) => id === 'sandbox')).toMatchObject({ ok: false })
      await must(machine, ['chmod', '660', socket])
    })
  })
}

/** The test asks as root what the gateway's user asks. */
const client = (engine: string): string[] => (engine === 'podman' ? ['podman', '--remote'] : ['docker'])
const connecting = (host: string, port: number): string => `python3 -c "import socket; socket.create_connection(('${host}', ${port}), 3)" 2>&1`

// On a machine that is itself a container (a build machine, say) OpenClaw wants the daemon that runs it, and this one is
// another's: a root without the mark of it.
const unmarked = `set -e; new=$1; mount -t tmpfs tmpfs $new; cd /
for name in * .[!.]*; do
  case $name in .dockerenv|'.[!.]*') continue;; esac
  if [ -L "$name" ]; then cp -P "$name" "$new/$name"
  elif [ -d "$name" ]; then mkdir "$new/$name"; mount --rbind "/$name" "$new/$name"
  else touch "$new/$name"; mount --bind "/$name" "$new/$name"; fi
done
mkdir $new/.old; cd $new; pivot_root . .old; umount -l /.old; rmdir /.old`

async function startDocker(machine: Machine, processes: ChildProcess[]): Promise<void> {
  mkdirSync(join(machine.root, 'root'))
  await must(machine, ['sh', '-c', unmarked, 'sh', join(machine.root, 'root')])
  await must(machine, ['rm', '-f', '/run/docker.sock'])
  const { uid } = gatewayUser(machine.state)!
  const folder = (name: string): string => join(machine.root, name)
  const child = inBackground(machine, ['dockerd', '--data-root', folder('images'), '--exec-root', folder('exec'), '-H', 'unix:///run/docker.sock', '-G', String(uid), '-p', folder('docker.pid'), '--bridge', 'none', '--iptables=false'])
  processes.push(child)
  await answers(machine, child, ['docker', 'info', '--format', '{{.ServerVersion}}'])
}

async function startPodman(machine: Machine, processes: ChildProcess[]): Promise<void> {
  const { uid } = gatewayUser(machine.state)!
  const address = 'unix:///run/podman/podman.sock'
  const service = join(machine.root, 'service.conf')
  writeFileSync(service, `[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\ninit_path = "${findProgram('catatonit')}"\n`)
  // Where the gateway's user looks: in its own home. Podman reads addresses from no other file.
  const own = join(machine.state, 'openclaw/home/.config/containers')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'containers.conf'), `[engine]\nremote = true\nactive_service = "machine"\n[engine.service_destinations]\n[engine.service_destinations.machine]\nuri = "${address}"\n`)
  mkdirSync(join(machine.root, 'images'))
  await must(machine, ['mkdir', '-p', '/var/lib/containers', '/run/podman'])
  await must(machine, ['mount', '--bind', join(machine.root, 'images'), '/var/lib/containers'])
  const child = inBackground(machine, ['podman', 'system', 'service', '--time', '0', address], { CONTAINERS_CONF: service })
  processes.push(child)
  await answers(machine, child, ['chown', `0:${uid}`, '/run/podman/podman.sock'])
  await must(machine, ['chmod', '660', '/run/podman/podman.sock'])
  await answers(machine, child, ['podman', '--remote', 'info'])
}

function inBackground(machine: Machine, command: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const out = openSync(join(machine.root, `${command[0]!.split('/').at(-1)!}.out`), 'a')
  return spawn(machine.enter[0]!, [...machine.enter.slice(1), ...command], { env: { PATH: process.env['PATH'] ?? '', HOME: join(machine.root, 'home'), ...env }, stdio: ['ignore', out, out] })
}

async function answers(machine: Machine, daemon: ChildProcess, question: readonly string[]): Promise<void> {
  await until(`an answer to ${question.join(' ')}`, 60_000, async () => {
    if (hasEnded(daemon)) throw new Error(`it ended: ${daemon.exitCode}`)
    return (await machine.run(question)).status === 0 || null
  })
}

async function startGuard(machine: Machine, processes: ChildProcess[]): Promise<void> {
  const child = inBackground(machine, [process.execPath, join(repository, 'src/cli/main.ts'), 'start', '--json', '--state', machine.state, '--config', machine.config])
  processes.push(child)
  let last: Status | null = null
  await until('a guard that is proven', 500_000, async () => {
    if (hasEnded(child)) throw new Error(`the guard ended: ${readFileSync(join(machine.root, 'node.out'), 'utf8').slice(-1500)}`)
    last = await statusOf(machine)
    return last?.ok === true || null
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last?.surfaces?.filter(({ ok }) => !ok))}`)
  })
}

async function statusOf(machine: Machine): Promise<Status | null> {
  const { out } = await machine.hardshell(['status', '--json'])
  return out.startsWith('{') ? (JSON.parse(out) as Status) : null
}

async function say(machine: Machine, prompt: string): Promise<string> {
  const token = readFileSync(join(machine.state, 'guard/operator.token'), 'utf8').trim()
  const body = JSON.stringify({ model: 'openclaw/main', messages: [{ role: 'user', content: prompt }] })
  const { out } = await machine.run(['curl', '-s', '-m', '120', '-H', `authorization: Bearer ${token}`, '-H', 'content-type: application/json', '-d', body, 'http://127.0.0.1:18700/v1/chat/completions'])
  return (JSON.parse(out) as { choices?: { message: { content: string } }[] }).choices?.[0]?.message.content ?? out
}

async function must(machine: Machine, command: readonly string[]): Promise<void> {
  const { status, out, err } = await machine.run(command)
  if (status !== 0) throw new Error(`${command.join(' ')}: ${out}${err}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.kill('SIGTERM')
  await until('its end', 40_000, () => hasEnded(child)).catch(() => child.kill('SIGKILL'))
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
