import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Outbox } from './outbox.ts'

/** A socket whose every system call is written down, and which takes more only when told. */
function slowSocket(): { socket: Socket; writes: string[]; take(): void } {
  const writes: string[] = []
  let waiting: (() => void) | null = null
  const socket = new Writable({
    highWaterMark: 65_536,
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.toString('latin1'))
      waiting = done
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => (chunk as Buffer).toString('latin1')).join(''))
      waiting = done
    },
  })
  return { socket: socket as unknown as Socket, writes, take: () => waiting?.() }
}

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

describe('an outbox', () => {
  it('writes what is said in one tick at once, text as latin1, large pieces uncopied', async () => {
    const { socket, writes } = slowSocket()
    const outbox = new Outbox(socket, () => {})
    outbox.add('head \xfc')
    outbox.add(Buffer.from('body'))
    expect(writes).toEqual([])
    await nextTick()
    expect(writes).toEqual(['head \xfcbody'])
    const large = slowSocket()
    const second = new Outbox(large.socket, () => {})
    for (const part of ['head', Buffer.alloc(100_000, 'x'), '\r\n']) second.add(part)
    await nextTick()
    expect(large.writes.map(({ length }) => length)).toEqual([100_006])
  })

  it('has no room while too much waits, and tells once when there is again', async () => {
    const { socket, take } = slowSocket()
    let ready = 0
    const outbox = new Outbox(socket, () => ready++)
    outbox.add(Buffer.alloc(60_000))
    expect(outbox.hasRoom()).toBe(true)
    outbox.add(Buffer.alloc(10_000))
    expect(outbox.hasRoom()).toBe(false)
    await nextTick()
    expect([ready, outbox.hasRoom()]).toEqual([0, false])
    take()
    await nextTick()
    await nextTick()
    expect([ready, outbox.hasRoom()]).toEqual([1, true])
  })

  it('tells nobody who did not ask', async () => {
    const { socket, take } = slowSocket()
    let ready = 0
    const outbox = new Outbox(socket, () => ready++)
    outbox.add(Buffer.alloc(100_000))
    outbox.flush()
    take()
    await nextTick()
    await nextTick()
    expect(ready).toBe(0)
  })
})
