import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from './call.ts'
import { frame } from './frames.ts'
import { serveSandbox, type ServedSandbox } from './serve.ts'

// Whoever runs as OpenClaw's user may say to this socket what it likes.
let run: string
let served: ServedSandbox
let start: () => Promise<Call>
let killed: Promise<void>
let wasKilled: () => void

beforeEach(async () => {
  run = mkdtempSync(join(tmpdir(), 'hardshell-serve-'))
  killed = new Promise((resolve) => (wasKilled = resolve))
  start = () => Promise.resolve(program())
  served = await serveSandbox({ run: () => start() }, { folder: run, owner: null }, () => undefined)
  served.admit(['main'])
})
afterEach(async () => {
  await served.close()
  rmSync(run, { recursive: true })
})

/** A program that reads all of its stdin and says nothing. */
function program(): Call {
  const stdin = new Writable({ write: (_chunk, _encoding, done) => done() })
  return { stdin, stdout: new PassThrough(), stderr: new PassThrough(), kill: () => wasKilled(), ended: new Promise(() => undefined) }
}

function line(): { socket: Socket; closed: Promise<void> } {
  const socket = connect(join(run, 'sandbox.sock'))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(frame('H', Buffer.from('main\0host\0cat')))
  return { socket, closed }
}

/** Sends one frame over and over and reads nothing. @returns true when it was cut off, false when all was taken */
async function flood({ socket, closed }: ReturnType<typeof line>, bytes: Buffer, megabytes: number): Promise<boolean> {
  socket.pause()
  const many = Buffer.concat(Array.from({ length: 4096 }, () => bytes))
  for (let sent = 0; !socket.destroyed; sent += many.length) {
    if (sent > megabytes * 1024 * 1024) return false
    await new Promise<void>((resolve) => socket.write(many, () => resolve()))
  }
  await closed
  return true
}

describe('a line that is not our shim', () => {
  it('is cut off when it sends stdin before any was allowed, so that nothing is kept for a program that may never come', async () => {
    start = () => new Promise(() => undefined)
    expect(await flood(line(), frame('I', Buffer.alloc(1024)), 64)).toBe(true)
  })

  it('is cut off when it sends stdin of no bytes, which would be answered for ever', async () => {
    const { socket, closed } = line()
    await new Promise<void>((resolve) => socket.once('data', () => resolve()))
    socket.write(frame('I'))
    await closed
    expect(await killed).toBeUndefined()
  })

  it('is cut off with its program when it sends on and never reads what it may send', async () => {
    expect(await flood(line(), frame('I', Buffer.from('x')), 16)).toBe(true)
    expect(await killed).toBeUndefined()
  })

  it('is heard no more after a refusal, and asked nothing twice', async () => {
    let asked = 0
    start = () => Promise.reject(new Error(`no. ${++asked}`))
    const { socket } = line()
    let heard = ''
    socket.on('data', (chunk) => (heard += String(chunk)))
    await new Promise<void>((resolve) => socket.once('end', () => resolve()))
    expect(heard).toContain('hardshell sandbox: no. 1')
    expect(asked).toBe(1)
  })

  it('ends the stdin of its program also when that end came first', async () => {
    const begun = Promise.withResolvers<Call>()
    const made = program()
    start = () => begun.promise
    const { socket } = line()
    socket.write(frame('E'))
    const over = new Promise<void>((resolve) => made.stdin.once('finish', () => resolve()))
    begun.resolve(made)
    await over
    expect(made.stdin.writableEnded).toBe(true)
    socket.destroy()
  })
})
