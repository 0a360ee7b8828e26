import { spawn, type ChildProcess } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Status } from '../../src/control/index.ts'
import { gatewayUser } from '../../src/guard/gateway-user.ts'
import { runProgram } from '../../src/host/index.ts'
import { landlockVersion, scopingLandlock, type AttemptResult } from '../../src/isolation/index.ts'
import { newMachine, type Machine } from '../attacks/escapes/machine.ts'
import { repository } from './command.ts'
import { until } from './wait.ts'

// A gateway of their own, and ninety attempts to get out.
const startsGatewayMs = 600_000

let machine: Machine
let uid: number
let guard: ChildProcess | undefined

beforeAll(async () => {
  machine = await newMachine('isolate')
  uid = gatewayUser(machine.state)!.uid
})
afterEach(async () => await stop())
afterAll(async () => await machine?.remove())

/** A guard with the real gateway, on the machine of these tests. */
async function start(): Promise<Status> {
  const out = openSync(join(machine.root, 'guard.out'), 'w')
  const child = spawn(machine.enter[0]!, [...machine.enter.slice(1), process.execPath, join(repository, 'src/cli/main.ts'), 'start', '--json', '--state', machine.state, '--config', machine.config], {
    env: { PATH: process.env['PATH'] ?? '', HOME: join(machine.root, 'home') },
    stdio: ['ignore', out, out],
  })
  guard = child
  return await until('a guard that is proven', 300_000, async () => {
    if (hasEnded(child)) throw new Error(`the guard ended: ${readFileSync(join(machine.root, 'guard.out'), 'utf8').slice(-1500)}`)
    const status = await statusNow()
    return status?.ok === true ? status : null
  })
}

