import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../../base/index.ts'
import { openAuthority, readAuthority, type Authority } from './authority.ts'

let folder: string
beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), 'hs-authority-')), 'inside')))
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

let nowMs = Date.now()
const ports = { clock: { now: () => nowMs, monotonicMs: () => 0 }, random: systemRandom }
const open = (...domains: string[]): Promise<Authority> => openAuthority(folder, domains, ports)

/** What a client that trusts the authority makes of a certificate of it. */
async function judged({ certificate, issue }: Authority, host: string, servername = host): Promise<string> {
  const server = createServer(issue(host), (socket) => socket.end())
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername, ca: certificate }, () => settle('trusted'))
    const settle = (what: string): void => {
      socket.destroy()
      server.close(() => resolve(what))
    }
    socket.on('error', (error) => settle(error.message))
  })
}

describe('the authority', () => {
  it('is trusted for the names it was made for, and what is below them', async () => {
    const authority = await open('api.example.com', 'wild.example.org')
    expect(await judged(authority, 'api.example.com')).toBe('trusted')
    expect(await judged(authority, 'a.b.wild.example.org')).toBe('trusted')
  })

  it.each(['other.example.com', 'example.com', 'notwild.example.org', '127.0.0.1', '::1'])('is not trusted for another name or an address, though it signs one: %s', async (name) => {
    expect(await judged(await open('api.example.com', 'wild.example.org'), name, name === '127.0.0.1' || name === '::1' ? 'localhost' : name)).toMatch(/subtree violation|excluded/)
  })

  it('keeps key and certificate over a restart', async () => {
    const first = await open('api.example.com')
    nowMs += 1000
    expect((await open('api.example.com')).certificate).toBe(first.certificate)
    expect(readAuthority(folder)).toBe(first.certificate)
  })

  it('gets a new certificate for the same key when the names change, or its time runs out', async () => {
    const first = new X509Certificate((await open('api.example.com')).certificate)
    const second = new X509Certificate((await open('api.example.com', 'more.example.com')).certificate)
    expect(second.publicKey.equals(first.publicKey)).toBe(true)
    expect(second.fingerprint256).not.toBe(first.fingerprint256)
    nowMs += 3500 * 86_400_000
    const third = new X509Certificate((await open('api.example.com', 'more.example.com')).certificate)
    nowMs = Date.now()
    expect(third.fingerprint256).not.toBe(second.fingerprint256)
  })

  it('vouches for a day, as a server, and for no authority', async () => {
    const authority = await open('api.example.com')
    const leaf = new X509Certificate(authority.issue('api.example.com').cert)
    expect(leaf.validToDate.getTime() - nowMs).toBeLessThanOrEqual(86_400_000)
    expect([leaf.ca, leaf.keyUsage, leaf.subjectAltName]).toEqual([false, ['1.3.6.1.5.5.7.3.1'], 'DNS:api.example.com'])
    const root = new X509Certificate(authority.certificate)
    expect([root.ca, leaf.checkIssued(root), leaf.verify(root.publicKey)]).toEqual([true, true, true])
  })

  it('keeps its key to its own user', async () => {
    await open('api.example.com')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'authority.key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, 'authority.key'), 'utf8')).toContain('PRIVATE KEY')
  })

  it('does not work with a key or a folder others can read, or a damaged one', async () => {
    await open('api.example.com')
    chmodSync(join(folder, 'authority.key'), 0o640)
    await expect(open('api.example.com')).rejects.toMatchObject({ code: 'egress.bad-authority', message: expect.stringContaining('authority.key is open to others') })
    chmodSync(join(folder, 'authority.key'), 0o600)
    chmodSync(folder, 0o750)
    await expect(open('api.example.com')).rejects.toMatchObject({ message: expect.stringContaining('is open to others') })
    chmodSync(folder, 0o700)
    writeFileSync(join(folder, 'authority.key'), 'nonsense', { mode: 0o600 })
    await expect(open('api.example.com')).rejects.toMatchObject({ message: expect.stringContaining('holds no private key') })
  })
})
