import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { Agent, request } from 'undici'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { goodOrigin, openTlsOrigin, originKinds, trustedPem, type TlsOrigin } from '../../tests/fakes/tls-origins.ts'
import { createAuthority } from '../../tests/fakes/certificates.ts'
import { createOutboundTls, explainTlsFailure, type Clock, type OutboundTls } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'hs-tls-'))
const bundle = join(folder, 'bundle.pem')
writeFileSync(bundle, trustedPem, { mode: 0o644 })
afterAll(() => rmSync(folder, { recursive: true }))

let origin: TlsOrigin | undefined
afterEach(async () => {
  await origin?.close()
})

const tls = createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3', caBundle: bundle })

type Way = (port: number, tls: OutboundTls) => Promise<string>

const ways: Record<string, Way> = {
  'a socket': (port, { options }) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: 'localhost', port, servername: 'localhost', ...options() }, () => {
        socket.destroy()
        resolve('ok')
      })
      socket.on('error', reject)
    }),
  'a client of undici': async (port, { connector }) => {
    const dispatcher = new Agent({ connect: connector({ timeoutMs: 5000 }) })
    try {
      return await (await request(`https://localhost:${port}/`, { dispatcher })).body.text()
    } finally {
      await dispatcher.destroy()
    }
  },
  'an agent of node:https': (port, { agent }) =>
    new Promise((resolve, reject) => {
      const own = agent()
      const end = (settle: () => void): void => {
        own.destroy()
        settle()
      }
      httpsRequest({ host: 'localhost', port, agent: own }, (reply) => {
        reply.on('data', () => {}).on('end', () => end(() => resolve('ok')))
      })
        .on('error', (error) => end(() => reject(error)))
        .end()
    }),
}

const answerOf = async (way: Way, port: number, over: OutboundTls): Promise<string | null> =>
  await way(port, over).catch((error: unknown) => explainTlsFailure(error)?.kind ?? String(error))

describe.each(Object.entries(ways))('through %s', (_name, way) => {
  it.each(originKinds)('an origin $what: $refused', async ({ options, refused }) => {
    origin = await openTlsOrigin(options())
    expect(await answerOf(way, origin.port, tls)).toBe(refused ?? 'ok')
    if (refused !== null) expect(origin.requests).toEqual([])
  })

  it('the environment has no say', async () => {
    origin = await openTlsOrigin(originKinds.find(({ refused }) => refused === 'self-signed')!.options())
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(await answerOf(way, origin.port, tls)).toBe('self-signed')
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })
})

describe('versions', () => {
  it.each([
    { offered: ['TLSv1.2', 'TLSv1.2'], settings: { minVersion: '1.3', preferredVersion: '1.3' }, answer: 'old-version' },
    { offered: ['TLSv1.3', 'TLSv1.3'], settings: { minVersion: '1.2', preferredVersion: '1.2' }, answer: 'old-version' },
    { offered: ['TLSv1.2', 'TLSv1.3'], settings: { minVersion: '1.2', preferredVersion: '1.2' }, answer: 'TLSv1.2' },
    { offered: ['TLSv1.2', 'TLSv1.3'], settings: { minVersion: '1.2', preferredVersion: '1.3' }, answer: 'TLSv1.3' },
  ] as const)('$settings with a server of $offered: $answer', async ({ offered: [minVersion, maxVersion], settings, answer }) => {
    origin = await openTlsOrigin({ ...goodOrigin('localhost'), minVersion, maxVersion })
    const { options } = createOutboundTls({ ...settings, caBundle: bundle })
    const spoken = await new Promise((resolve) => {
      const socket = connect({ host: 'localhost', port: origin!.port, ...options() }, () => {
        resolve(socket.getProtocol())
        socket.destroy()
      })
      socket.on('error', (error) => resolve(explainTlsFailure(error)?.kind))
    })
    expect(spoken).toBe(answer)
  })

  it('without a bundle those authorities count that Node carries, and no others', () => {
    process.env['NODE_EXTRA_CA_CERTS'] = bundle
    try {
      const own = createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' })
      expect(own.authorities().length).toBeGreaterThan(50)
      expect(own.authorities()).not.toContain(trustedPem)
    } finally {
      delete process.env['NODE_EXTRA_CA_CERTS']
    }
  })
})

describe('a bundle that changes', () => {
  const written = join(folder, 'changing.pem')
  const events: string[] = []
  let nowMs = 0
  const clock: Clock = { now: () => Date.now(), monotonicMs: () => nowMs }
  const put = (text: string): void => {
    writeFileSync(written, text, { mode: 0o644 })
    nowMs += 5_000
  }

  it('counts for the next connection, and a broken one leaves that of before in force', async () => {
    put(createAuthority('nobody').cert)
    const following = createOutboundTls(
      { minVersion: '1.2', preferredVersion: '1.3', caBundle: written },
      { clock, report: ({ ok, reason }) => void events.push(`${ok} ${reason}`) },
    )
    origin = await openTlsOrigin(goodOrigin('localhost'))
    const ask = async (): Promise<string | null> => await answerOf(ways['a client of undici']!, origin!.port, following)
    expect(await ask()).toBe('unknown-authority')
    put(trustedPem)
    expect(await ask()).toBe('ok')
    put('')
    expect(await ask()).toBe('ok')
    expect(events).toHaveLength(3)
    expect(events[1]).toMatch(/^true .*was read anew/)
    expect(events[2]).toMatch(/^false .*the file is empty; the authorities of before stay in force/)
    put(createAuthority('nobody else').cert)
    expect(await ask()).toBe('unknown-authority')
  })
})