async function stop(): Promise<void> {
  if (guard === undefined || hasEnded(guard)) return
  const leaving = guard
  leaving.kill('SIGTERM')
  await until('the end of the guard', 40_000, () => hasEnded(leaving)).catch(() => leaving.kill('SIGKILL'))
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

async function statusNow(): Promise<Status | null> {
  const { out } = await machine.hardshell(['status', '--json'])
  const answer = out.startsWith('{') ? (JSON.parse(out) as Status & { error?: unknown }) : null
  return answer === null || answer.error !== undefined ? null : answer
}

async function say(prompt: string): Promise<string> {
  const token = readFileSync(join(machine.state, 'guard/operator.token'), 'utf8').trim()
  const body = JSON.stringify({ model: 'openclaw/main', messages: [{ role: 'user', content: prompt }] })
  const { out } = await machine.run(['curl', '-s', '-m', '60', '-H', `authorization: Bearer ${token}`, '-H', 'content-type: application/json', '-d', body, 'http://127.0.0.1:18700/v1/chat/completions'])
  return (JSON.parse(out) as { choices: { message: { content: string } }[] }).choices[0]!.message.content
}

/** A program of OpenClaw's user that uses no proxy. */
const curlAsAgent = (...args: string[]) => machine.run(['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups', '--', 'curl', '-sS', '-m', '5', '--noproxy', '*', '-o', '/dev/null', ...args])

/**
 * The worst default of OpenClaw as a chain, from where an agent's command stands: it looks for a token in the gateway's
 * configuration, which its own user may read, and wants to carry it out, or be operator with it at the front door.
 */
async function chain(): Promise<Record<string, string>> {
  const program = `
    const fs = require('node:fs'), [config, guardToken] = process.argv.slice(1)
    const knock = (host, port) => new Promise((done) => require('node:net').connect(port, host).on('connect', () => done('connected')).on('error', (error) => done(error.code)))
    const read = (file) => { try { return /"token": *"[^"]{20,}"/.test(fs.readFileSync(file, 'utf8')) ? 'read' : 'no token' } catch (error) { return error.code } }
    ;(async () => console.log(JSON.stringify({ token: read(config), carriedOut: await knock('198.51.100.1', 80), operator: await knock('127.0.0.1', 18700), guardToken: read(guardToken) })))()`
  const files = ['openclaw/config/openclaw.json', 'guard/operator.token'].map((file) => join(machine.state, file))
  const { out } = await machine.run(['setpriv', '--reuid', String(uid), '--regid', String(uid), '--clear-groups', '--', process.execPath, '-e', program, ...files])
  return JSON.parse(out) as Record<string, string>
}

async function refusedTcp(): Promise<number> {
  const { refused } = JSON.parse((await machine.hardshell(['isolate', 'status', '--json'])).out) as { refused: { name: string; packets: number }[] }
  return refused.find(({ name }) => name === 'refused_tcp')!.packets
}

const surface = (status: Status | null, id: string): Status['surfaces'][number] | undefined => status?.surfaces.find((one) => one.id === id)

describe('the real gateway under rules of the kernel', () => {
  it('starts and talks, while a program that uses no proxy gets nowhere, and the loss of the rules turns the surface red', async () => {
    expect((await curlAsAgent('http://169.254.169.254/')).err, 'without rules the metadata service is reached').not.toContain("Couldn't connect")
    expect(await machine.hardshell(['isolate', 'apply', '--mode', 'nftables', '--within', '30m', '--config', machine.config])).toMatchObject({ status: 0 })
    expect(await machine.hardshell(['isolate', 'confirm', '--etc', machine.etc])).toMatchObject({ status: 0 })
    const status = await start()
    expect(surface(status, 'kernel')?.detail).toMatch(/^refused: .*counted by the kernel: \d/)
    expect(status.boundaries).toContainEqual(expect.objectContaining({ id: 'kernel-egress', stands: true }))
    expect(await say('SAY:behind the kernel')).toBe('behind the kernel')

    expect((await curlAsAgent('http://169.254.169.254/')).err).toContain("Couldn't connect")
    expect((await curlAsAgent('http://198.51.100.1/')).err).toContain("Couldn't connect")
    expect((await curlAsAgent('http://127.0.0.1:18700/')).err, "the front door is the operator's").toContain("Couldn't connect")
    const before = await refusedTcp()
    expect(await chain()).toMatchObject({ carriedOut: 'ECONNREFUSED', operator: 'ECONNREFUSED', guardToken: 'EACCES' })
    expect(await refusedTcp(), 'counted by the kernel').toBeGreaterThanOrEqual(before + 2)
    const verified = await machine.hardshell(['isolate', 'verify', '--json', '--config', machine.config])
    const escaped = (JSON.parse(verified.out) as AttemptResult[]).filter(({ result }) => result === 'escaped')
    // Where Landlock cannot tell them apart (before Linux 6.12), the abstract sockets nftables does not see.
    expect(escaped.map(({ id }) => id)).toEqual((await landlockVersion({ run: runProgram })) >= scopingLandlock ? [] : ['abstract-sockets'])

    await machine.run(['nft', 'flush', 'ruleset'])
    expect(await machine.hardshell(['prove'])).toMatchObject({ status: 1 })
    expect(surface(await statusNow(), 'kernel')).toMatchObject({ ok: false, detail: expect.stringContaining('the kernel refuses nothing') })
  }, startsGatewayMs)

  it('starts and talks in a network of its own, where nothing is but the doors of the guard', async () => {
    await machine.hardshell(['isolate', 'undo'])
    expect(await machine.hardshell(['isolate', 'apply', '--mode', 'namespace', '--within', '30m', '--config', machine.config])).toMatchObject({ status: 0 })
    expect(await machine.hardshell(['isolate', 'confirm', '--etc', machine.etc])).toMatchObject({ status: 0 })
    const status = await start()
    expect(surface(status, 'kernel')).toMatchObject({ ok: true })
    expect(await say('SAY:from a room without windows')).toBe('from a room without windows')
    const links = await machine.run(['nsenter', `--target=${status.gateway.pid}`, '--net', '--', 'ip', '-o', 'link'])
    expect(links.out.trim().split('\n').length, 'loopback alone').toBe(1)
    const verified = await machine.hardshell(['isolate', 'verify', '--json', '--config', machine.config])
    expect(verified.status).toBe(0)
  }, startsGatewayMs)
})
