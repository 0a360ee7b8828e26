import { chmod, chown, copyFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { AuditSink } from '../auditlog/index.ts'
import type { Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import type { Closable } from '../control/index.ts'
import { answerExec, type ExecDecision } from '../secrets/index.ts'
import type { UserId } from './gateway-user.ts'
import type { StatePaths } from './paths.ts'

/** What OpenClaw's configuration has to name as a provider of secrets. */
export interface HandoverProvider {
  source: 'exec'
  command: string
  args: string[]
  env: Record<string, string>
  jsonOnly: true
}

export interface HandoverPorts {
  audit: AuditSink
  find(name: string): Promise<Secret | null>
  /** Asked for each secret. A window lies between a start or reload of the gateway and the moment agents can act. */
  window(): HandoverWindow
}

/** `open`: a number of its own for each start and reload. `closed`: why nothing is handed out. */
export type HandoverWindow = { open: number } | { closed: string }

/**
 * Hands secrets to OpenClaw itself (tokens of channels, its own token), which so far lay in its configuration in plain
 * text. OpenClaw runs our resolver as its own user, which is also the agents' user, so an agent could run it too.
 * Therefore: only names the operator listed, only within their scope, only while no agent can act (its ways to a
 * model are closed before the gateway starts and until everything is proven), each secret to one request in that time,
 * under whatever ids, and each answer is in the log before it leaves. OpenClaw asks for all its ids in one request when
 * it starts and when it reloads: a second question is somebody else's, or the first one was, and either way it is an
 * alert. What this cannot do: keep a process that an agent left running from asking first, or hide from the agents'
 * user what OpenClaw holds in its own memory.
 */
export async function serveHandover(
  paths: StatePaths,
  { secrets }: Pick<Config, 'secrets'>,
  owner: UserId | null,
  ports: HandoverPorts,
): Promise<Closable> {
  const closed = oncePerWindow(ports.window)
  let requests = 0
  const answer = async (line: string): Promise<string | null> => {
    const request = ++requests
    return await answerExec(line, { listed: secrets.openclaw, scopes: secrets.scopes }, {
      closed: (name) => closed(name, request),
      get: ports.find,
      record: async (decision) => void (await ports.audit.append(entryOf(decision))),
    })
  }
  const path = socketOf(paths)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    readRequest(socket, answer)
  })
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, owner ? 0o660 : 0o600)
  if (owner) await chown(path, 0, owner.gid)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

type Shut = { rule: string; reason: string }

/** A secret goes to one request, which may want it under several ids: two agents' settings may name the same one. */
function oncePerWindow(window: () => HandoverWindow): (name: string, request: number) => Shut | null {
  const givenTo = new Map<string, number>()
  let opening = -1
  return (name, request) => {
    const now = window()
    if ('closed' in now) return { rule: 'secrets.exec.closed', reason: now.closed }
    if (now.open !== opening) givenTo.clear()
    opening = now.open
    const before = givenTo.get(name)
    if (before !== undefined && before !== request) return { rule: askedTwice, reason: 'asked for before in this window: somebody else than OpenClaw has it, or wants it' }
    givenTo.set(name, request)
    return null
  }
}

const askedTwice = 'secrets.exec.asked-twice'

/**
 * Puts the resolver where OpenClaw accepts it and says how to name it. OpenClaw runs only a plain file of its own
 * user's; so that user could also change it, and it is put there anew at every start.
 * @param node the program that runs OpenClaw
 */
export async function placeResolver(
  paths: StatePaths,
  { plugin, node, owner }: { plugin: string; node: string; owner: UserId | null },
): Promise<HandoverProvider> {
  const command = join(paths.run, 'secret-resolver.mjs')
  await rm(command, { force: true })
  await copyFile(join(plugin, 'secret-resolver.mjs'), command)
  await chmod(command, 0o500)
  if (owner) await chown(command, owner.uid, owner.gid)
  // Its first line asks `env` for node; OpenClaw passes on nothing of its own environment.
  return { source: 'exec', command, args: [socketOf(paths)], env: { PATH: dirname(node) }, jsonOnly: true }
}

/** Beside the plugin's: the gateway's user may enter that folder and write nothing in it. */
export function socketOf(paths: StatePaths): string {
  return join(paths.run, 'secrets.sock')
}

// 256 ids of 256 characters fit in; a request is one line.
const maxRequestBytes = 128 * 1024
// A request comes whole; whoever takes longer is not our resolver.
const requestMs = 5000

function readRequest(socket: Socket, answer: (line: string) => Promise<string | null>): void {
  let text = ''
  socket.setTimeout(requestMs, () => socket.destroy())
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (text.length > maxRequestBytes) return socket.destroy()
    if (end < 0) return
    socket.removeAllListeners('data').pause()
    socket.setTimeout(0) // a store may take its time; the resolver has a deadline of its own
    answer(text.slice(0, end)).then(
      (line) => (line === null ? socket.destroy() : socket.end(`${line}\n`)),
      () => socket.destroy(),
    )
  })
}

function entryOf({ id, allow, rule, reason }: ExecDecision): Parameters<AuditSink['append']>[0] {
  const severity = allow ? 'info' : rule === askedTwice ? 'critical' : 'warning'
  const event_type = rule === askedTwice ? 'alert' : 'auth_event'
  return { event_type, severity, user: 'openclaw', target: `secret ${id}`, decision: allow ? 'allow' : 'deny', rule, reason }
}
