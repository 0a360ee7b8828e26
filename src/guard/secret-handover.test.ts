import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import { Secret } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import { statePaths, type StatePaths } from './paths.ts'
import { placeResolver, serveHandover, socketOf, type HandoverProvider, type HandoverWindow } from './secret-handover.ts'

const value = ['the', 'bot', 'token', '88'].join('-')
const secrets = { provider: 'environment', timeout: 5000, cache_ttl: 300_000, scopes: {}, openclaw: ['TELEGRAM_BOT_TOKEN'] } as Config['secrets']

let root: string
let paths: StatePaths
let entries: NewEntry[]
let window: HandoverWindow
let provider: HandoverProvider
let handover: Awaited<ReturnType<typeof serveHandover>>
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'hardshell-handover-'))
  paths = statePaths(root)
  mkdirSync(paths.run)
  entries = []
  window = { open: 1 }
  const append = async (entry: NewEntry): Promise<{ seq: number; hash: string }> => {
    entries.push(entry)
    return { seq: entries.length, hash: '' }
  }
  handover = await serveHandover(paths, { secrets }, null, { audit: { append }, find: async () => new Secret(value), window: () => window })
  provider = await placeResolver(paths, { plugin: join(import.meta.dirname, '../../plugin'), node: process.execPath, owner: null })
})
afterEach(async () => {
  await handover.close()
  rmSync(root, { recursive: true })
})

/** As OpenClaw runs an exec provider: no shell, that environment and no other, the request on stdin. */
function resolve(request: string): Promise<{ status: number; out: string; err: string }> {
  return new Promise((done) => {
    const child = execFile(provider.command, provider.args, { env: provider.env }, (error, out, err) => done({ status: error ? Number(error.code) : 0, out, err }))
    child.stdin!.end(request)
  })
}

const wanting = (...ids: string[]): string => JSON.stringify({ protocolVersion: 1, provider: 'hardshell', ids })

describe('secrets for OpenClaw itself', () => {
  it('are given through the resolver, each with a line in the log before', async () => {
    const { out } = await resolve(wanting('TELEGRAM_BOT_TOKEN', 'ANTHROPIC_API_KEY'))
    expect(JSON.parse(out)).toEqual({ protocolVersion: 1, values: { TELEGRAM_BOT_TOKEN: value }, errors: { ANTHROPIC_API_KEY: { code: 'DENIED' } } })
    expect(entries.map(({ target, decision, rule }) => [target, decision, rule])).toEqual([
      ['secret TELEGRAM_BOT_TOKEN', 'allow', 'secrets.exec.given'],
      ['secret ANTHROPIC_API_KEY', 'deny', 'secrets.exec.not-listed'],
    ])
    expect(JSON.stringify(entries)).not.toContain(value)
  })

  it('are not given while agents can act', async () => {
    window = { closed: 'agents can act' }
    expect(JSON.parse((await resolve(wanting('TELEGRAM_BOT_TOKEN'))).out).values).toEqual({})
    expect(entries[0]).toMatchObject({ decision: 'deny', rule: 'secrets.exec.closed', reason: 'agents can act' })
  })

  it('are given once in a window: a second question is an alert', async () => {
    await resolve(wanting('TELEGRAM_BOT_TOKEN'))
    expect(JSON.parse((await resolve(wanting('TELEGRAM_BOT_TOKEN'))).out).values).toEqual({})
    expect(entries.at(-1)).toMatchObject({ event_type: 'alert', severity: 'critical', rule: 'secrets.exec.asked-twice' })
    window = { open: 2 }
    expect(JSON.parse((await resolve(wanting('TELEGRAM_BOT_TOKEN'))).out).values).toEqual({ TELEGRAM_BOT_TOKEN: value })
  })

  it('may be wanted under several ids by one request, as when two agents use the same, and by no other', async () => {
    const both = ['agents/main/TELEGRAM_BOT_TOKEN', 'agents/other/telegram_bot_token']
    expect(Object.values(JSON.parse((await resolve(wanting(...both))).out).values)).toEqual([value, value])
    expect(JSON.parse((await resolve(wanting('agents/third/TELEGRAM_BOT_TOKEN'))).out).values).toEqual({})
    expect(entries.at(-1)).toMatchObject({ event_type: 'alert', rule: 'secrets.exec.asked-twice' })
  })

  it('need a request: anything else is answered by nothing', async () => {
    expect(await resolve('{"protocolVersion":9}')).toEqual({ status: 0, out: '', err: '' })
    expect(entries).toEqual([])
  })

  it('cannot be had without the guard, and the resolver says nothing about it', async () => {
    await handover.close()
    expect(await resolve(wanting('TELEGRAM_BOT_TOKEN'))).toEqual({ status: 1, out: '', err: '' })
  })

  it('lie behind a socket and a program that others cannot use', () => {
    expect(statSync(socketOf(paths)).mode & 0o777).toBe(0o600)
    expect(statSync(provider.command).mode & 0o777).toBe(0o500)
  })

  it('hang up on whoever sends more than a request can be', async () => {
    const socket = connect(socketOf(paths))
    const ended = new Promise((done) => socket.on('close', done))
    socket.on('error', () => {})
    socket.write(wanting('TELEGRAM_BOT_TOKEN').replace('}', `,"pad":"${'x'.repeat(200_000)}"}\n`))
    await ended
    expect(entries).toEqual([])
  })
})
