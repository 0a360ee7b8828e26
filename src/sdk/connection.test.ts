import { describe, expect, it } from 'vitest'
import { findConnection, type ConnectionPorts } from './connection.ts'

function ports(files: Record<string, string>, more: Partial<ConnectionPorts> = {}): ConnectionPorts {
  return { env: {}, home: '/home/eve', isRoot: false, read: async (path) => files[path] ?? null, ...more }
}
const file = JSON.stringify({ url: 'http://127.0.0.1:3001', tokenFile: 'front-door.token' })

describe('findConnection', () => {
  it('prefers options to environment to file', async () => {
    const env = { HARDSHELL_URL: 'http://127.0.0.1:2', HARDSHELL_TOKEN: 'from-env' }
    const given = await findConnection({ url: 'http://127.0.0.1:1', token: 'given' }, ports({}, { env }))
    expect([given.url.port, given.token.reveal()]).toEqual(['1', 'given'])
    const fromEnv = await findConnection({}, ports({ '/home/eve/.hardshell/connection.json': file }, { env }))
    expect([fromEnv.url.port, fromEnv.token.reveal()]).toEqual(['2', 'from-env'])
  })

  it('reads the file of the guard, whose token file is beside it', async () => {
    const files = { '/home/eve/.hardshell/connection.json': file, '/home/eve/.hardshell/front-door.token': 'secret\n' }
    const { url, token } = await findConnection({}, ports(files))
    expect([url.origin, token.reveal()]).toEqual(['http://127.0.0.1:3001', 'secret'])
  })

  it.each([
    ['/var/lib/hardshell', { isRoot: true }],
    ['/home/eve/.hardshell/guard', {}],
    ['/srv/guard', { env: { HARDSHELL_STATE: '/srv/guard' } }],
  ])('looks in %s when told to', async (state, more) => {
    const files = { [`${state}/connection.json`]: file, [`${state}/front-door.token`]: 'secret' }
    expect((await findConnection({}, ports(files, more))).token.reveal()).toBe('secret')
  })

  it('does not send the token of the file to another address', async () => {
    const files = { '/home/eve/.hardshell/connection.json': file, '/home/eve/.hardshell/front-door.token': 'secret' }
    await expect(findConnection({ url: 'https://elsewhere.example' }, ports(files))).rejects.toMatchObject({
      code: 'sdk.not-connected',
      message: 'no token for https://elsewhere.example',
    })
  })

  it('says what to do when there is nothing', async () => {
    await expect(findConnection({}, ports({}))).rejects.toMatchObject({
      message: 'no address of a guard',
      hint: 'start one with `hardshell start`, or set HARDSHELL_URL',
    })
  })

  it.each(['{', 'null', '{"url":5}'])('refuses the connection file %s', async (text) => {
    const files = { '/home/eve/.hardshell/connection.json': text }
    await expect(findConnection({}, ports(files))).rejects.toMatchObject({ code: 'sdk.not-connected' })
  })

  it('names a token file it may not read', async () => {
    const read = async (): Promise<never> => {
      throw new Error('EACCES')
    }
    const env = { HARDSHELL_URL: 'http://127.0.0.1:1', HARDSHELL_TOKEN_FILE: '/run/secrets/t' }
    const found = findConnection({}, ports({}, { env, read }))
    await expect(found).rejects.toMatchObject({ message: 'cannot read /run/secrets/t: EACCES' })
  })

  it.each(['http://10.0.0.5:3001', 'http://guard.example'])('sends no token in clear text to %s', async (url) => {
    const given = { url, token: 't' }
    await expect(findConnection(given, ports({}))).rejects.toMatchObject({ code: 'sdk.insecure-address' })
    const allowed = await findConnection({ ...given, dangerouslyAllowPlainHttp: true }, ports({}))
    expect(allowed.token.reveal()).toBe('t')
  })

  it.each(['ftp://x', 'localhost:3001', 'nonsense'])('does not take %s for an address', async (url) => {
    await expect(findConnection({ url, token: 't' }, ports({}))).rejects.toMatchObject({ code: 'sdk.not-connected' })
  })
})
