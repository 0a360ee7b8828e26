import { chmod, chown, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Cell } from './cell.ts'

/** The one way out of a cell that has one: a socket behind which is the egress proxy, and nothing else. */
export interface Door {
  close(): Promise<void>
}

// A browser opens some dozens at once. Beyond that somebody counts sockets.
const maxGuests = 256

/** Opens it for the cell's user. What is said through it is judged by the proxy; here it is carried only. */
export async function openDoor(cell: Cell, egress: () => { host: string; port: number }): Promise<Door> {
  const path = join(cell.door, 'egress.sock')
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (guest) => {
    const { host, port } = egress()
    const proxy = connect({ host, port, allowHalfOpen: true })
    for (const [one, other] of [[guest, proxy], [proxy, guest]] as const) {
      open.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.maxConnections = maxGuests
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
  if (cell.user) await chown(path, cell.user.uid, cell.user.gid)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
