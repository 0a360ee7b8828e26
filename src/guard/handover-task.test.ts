import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { defaultConfig } from '../config/index.ts'
import { createHandoverTask } from './handover-task.ts'
import { statePaths } from './paths.ts'
import type { Plan } from './prepare.ts'
import type { Wired } from './wire.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-reload-'))
  mkdirSync(statePaths(folder).run, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

// Port 1: nobody listens there, so the reload ends where it would ask OpenClaw.
function taskWith(refresh: (name: string) => Promise<void>, done: string[]): Promise<Awaited<ReturnType<typeof createHandoverTask>>> {
  const config = defaultConfig()
  const secrets = { ...config.secrets, openclaw: ['BOT_TOKEN', 'OTHER_TOKEN'] }
  const keys = { gateway: { settled: async () => (done.push('gateway'), new Secret('made-here')) } }
  const input = { paths: statePaths(folder), config: { ...config, secrets }, user: null, gateway: { port: 1 }, keys, secrets: { refresh } }
  const pulse = { forget: () => void done.push('closed'), prove: async () => void done.push('proven') }
  return createHandoverTask({ input, programs: { node: process.execPath } } as unknown as Plan, { log: { append: async () => ({ seq: 1, hash: '' }) }, pulse, knowAgain: async () => void done.push('known') } as unknown as Wired)
}

it('a reload asks the stores anew before OpenClaw may ask, with the paths of agents closed, and one that fails holds up no other', async () => {
  const done: string[] = []
  const task = await taskWith(async (name) => {
    done.push(name)
    if (name === 'BOT_TOKEN') throw new Error('the store is away')
  }, done)
  await expect(task.reload()).rejects.toMatchObject({ code: 'openclaw.rpc-failed' })
  expect(done).toEqual(['closed', 'BOT_TOKEN', 'OTHER_TOKEN', 'known', 'gateway', 'proven'])
  await task.close()
})
