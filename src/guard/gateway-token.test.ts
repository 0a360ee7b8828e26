import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HardshellError, Secret } from '../base/index.ts'
import { applyChanges, type Change } from '../openclaw/index.ts'
import type { RotationOutcome } from '../secrets/index.ts'
import { createGatewayToken, gatewayTokenName } from './gateway-token.ts'
import { journalIn, withOwnToken } from './gateway-token-file.ts'
import { statePaths } from './paths.ts'
import { createRotations, type RotationInput, type Rotations } from './rotation.ts'

const first = ['the', 'first', 'token'].join('-')
let server: Server
let port: number
/** What outlives a guard: the drawer, the file, and the token the gateway honors. */
let disk: { drawer: Map<string, Secret>; file: string; gateway: string; asked: string[] }

beforeEach(async () => {
  disk = { drawer: new Map([[gatewayTokenName, new Secret(first)]]), file: first, gateway: first, asked: [] }
  server = createServer((request, reply) => {
    const presented = (request.headers.authorization ?? '').replace('Bearer ', '')
    disk.asked.push(presented)
    reply.writeHead(presented === disk.gateway ? 200 : 401).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => await new Promise((resolve) => server.close(resolve)))

interface Trouble {
  /** The guard dies at its nth effect, before or after it has happened. */
  diesAt?: number
  before?: boolean
  /** The gateway never reads its file. */
  deaf?: boolean
  down?: boolean
}

/** A guard on what the disk holds: its start writes the drawer's token into the file, and the gateway reads that. */
function startGuard({ diesAt = Infinity, before = true, deaf = false, down = false }: Trouble = {}) {
  let effects = 0
  const effect = (work: () => void): void => {
    effects++
    if (effects > diesAt || (effects === diesAt && before)) throw new Error('the guard died here')
    work()
    if (effects === diesAt) throw new Error('the guard died here')
  }
  const token = createGatewayToken(disk.drawer.get(gatewayTokenName)!)
  disk.gateway = disk.file = token.current.reveal()
  const local = { get: async (name: string) => disk.drawer.get(name) ?? null, put: async (name: string, secret: Secret) => effect(() => void disk.drawer.set(name, secret)) }
  const gateway = {
    port,
    ready: () => !down,
    takeToken: async (fresh: Secret) => {
      effect(() => void (disk.file = fresh.reveal()))
      if (!deaf) disk.gateway = disk.file
      if (disk.gateway !== disk.file) throw new HardshellError('guard.gateway-token', 'the gateway does not take its new token')
    },
  }
  const input = { config: { rotation: {} }, secrets: { local, stores: [] }, log: { append: async () => {} }, model: { active: () => [] }, providerKeys: new Map(), keys: { gateway: token }, gateway, onRotated: async () => {} }
  const rotations = createRotations(input as unknown as RotationInput)
  return { rotations, token, effects: () => effects }
}

const rotate = async (rotations: Rotations, name = gatewayTokenName): Promise<RotationOutcome> => (await rotations.rotate([name], 'ana', null))[0]!
const openRecords = async (): Promise<unknown[]> => await journalIn({ get: async (name) => disk.drawer.get(name) ?? null, put: async () => {} }).open()

describe("the rotation of OpenClaw's own token", () => {
  it.each([gatewayTokenName, gatewayTokenName.toLowerCase()])('ends with one token in drawer, file, gateway and in use, and the old one refused (asked for as %s)', async (name) => {
    const { rotations, token } = startGuard()
    expect(await rotate(rotations, name)).toMatchObject({ state: 'rotated', detail: 'the new key is accepted, the old one refused' })
    expect(disk.gateway).not.toBe(first)
    expect([disk.drawer.get(gatewayTokenName)!.reveal(), disk.file, token.current.reveal()]).toEqual([disk.gateway, disk.gateway, disk.gateway])
    expect(disk.asked.at(-1)).toBe(first)
    expect(await openRecords()).toEqual([])
  })

  it('is one of all, and told before it is done', async () => {
    const { rotations } = startGuard()
    expect(rotations.names()).toEqual([gatewayTokenName])
    const [plan] = await rotations.plan(rotations.names())
    expect(plan).toMatchObject({ name: gatewayTokenName, issuer: 'openclaw_gateway', store: 'local' })
    expect(plan!.steps.join('\n')).toMatch(/new requests wait at the front door[\s\S]*old one put back[\s\S]*gateway refuses the old one/)
    expect(disk.gateway).toBe(first)
  })

  it('goes back in drawer and file when the gateway does not take the new one', async () => {
    const { rotations, token } = startGuard({ deaf: true })
    expect(await rotate(rotations)).toEqual({ state: 'rolled-back', name: gatewayTokenName, detail: 'the gateway does not take its new token; the old key is back in use' })
    expect([disk.drawer.get(gatewayTokenName)!.reveal(), disk.file, token.current.reveal()]).toEqual([first, first, first])
    expect(await openRecords()).toEqual([])
  })

  it('is not begun while the gateway is down, and nobody on its port is shown a token', async () => {
    const { rotations } = startGuard({ down: true })
    expect(await rotate(rotations)).toMatchObject({ state: 'refused', detail: expect.stringContaining('the gateway does not run right now') })
    expect(disk.asked).toEqual([])
  })

  it.each([true, false])('is taken up after the guard died at every effect (before it happened: %s), with one token everywhere', async (before) => {
    for (const deaf of [false, true]) {
      Object.assign(disk, { drawer: new Map([[gatewayTokenName, new Secret(first)]]) })
      const whole = startGuard({ deaf })
      await rotate(whole.rotations)
      for (let diesAt = 1; diesAt <= whole.effects(); diesAt++) {
        Object.assign(disk, { drawer: new Map([[gatewayTokenName, new Secret(first)]]), file: first, gateway: first })
        const dying = startGuard({ diesAt, before, deaf })
        await rotate(dying.rotations).catch(() => {})
        const { rotations, token } = startGuard()
        await rotations.resume()
        expect({ diesAt, deaf, open: await openRecords() }).toEqual({ diesAt, deaf, open: [] })
        const held = [disk.drawer.get(gatewayTokenName)!, token.current].map((secret) => secret.reveal())
        expect({ diesAt, deaf, held: [...held, disk.file] }).toEqual({ diesAt, deaf, held: [disk.gateway, disk.gateway, disk.gateway] })
      }
    }
  })
})

describe('whoever presents the token', () => {
  it('waits while the gateway changes over, and then presents the new one', async () => {
    const token = createGatewayToken(new Secret('old'))
    const change = Promise.withResolvers<void>()
    const replacing = token.replace(new Secret('new'), () => change.promise)
    let settled: string | null = null
    const asking = token.settled().then((secret) => (settled = secret.reveal()))
    await new Promise((resolve) => setImmediate(resolve))
    expect(settled).toBeNull()
    change.resolve()
    await Promise.all([replacing, asking])
    expect(settled).toBe('new')
  })

  it('goes on with the old one when the change fails', async () => {
    const token = createGatewayToken(new Secret('old'))
    await expect(token.replace(new Secret('new'), async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await token.settled()).reveal()).toBe('old')
  })
})

describe('a start that finds another token in an adopted file', () => {
  const other = ['the', 'second', 'token'].join('-')

  async function adopted(cutOff: boolean, more: Change[] = []) {
    const root = mkdtempSync(join(tmpdir(), 'guard-token-'))
    const paths = statePaths(join(root, 'state'))
    const configFile = join(root, 'openclaw/openclaw.json')
    for (const folder of [paths.guard, join(root, 'openclaw')]) mkdirSync(folder, { recursive: true })
    const before = `{ gateway: { auth: { mode: "token", token: "${first}" } } }\n`
    writeFileSync(configFile, before)
    const installation = { configFile, stateDirectory: join(root, 'openclaw'), home: root }
    const { uid, gid } = statSync(configFile)
    writeFileSync(paths.adoption, JSON.stringify({ installation, owner: { uid, gid }, sha256After: 'of something else' }))
    const drawer = new Map<string, Secret>()
    const local = { get: async (name: string) => drawer.get(name) ?? null, put: async (name: string, secret: Secret) => void drawer.set(name, secret) }
    if (cutOff) {
      const record = { id: '1', name: gatewayTokenName, issuer: 'openclaw_gateway', step: 'stored', startedAt: '', by: 'ana', oldKeyId: null, newKeyId: null, old: new Secret(first), fresh: new Secret(other), failure: null, revokedByHand: false } as const
      await journalIn(local).save(record)
    }
    const changes: Change[] = [{ at: ['gateway', 'auth', 'token'], from: first, to: other }, ...more]
    const plan = { adopted: true, installation, input: { paths, user: null, secrets: { local } } }
    return { plan, configFile, overlaid: { before, after: applyChanges(before, changes), changes } }
  }

  it('writes the one of a rotation that was cut off, and has nothing left to change', async () => {
    const { plan, configFile, overlaid } = await adopted(true)
    expect((await withOwnToken(plan as never, overlaid)).changes).toEqual([])
    expect(readFileSync(configFile, 'utf8')).toContain(other)
  })

  it.each([
    ['no rotation is unfinished', false, []],
    ['something else differs too', true, [{ at: ['gateway', 'port'], from: undefined, to: 1 }]],
  ])('leaves the file and the refusal alone when %s', async (_, cutOff, more) => {
    const { plan, configFile, overlaid } = await adopted(cutOff, more)
    expect(await withOwnToken(plan as never, overlaid)).toBe(overlaid)
    expect(readFileSync(configFile, 'utf8')).toBe(overlaid.before)
  })
})
