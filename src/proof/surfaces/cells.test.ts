import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cellsSurface, type NeighborTargets } from './cells.ts'

let folder: string
let server: Server
/** What the neighbor's doors answer; every door is this one server. */
let answer = 401
const key = ['hs', 'vk', 'x'.repeat(43)].join('_')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-cross-'))
  writeFileSync(join(folder, 'openclaw.json'), `{ apiKey: "${key}" }`)
  answer = 401
  server = createServer((_, reply) => reply.writeHead(answer).end())
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true })
})

const run = async (program: string, args: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, ['-e', program, ...args])).stdout

function surface(neighbor: Partial<NeighborTargets> = {}, ownConfig = join(folder, 'openclaw.json'), separated = true, guardUid = process.getuid?.() ?? -1) {
  const { port } = server.address() as AddressInfo
  const whole: NeighborTargets = { name: 'team-b', paths: [join(folder, 'nothing-there')], ports: { ingress: port, model: port, egress: port, gateway: port, dns: 9 }, pids: [], ...neighbor }
  return cellsSurface({ separated, ownConfig, guardUid, neighbors: () => [whole], runAsGateway: run }).prove('nonce', AbortSignal.timeout(20_000))
}

describe('the proof of the walls between cells', () => {
  it('holds when every door turns the keys of this cell away and nothing can be read', async () => {
    expect(await surface()).toEqual({ ok: true, detail: '1 other cell was tried with 1 keys of this one, at 3 doors of their guards: nothing was possible' })
  })

  it('is broken when a file of a neighbor can be read', async () => {
    expect(await surface({ paths: [folder] })).toMatchObject({ ok: false, detail: expect.stringContaining(`read ${folder}`) })
  })

  it('is broken when a neighbor takes a key of this cell', async () => {
    answer = 200
    expect(await surface()).toMatchObject({ ok: false, detail: expect.stringContaining('use the model of team-b with a key of this cell') })
  })

  it('tells no key to whoever sits on the address of a neighbor and is no guard', async () => {
    const heard: string[] = []
    server.on('request', ({ headers }) => heard.push(headers.authorization ?? ''))
    expect(await surface({}, join(folder, 'openclaw.json'), true, 4_242)).toMatchObject({ ok: true })
    expect(heard).toEqual(Array.from({ length: 3 }, () => 'Bearer hs_tok_nonce'))
    answer = 200
    expect(await surface({}, join(folder, 'openclaw.json'), true, 4_242)).toMatchObject({ ok: false })
    expect(heard.join()).not.toContain(key)
  })

  it('is broken when the way out of a neighbor speaks with strangers', async () => {
    server.removeAllListeners('connect').on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    expect(await surface()).toMatchObject({ ok: false, detail: expect.stringContaining('speak with the way out of team-b') })
  })

  it('is broken when the DNS filter of a neighbor answers, whatever it answers', async () => {
    const filter = createSocket('udp4').on('message', (question, from) => filter.send(question, from.port, from.address))
    await new Promise<void>((resolve) => filter.bind(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await surface({ ports: { ingress: port, model: port, egress: port, gateway: port, dns: filter.address().port } })).toMatchObject({ ok: false, detail: expect.stringContaining('ask the DNS filter of team-b') })
    filter.close()
  })

  it('is broken when a process of a neighbor can be signaled', async () => {
    expect(await surface({ pids: [process.pid] })).toMatchObject({ ok: false, detail: expect.stringContaining(`signal process ${process.pid} of team-b`) })
  })

  it('means nothing without a key to try, and cannot hold without a user of its own', async () => {
    writeFileSync(join(folder, 'empty.json'), '{}')
    expect(await surface({}, join(folder, 'empty.json'))).toMatchObject({ ok: false, detail: expect.stringContaining('found no key') })
    expect(await surface({}, join(folder, 'openclaw.json'), false)).toMatchObject({ ok: false, detail: expect.stringContaining('share a user') })
  })

  it('is on no list without neighbors', () => {
    expect(cellsSurface({ separated: true, ownConfig: '', guardUid: 0, neighbors: () => [], runAsGateway: run }).applies!()).toBe(false)
  })
})
