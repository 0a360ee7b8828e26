import { chmod, chown, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { messageOf } from '../base/index.ts'
import type { Call } from './call.ts'
import { frame, frameReader, number32, stdinWindowBytes, type Frame } from './frames.ts'
import type { Sandbox } from './open.ts'
import { readRequest, type SandboxRequest } from './request.ts'
import { shimProgram } from './shim-program.ts'

/** Where OpenClaw finds its `ssh`. */
export interface ServedSandbox {
  /** `ssh.command` for OpenClaw. */
  command: string
  close(): Promise<void>
}

/**
 * Answers the shim on a socket beside it. Who may connect is the gateway's user, by the rights of the socket and of
 * its folder. Everything said on it is attacker-controlled; all it can bring about is a program inside a sandbox.
 *
 * @param folder the gateway's user may enter it, and nobody else
 * @param owner the gateway's user; `null` when it is our own
 */
export async function serveSandbox(sandbox: Pick<Sandbox, 'run'>, folder: string, owner: { uid: number; gid: number } | null): Promise<ServedSandbox> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    serveOne(socket, sandbox)
  })
  // As many calls as are allowed at once wait for their turn at the most; others are a flood.
  server.maxConnections = 2048
  const path = join(folder, 'sandbox.sock')
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  const command = join(folder, 'hardshell-ssh')
  await writeFile(command, shimProgram)
  for (const [file, mode] of [[path, owner ? 0o660 : 0o600], [command, owner ? 0o750 : 0o700]] as const) {
    if (owner) await chown(file, process.getuid?.() ?? 0, owner.gid)
    await chmod(file, mode)
  }
  return {
    command,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

// The first frame is what the shim was started with; it is there at once.
const patienceMs = 10_000

function serveOne(socket: Socket, sandbox: Pick<Sandbox, 'run'>): void {
  const read = frameReader()
  let started = false
  let gone = false
  let call: Call | null = null
  let early: Frame[] = []
  const late = setTimeout(() => socket.destroy(), patienceMs)
  socket.on('close', () => {
    gone = true
    clearTimeout(late)
    call?.kill()
  })
  socket.on('data', (chunk: Buffer) => {
    const frames = read(chunk)
    if (frames === null) return void socket.destroy() // not our shim
    for (const one of frames) {
      if (!started) {
        const request = one.type === 'H' ? readRequest(one.payload) : null
        if (request === null) return refuse(socket, 'this is not how OpenClaw calls ssh')
        started = true
        clearTimeout(late)
        begin(sandbox, request, socket).then(
          (made) => {
            call = made
            if (gone) return made.kill()
            for (const frameBefore of early) feed(frameBefore, made, socket)
            early = []
          },
          (error: unknown) => refuse(socket, messageOf(error)),
        )
      } else if (call) feed(one, call, socket)
      else early.push(one) // nothing was allowed yet but the end of stdin
    }
  })
}

async function begin(sandbox: Pick<Sandbox, 'run'>, { cell, command, tty }: SandboxRequest, socket: Socket): Promise<Call> {
  const call = await sandbox.run({ cell, argv: ['/bin/sh', '-c', command], tty })
  socket.write(frame('W', number32(stdinWindowBytes)))
  carry(call, 'stdout', 'O', socket)
  carry(call, 'stderr', 'X', socket)
  void call.ended.then(({ status, said }) => {
    if (socket.destroyed) return
    if (said !== null) socket.write(frame('X', Buffer.from(`hardshell sandbox: ended: ${said}\n`)))
    socket.end(frame('Q', Uint8Array.of(status & 0xff)))
  })
  return call
}

/** What the shim says of stdin. It may send as much as was read before; more is not our shim. */
function feed({ type, payload }: Frame, call: Call, socket: Socket): void {
  if (type === 'E') call.stdin.end()
  else if (type !== 'I' || call.stdin.writableLength + payload.length > 2 * stdinWindowBytes) socket.destroy()
  else call.stdin.write(payload, () => socket.destroyed || socket.write(frame('W', number32(payload.length))))
}

function carry(call: Call, name: 'stdout' | 'stderr', type: string, socket: Socket): void {
  const stream = call[name]
  stream.on('data', (chunk: Buffer) => {
    if (socket.destroyed || socket.write(frame(type, chunk))) return
    stream.pause()
    socket.once('drain', () => stream.resume())
  })
}

function refuse(socket: Socket, why: string): void {
  socket.write(frame('X', Buffer.from(`hardshell sandbox: ${why}\n`)))
  socket.end(frame('Q', Uint8Array.of(255)))
}
