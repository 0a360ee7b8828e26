import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { HardshellError } from '../base/index.ts'
import { askGuard } from './client.ts'
import { controlRoutes, type ControlRoute } from './contract.ts'
import { serveControl, type Closable, type ControlHandlers } from './server.ts'

const servers: Closable[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serving(answer: (route: ControlRoute, body: Record<string, unknown>) => unknown): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'control-')), 'control.sock')
  const routes = Object.keys(controlRoutes) as ControlRoute[]
  const handlers = Object.fromEntries(routes.map((route) => [route, async (body: Record<string, unknown>) => answer(route, body)]))
  servers.push(await serveControl(path, handlers as ControlHandlers))
  return path
}

describe('the control socket', () => {
  it('carries every route with its body', async () => {
    const path = await serving((route, body) => ({ route, body }))
    for (const route of Object.keys(controlRoutes) as ControlRoute[]) {
      const body = controlRoutes[route].startsWith('GET') ? {} : { agentId: 'main' }
      expect(await askGuard(path, route, body)).toEqual({ route, body })
    }
  })

  it('is for its owner alone', async () => {
    expect(statSync(await serving(() => ({}))).mode & 0o777).toBe(0o600)
  })

  it('hands over an error with its code and the next command', async () => {
    const path = await serving(() => {
      throw new HardshellError('control.bad-request', 'no such agent', { hint: 'openclaw agents list' })
    })
    await expect(askGuard(path, 'status')).rejects.toMatchObject({ code: 'control.bad-request', message: 'no such agent', hint: 'openclaw agents list' })
  })

  it('says which command starts a guard when there is none', async () => {
    await expect(askGuard('/nowhere/control.sock', 'status')).rejects.toMatchObject({ code: 'control.unreachable', hint: 'hardshell start' })
  })

  it('gives up on a guard that does not answer', async () => {
    const path = await serving(() => new Promise(() => {}))
    await expect(askGuard(path, 'status', {}, 100)).rejects.toMatchObject({ code: 'control.unreachable', message: 'the guard did not answer in time' })
  })

  it('refuses a body larger than a command', async () => {
    const path = await serving((_, body) => body)
    await expect(askGuard(path, 'pause', { reason: 'x'.repeat(70_000) })).rejects.toMatchObject({ code: 'control.bad-request' })
  })
})
