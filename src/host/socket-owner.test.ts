import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { usersOfPort } from './index.ts'

describe.runIf(process.platform === 'linux')('the users at a port', () => {
  it.each(['udp4', 'udp6'] as const)('are told of a %s socket while it is open', async (type) => {
    const socket = createSocket(type)
    await new Promise<void>((resolve) => socket.bind(0, () => resolve()))
    const { port } = socket.address()
    expect(usersOfPort('udp', port)).toEqual([process.getuid!()])
    await new Promise<void>((resolve) => socket.close(() => resolve()))
    expect(usersOfPort('udp', port)).toEqual([])
  })

  it('are told of TCP apart from UDP', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect([usersOfPort('tcp', port), usersOfPort('udp', port)]).toEqual([[process.getuid!()], []])
    await new Promise((resolve) => server.close(resolve))
  })
})
