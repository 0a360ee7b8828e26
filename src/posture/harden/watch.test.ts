import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../base/index.ts'
import { TemporaryMachine } from './harden.test.kit.ts'
import type { Site } from './site.ts'
import { watchOf } from './watch.ts'

let machine: TemporaryMachine
let gateway: HttpServer
let sshd: Server
let banner = 'SSH-2.0-OpenSSH_10.0\r\n'
let asked: string[] = []

beforeEach(async () => {
  machine = new TemporaryMachine()
  banner = 'SSH-2.0-OpenSSH_10.0\r\n'
  asked = []
  gateway = createHttp((_, answer) => void answer.writeHead(200).end('{"ok":true}'))
  sshd = createServer((socket) => void socket.on('error', () => undefined).end(banner))
  for (const server of [gateway, sshd]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  machine.write('/home/claw/.openclaw/openclaw.json', `{ gateway: { port: ${(gateway.address() as AddressInfo).port} } }`, 0o600)
})
afterEach(() => {
  gateway.close()
  sshd.close()
  machine.remove()
})

/** A minute passes at every look: what is gone is not waited for. */
function hastyClock(): Clock {
  let now = 0
  return { now: () => now, monotonicMs: () => (now += 60_000) }
}

function site(sshdSays = ''): Site {
  const given = machine.site()
  const host = { ...given.subject.host!, live: true, run: async (command: readonly string[]) => {
    asked.push(command.join(' '))
    return await Promise.resolve(command[0] === 'sshd' ? { status: 0, out: sshdSays, err: '' } : null)
  } }
  return { ...given, subject: { ...given.subject, host, files: host }, session: { user: 'anna', connection: { peer: '203.0.113.7', address: '127.0.0.1', port: (sshd.address() as AddressInfo).port } } }
}

describe('what people use', () => {
  it('answers, and is not missed while it does', async () => {
    const watch = watchOf(site('port 22\npasswordauthentication yes\n'), hastyClock())
    const before = await watch.answers()
    expect(before).toMatchObject({ gateway: true, ssh: true })
    expect(await watch.lost(before, 'ssh')).toBe(null)
    expect(asked).toEqual(['sshd -T -C user=anna,host=203.0.113.7,addr=203.0.113.7'])
    expect(await watch.lost(before, 'gateway')).toBe(null)
  })

  it('is missed when it is gone, and only by a part that could have done it', async () => {
    const watch = watchOf(site(), hastyClock())
    const before = await watch.answers()
    gateway.close()
    gateway.closeAllConnections()
    sshd.close()
    expect(await watch.lost(before, 'ssh')).toBe('sshd does not answer any more')
    expect(await watch.lost(before, 'gateway')).toMatch(/^the gateway does not answer any more on port \d+$/)
    expect(await watch.lost(before, 'logrotate')).toBe(null)
  })

  it('is not missed when it never answered', async () => {
    const watch = watchOf(site(), hastyClock())
    gateway.close()
    sshd.close()
    const before = await watch.answers()
    expect(before).toEqual({ gateway: false, ssh: false, channels: null })
    expect(await watch.lost(before, 'ssh')).toBe(null)
    expect(await watch.lost(before, 'gateway')).toBe(null)
  })

  it('counts as gone when something else than sshd has the port', async () => {
    banner = 'HTTP/1.1 400 Bad Request\r\n'
    expect(await watchOf(site(), hastyClock()).answers()).toMatchObject({ ssh: false })
  })

  it("is missed when sshd's own word shuts the person out", async () => {
    const watch = watchOf(site('port 22\npasswordauthentication yes\nallowusers root\nallowusers bob\n'), hastyClock())
    expect(await watch.lost(await watch.answers(), 'ssh')).toBe('sshd would not let anna in: AllowUsers does not name them')
  })
})
