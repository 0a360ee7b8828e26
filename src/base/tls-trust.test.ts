import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createAuthority, selfSigned } from '../../tests/fakes/certificates.ts'
import { enforceTlsEnvironment } from './tls-environment.ts'
import { readTrust } from './tls-trust.ts'

const folder = mkdtempSync(join(tmpdir(), 'hs-trust-'))
afterAll(() => rmSync(folder, { recursive: true }))

const authority = createAuthority('good authority')
const old = createAuthority('old authority', { fromDays: -20, toDays: -1 })
const server = authority.issue({ names: ['a.example'], subject: 'a server' })

const read = (text: string): ReturnType<typeof readTrust> => {
  const path = join(folder, 'bundle.pem')
  writeFileSync(path, text, { mode: 0o644 })
  return readTrust(path, Date.now())
}

describe('a bundle of authorities', () => {
  it('is read with what stands between them, and without those whose time is over', () => {
    expect(read(`# the good one\n${authority.cert}\nand the old one\n${old.cert}`)).toEqual({ authorities: [authority.cert], outdated: 1 })
  })

  it('may hold the certificate of one server that signed itself', () => {
    expect(read(selfSigned({ names: ['a.example'] }).cert).authorities).toHaveLength(1)
  })

  it.each([
    ['empty', '', /bundle\.pem: the file is empty/],
    ['not PEM', 'hello', /no PEM certificate in it/],
    ['damaged', authority.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'), /certificate 1 in it is damaged/],
    ['expired', old.cert, /"CN=old authority" expired on \d{4}-\d\d-\d\d/],
    ['of the future', createAuthority('young', { fromDays: 2 }).cert, /"CN=young" is not valid before/],
    ["a server's", authority.cert + server.cert, /certificate 2 in it, "CN=a server", is not an authority's/],
    ['with a key', authority.cert + server.key, /it holds a private key/],
  ])('that is %s is refused by name', (_what, text, reason) => {
    expect(() => read(text)).toThrow(reason)
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'tls.bad-ca-bundle', hint: expect.any(String) }))
  })

  it('that is missing is refused by name', () => {
    expect(() => readTrust(join(folder, 'none.pem'), Date.now())).toThrow(/none\.pem: there is no such file/)
    expect(() => readTrust(folder, Date.now())).toThrow(/cannot be read \(EISDIR\)/)
  })

  it('that others can change is refused', () => {
    const path = join(folder, 'shared.pem')
    writeFileSync(path, authority.cert)
    chmodSync(path, 0o664)
    expect(() => readTrust(path, Date.now())).toThrow(expect.objectContaining({ code: 'tls.unsafe-ca-bundle' }))
    chmodSync(path, 0o644)
    if (process.getuid?.() === 0) chownSync(path, 12_345, 12_345)
    if (process.getuid?.() === 0) expect(() => readTrust(path, Date.now())).toThrow(/belongs to another user \(uid 12345\)/)
    else expect(readTrust(path, Date.now()).outdated).toBe(0)
  })
})

describe('the environment of the guard', () => {
  it('loses what switches verification off', () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', HOME: '/h' }
    expect(enforceTlsEnvironment(env, [])).toEqual(['NODE_TLS_REJECT_UNAUTHORIZED'])
    expect(env).toEqual({ HOME: '/h' })
  })

  it.each([
    ['--tls-keylog=/tmp/keys', []],
    ['--max-old-space-size=100 "--tls-keylog=/tmp/a b"', []],
    ['', ['--trace-tls']],
  ])('is refused when it would write down keys: %s %s', (NODE_OPTIONS, options) => {
    expect(() => enforceTlsEnvironment({ NODE_OPTIONS }, options)).toThrow(expect.objectContaining({ code: 'tls.keys-exposed' }))
  })

  it('keeps the rest', () => {
    const env = { NODE_OPTIONS: '--tls-min-v1.0 --use-system-ca', NODE_EXTRA_CA_CERTS: '/x' }
    expect(enforceTlsEnvironment({ ...env }, [])).toEqual([])
  })
})
