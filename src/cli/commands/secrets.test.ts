import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../run.ts'
import type { Terminal } from '../terminal.ts'

const value = ['an', 'opaque', 'value', 'k7Qp93xZ'].join('-')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hardshell-cli-secrets-'))
  mkdirSync(join(root, 'cfg'))
  writeFileSync(join(root, 'cfg', 'config.yaml'), 'secrets:\n  scopes:\n    web_token: { agents: [main] }\n')
  for (const path of ['cfg', 'cfg/config.yaml']) chmodSync(join(root, path), 0o700)
})
afterEach(() => rmSync(root, { recursive: true }))

async function hardshell(args: string[], input = ''): Promise<{ status: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    out: (text) => void (said.out += `${text}\n`), err: (text) => void (said.err += `${text}\n`),
    input: async () => input, ask: async () => null, paint: (_, text) => text, env: { HARDSHELL_STATE: join(root, 'state'), HOME: join(root, 'home') }, cwd: root, self: 'hardshell',
  }
  const status = await run([...args, ...(args[1] === 'resolve' ? [] : ['--config', join(root, 'cfg')])], terminal)
  expect(said.out + said.err).not.toContain(value)
  return { status, ...said }
}

describe('hardshell secrets', () => {
  it('stores, makes, lists and removes without ever printing a value', async () => {
    expect(await hardshell(['secrets', 'put', 'ONE_TOKEN'], `${value}\n`)).toMatchObject({ status: 0, out: 'stored ONE_TOKEN in the encrypted store of this machine\n' })
    await hardshell(['secrets', 'put', 'TWO_TOKEN'], value)
    expect((await hardshell(['secrets', 'generate', 'WEB_TOKEN', '--json'])).out).toBe('{"ok":true,"name":"WEB_TOKEN","store":"local","version":"1"}\n')
    const { secrets } = JSON.parse((await hardshell(['secrets', 'list', '--json'])).out) as { secrets: { name: string; sameAs: string[]; strength: { verdict: string }; scope: unknown }[] }
    expect(secrets.map(({ name, sameAs, strength, scope }) => [name, sameAs, strength.verdict, scope])).toEqual([
      ['ONE_TOKEN', ['TWO_TOKEN'], 'strong', null],
      ['TWO_TOKEN', ['ONE_TOKEN'], 'strong', null],
      ['WEB_TOKEN', [], 'strong', { agents: ['main'] }],
    ])
    expect((await hardshell(['secrets', 'list'])).out).toMatch(/ONE_TOKEN +local .*same value as TWO_TOKEN/)
    expect((await hardshell(['secrets', 'remove', 'ONE_TOKEN'])).status).toBe(0)
    expect((await hardshell(['secrets', 'remove', 'ONE_TOKEN'])).status).toBe(1)
  })

  it('refuses what is too short to be made, with the length that is not', async () => {
    expect(await hardshell(['secrets', 'generate', 'WEB_TOKEN', '--bytes', '8'])).toMatchObject({ status: 2, err: expect.stringContaining('24 to 512 bytes') })
  })

  it('says with 1 which store does not answer', async () => {
    writeFileSync(join(root, 'cfg', 'config.yaml'), 'secrets:\n  provider: vault\n  address: http://127.0.0.1:9\n  timeout: 500ms\n  paths: { a_key: "secret/data/a#key" }\n')
    const { status, out } = await hardshell(['secrets', 'status', '--json'])
    expect(status).toBe(1)
    expect((JSON.parse(out) as { stores: { store: string; ok: boolean; detail: string }[] }).stores.find(({ store }) => store === 'vault')).toEqual({ store: 'vault', ok: false, detail: 'Vault cannot be reached: ECONNREFUSED' })
  })

  it('says with 4 that no guard hands secrets out', async () => {
    expect(await hardshell(['secrets', 'resolve'], '{}')).toMatchObject({ status: 4, err: expect.stringContaining('secrets.openclaw') })
  })

  it('finds old copies, changes nothing unasked, cleans when asked, and puts them back', async () => {
    await hardshell(['secrets', 'put', 'ONE_TOKEN'], value)
    const path = join(root, 'home', '.openclaw', 'openclaw.json.bak')
    mkdirSync(join(root, 'home', '.openclaw'), { recursive: true })
    writeFileSync(path, `{\n"token":"${value}"}`)
    expect(await hardshell(['secrets', 'clean-residue'])).toMatchObject({ status: 1, out: `${path}:2: ONE_TOKEN\n` })
    expect(readFileSync(path, 'utf8')).toContain(value)
    expect(await hardshell(['secrets', 'clean-residue', '--apply'])).toMatchObject({ status: 0, out: `${path}: cleaned\n` })
    expect(readFileSync(path, 'utf8')).toBe('{\n"token":"[removed by hardshell]"}')
    expect(await hardshell(['secrets', 'clean-residue', '--undo'])).toMatchObject({ status: 0, out: `${path}: put back\n` })
    expect(readFileSync(path, 'utf8')).toContain(value)
  })
})
