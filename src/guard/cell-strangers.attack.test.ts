import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCell } from '../cells/index.ts'
import { userRange } from '../sandbox/index.ts'
import { cellStrangers } from './cells.ts'
import { statePaths } from './paths.ts'

let base: string
beforeEach(() => void (base = mkdtempSync(join(tmpdir(), 'hardshell-strangers-'))))
afterEach(() => rmSync(base, { recursive: true, force: true }))

async function cell(): Promise<ReturnType<typeof statePaths>> {
  const world = { now: () => 0, isFree: async () => true, userOf: () => 71_234, isRunning: async () => false, endProcesses: () => undefined }
  return statePaths((await createCell(join(base, 'cells'), 'a', { perDay: '$1', perMonth: '$1' }, world)).folders.state)
}

/** The port of a socket somebody else has open. */
async function portOf(uid: number, work: (port: number) => void): Promise<void> {
  const child = spawn('/usr/bin/python3', ['-c', 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); input()'], { uid, stdio: ['pipe', 'pipe', 'inherit'] })
  const [text] = (await new Promise<Buffer[]>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve([chunk]))))
  work(Number(text))
  child.kill('SIGKILL')
}

describe.runIf(process.getuid?.() === 0)('who may ask the DNS filter of a cell', () => {
  it.each([['the user of a neighbor', 71_235, true], ['somebody of this machine', 65_534, true], ["the cell's own gateway", 71_234, false]])('%s: a stranger or not', async (_who, uid, stranger) => {
    const isStranger = cellStrangers(await cell(), { uid: 71_234, gid: 71_234 })!
    await portOf(uid, (port) => expect(isStranger({ port, transport: 'udp' })).toBe(stranger))
  })

  it('an agent in its sandbox and root may, and whoever is gone may not', async () => {
    const paths = await cell()
    const isStranger = cellStrangers(paths, { uid: 71_234, gid: 71_234 })!
    await portOf(userRange(paths.sandbox)[0], (port) => expect(isStranger({ port, transport: 'udp' })).toBe(false))
    const own = createSocket('udp4')
    await new Promise<void>((resolve) => own.bind(0, '127.0.0.1', resolve))
    const { port } = own.address()
    expect(isStranger({ port, transport: 'udp' })).toBe(false)
    await new Promise<void>((resolve) => own.close(() => resolve()))
    expect(isStranger({ port, transport: 'udp' })).toBe(true)
  })

  it('is not asked where there are no cells', () => {
    expect(cellStrangers(statePaths(join(base, 'state')), { uid: 71_234, gid: 71_234 })).toBeNull()
  })
})
