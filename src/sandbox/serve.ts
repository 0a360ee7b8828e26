import { chmod, chown, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { HardshellError, messageOf } from '../base/index.ts'
import type { Call } from './call.ts'
import { frame, frameReader, number32, stdinWindowBytes, type Frame } from './frames.ts'
import type { Sandbox } from './open.ts'
import { readRequest, type SandboxRequest } from './request.ts'
import { shimProgram } from './shim-program.ts'
import { uploadTurns, type UploadTurns } from './upload-turns.ts'

/** Where OpenClaw finds its `ssh`. */
export interface ServedSandbox {
  /** `ssh.command` for OpenClaw. */
  command: string
  /**
   * From now on these have a sandbox, and nobody else: each new name would be given a user and folders for ever, of which
   * there are 256. Before it was called nobody has one.
   */
  admit(names: readonly string[]): void
  close(): Promise<void>
}

/**
 * Answers the shim on a socket beside it. Who may connect is the gateway's user, by the rights of the socket and of
 * its folder. Everything said on it is attacker-controlled; all it can bring about is a program inside a sandbox.
 *
 * @param at.folder the gateway's user may enter it, and nobody else
 * @param at.owner the gateway's user; `null` when it is our own
 * @param onStranger told of a name that was asked for and is nobody's
 */
export async function serveSandbox(sandbox: Pick<Sandbox, 'run'>, { folder, owner }: { folder: string; owner: { uid: number; gid: number } | null }, onStranger: (name: string) => void): Promise<ServedSandbox> {
  let admitted: ReadonlySet<string> = new Set()
  const run: Sandbox['run'] = async (what) => {
    if (admitted.has(what.cell)) return await sandbox.run(what)
    onStranger(what.cell)
    throw new HardshellError('sandbox.refused', `no agent of this installation has the sandbox ${what.cell}`, { hint: 'an agent that is new has one of its own after the next start of the guard' })
  }
  const open = new Set<Socket>()
  const turns = uploadTurns()
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    serveOne(socket, { run }, turns)
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
    admit: (names) => void (admitted = new Set(names.map((name) => name.toLowerCase()))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

// The first frame is what the shim was started with; it is there at once.
const patienceMs = 10_000

function serveOne(socket: Socket, sandbox: Pick<Sandbox, 'run'>, turns: UploadTurns): void {
  const read = frameReader()
  let started = false
  let gone = false
  let call: Call | null = null
  let over = false // the end of stdin came before the program
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
      if (socket.destroyed || socket.writableEnded) return // answered already: what else is said is nobody's
      if (!started) {
        const request = one.type === 'H' ? readRequest(one.payload) : null
        if (request === null) return refuse(socket, 'this is not how OpenClaw calls ssh')
        started = true
        clearTimeout(late)
        inTurn(turns, request, async () => await begin(sandbox, request, socket)).then(
          (made) => {
            call = made
            if (gone) return made.kill()
            if (over) made.stdin.end()
          },
          (error: unknown) => refuse(socket, messageOf(error)),
        )
      } else if (call) feed(one, call, socket)
      else if (one.type === 'E') over = true
      else socket.destroy() // nothing was allowed yet but the end of stdin
    }
  })
}

async function inTurn(turns: UploadTurns, { cell, command }: SandboxRequest, start: () => Promise<Call>): Promise<Call> {
  const end = await turns.take(cell, command)
  try {
    const call = await start()
    void call.ended.then(end)
    return call
  } catch (error) {
    end()
    throw error
  }
}

async function begin(sandbox: Pick<Sandbox, 'run'>, { cell, command, tty }: SandboxRequest, socket: Socket): Promise<Call> {
  const call = await sandbox.run({ cell, argv: ['/bin/sh', '-c', command], tty })
  socket.write(frame('W', number32(stdinWindowBytes)))
  carry(call, 'stdout', 'O', socket)
  carry(call, 'stderr', 'X', socket)
  void call.ended.then(({ status, said }) => {
    if (socket.destroyed) return
    if (said !== null) socket.write(frame('X', Buffer.from(`hardshell sandbox: ended: ${said}\n`)))
    hangUp(socket, status & 0xff)
  })
  return call
}

/**
 * What the shim says of stdin. It may send as much as was read before; more is not our shim. Neither is who sends and
 * never reads what it may send: our words to it would pile up in the guard.
 */
function feed({ type, payload }: Frame, call: Call, socket: Socket): void {
  if (type === 'E') call.stdin.end()
  else if (type !== 'I' || payload.length === 0 || socket.writableLength > 2 * stdinWindowBytes || call.stdin.writableLength + payload.length > 2 * stdinWindowBytes) socket.destroy()
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
  hangUp(socket, 255)
}

// A while later also on who does not hang up itself: a line that stays open takes the place of another call. Not at
// once: our shim may be sending stdin still and has not read the answer.
function hangUp(socket: Socket, status: number): void {
  socket.end(frame('Q', Uint8Array.of(status)), () => setTimeout(() => socket.destroy(), patienceMs).unref())
}
