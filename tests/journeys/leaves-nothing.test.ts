import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import JSON5 from 'json5'
import { beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { connectGateway, valueAt } from '../../src/openclaw/index.ts'
import { command, ensureProven, gatewayUid, guardPid, statusOf } from './installation.ts'
import { isAlive, processesOf } from './processes.ts'
import { sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

describe('a proof', () => {
  it('leaves no session of its own among the chats of the gateway, and costs nothing', async () => {
    const before = JSON.parse((await command(shared, ['spend', '--json'])).out) as { day: { spentMicroUsd: number } }
    expect((await command(shared, ['prove'])).status).toBe(0)
    const config = JSON5.parse(readFileSync(join(shared.state, 'openclaw/config/openclaw.json'), 'utf8')) as unknown
    const rpc = await connectGateway(`ws://127.0.0.1:${shared.ports.gateway}`, new Secret(valueAt(config, ['gateway', 'auth', 'token']) as string))
    // The pulse may be in the middle of a turn right now; between two there is nothing.
    const ours = async (): Promise<string[]> => {
      const { sessions } = (await rpc.call('sessions.list')) as { sessions: { key: string }[] }
      return sessions.map(({ key }) => key).filter((key) => key.includes('hardshell'))
    }
    await until('no session of a probe', 20_000, async () => (await ours()).length === 0)
    rpc.close()
    const after = JSON.parse((await command(shared, ['spend', '--json'])).out) as typeof before
    expect(after.day.spentMicroUsd).toBe(before.day.spentMicroUsd)
  })
})

describe('a guard that is silent', () => {
  it("does not hold up the gateway's shutdown", async () => {
    const guard = guardPid(shared)!
    const gateway = (await statusOf(shared))!.gateway.pid!
    process.kill(guard, 'SIGSTOP') // it answers nothing, and it does not close its sockets either
    try {
      process.kill(gateway, 'SIGTERM')
      // It stops in 2 to 3 s by itself; with a plugin that holds it up it would take minutes (openclaw.md trap 9).
      await until('the end of the gateway', 60_000, () => !isAlive(gateway) && processesOf(gatewayUid(shared)).length === 0)
    } finally {
      process.kill(guard, 'SIGCONT')
    }
    expect((await ensureProven(shared)).ok).toBe(true)
  })
})
