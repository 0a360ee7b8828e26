import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import { Secret } from '../base/index.ts'
import { defaultConfig } from '../config/index.ts'
import type { Closable } from '../control/index.ts'
import { statePaths } from './paths.ts'
import { serveHandover, socketOf } from './secret-handover.ts'

const folder = mkdtempSync(join(tmpdir(), 'handover-'))
const paths = statePaths(folder)
let served: Closable
let log: NewEntry[]

beforeEach(async () => {
  mkdirSync(paths.run, { recursive: true })
  log = []
  const config = defaultConfig()
  const settings = { secrets: { ...config.secrets, openclaw: ['CHANNEL_TOKEN'] } }
  const append = async (entry: NewEntry) => ({ seq: log.push(entry), hash: '' })
  served = await serveHandover(paths, settings, null, { audit: { append }, find: async () => new Secret('given'), window: () => ({ open: 1 }) })
})
afterEach(async () => {
  await served.close()
  rmSync(folder, { recursive: true })
})

async function ask(id: string): Promise<string> {
  const socket = connect(socketOf(paths))
  let heard = ''
  socket.on('data', (part) => (heard += String(part)))
  socket.write(`${JSON.stringify({ protocolVersion: 1, provider: 'hardshell', ids: [id] })}\n`)
  await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  return heard
}

it.each(['CHANNEL_TOKEN', 'channel_token', 'Channel_Token', 'agents/main/CHANNEL_TOKEN'])(
  'a secret that OpenClaw has is not given again in the same window to who asks for %s, and that is an alert',
  async (id) => {
    expect(await ask('CHANNEL_TOKEN')).toContain('given')
    expect(await ask(id)).not.toContain('given')
    expect(log.at(-1)).toMatchObject({ event_type: 'alert', rule: 'secrets.exec.asked-twice' })
  },
)
