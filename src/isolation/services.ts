import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Targets } from './attempts/attempt.ts'

/** Services of root that nobody else knows of, for attempts to aim at. */
export interface Services {
  ports: Targets['services']
  /** Stand-ins for the guard's doors, where no guard runs. */
  doors: readonly number[]
  socket: string
  secretFile: string
  folder: string
  heard(nonce: string): boolean
  close(): Promise<void>
}

/**
 * @param ownAddress address of this machine on the cable to the witness, or `null`
 * @param machineAddresses further addresses of it, each with a service of its own; link-local ones with their device
 */
export async function openServices(ownAddress: string | null, machineAddresses: readonly string[]): Promise<Services> {
  const heard = new Set<string>()
  const note = (chunk: Buffer): void => void heard.add(chunk.toString('latin1').slice(0, 64))
  const ends: (() => Promise<unknown>)[] = []
  const listen = async (where: { host: string; port: number } | { path: string }): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('data', note)
      socket.on('error', () => undefined)
      socket.setTimeout(5000, () => socket.destroy())
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve))
    ends.push(() => new Promise((resolve) => server.close(resolve)))
    return (server.address() as AddressInfo).port
  }
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-verify-'))
  chmodSync(folder, 0o700)
  ends.push(async () => rmSync(folder, { recursive: true, force: true }))
  const secretFile = join(folder, 'backup-of-secrets.json')
  writeFileSync(secretFile, '{}\n', { mode: 0o600 })
  const socket = join(folder, 'control.sock')
  await listen({ path: socket })
  const receive = async ({ host, port }: { host: string; port: number }): Promise<number> => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.on('message', note)
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, host, resolve))
    ends.push(async () => socket.close())
    return socket.address().port
  }
  const any = (host: string): Promise<number> => listen({ host, port: 0 }).catch(() => 9) // no IPv6 here: discard, RFC 863
  const machine = await Promise.all(machineAddresses.map(async (host) => ({ host, tcp: await whenReady(host, listen), udp: await whenReady(host, receive) })))
  const ports = {
    tcp4: await any('127.0.0.1'),
    tcp6: await any('::1'),
    udp4: await receive({ host: '127.0.0.1', port: 0 }),
    otherLoopback: await any('127.77.0.1'),
    ownAddress: ownAddress === null ? 9 : await any(ownAddress),
    machine,
  }
  const doors = [await any('127.0.0.1'), await any('127.0.0.1')]
  const close = async (): Promise<void> => {
    await Promise.all(ends.map((end) => end()))
  }
  return { ports, doors, socket, secretFile, folder, heard: (nonce) => heard.has(nonce), close }
}

// A link-local address of IPv6 is not in use before nobody else has claimed it: one second (RFC 4862, section 5.1), more on a busy machine.
const claimedMs = 5000

async function whenReady(host: string, open: (where: { host: string; port: number }) => Promise<number>): Promise<number> {
  for (let waitedMs = 0; waitedMs < claimedMs; waitedMs += 200) {
    const port = await open({ host, port: 0 }).catch(() => null)
    if (port !== null) return port
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return 9 // discard, RFC 863
}
