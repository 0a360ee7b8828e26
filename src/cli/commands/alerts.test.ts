import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HardshellError } from '../../base/index.ts'
import { serveControl, type Closable, type ControlHandlers } from '../../control/index.ts'
import { statePaths } from '../../guard/paths.ts'
import { run } from '../run.ts'
import type { Terminal } from '../terminal.ts'

let state: string
let guard: Closable | undefined
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'hs-cli-alerts-'))
  mkdirSync(statePaths(state).guard)
})
afterEach(async () => {
  await guard?.close()
  rmSync(state, { recursive: true })
})

/** A guard that answers so, and what the command says of it. */
async function hardshell(args: string[], handlers: Partial<ControlHandlers>): Promise<{ status: number; out: string; err: string }> {
  guard = await serveControl(statePaths(state).control, handlers as ControlHandlers)
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    out: (text) => void (said.out += `${text}\n`), err: (text) => void (said.err += `${text}\n`),
    input: async () => '', ask: async () => null, paint: (_, text) => text, env: { USER: 'ana' }, cwd: state, self: 'hardshell',
  }
  return { status: await run([...args, '--state', state], terminal), ...said }
}

const row = { name: 'slack', where: '#alerts by a bot', minimumSeverity: 'warning', delivered: 3, deliveredAt: 0, waiting: 0, lost: 0, failingSince: null, problem: null }

it('lists destinations, and ends with 1 when one gets nothing', async () => {
  expect(await hardshell(['alerts', 'list'], { alerts: async () => [row] })).toMatchObject({ status: 0, out: expect.stringMatching(/slack +#alerts by a bot +warning +1970-01-01T00:00:00\.000Z +3 +0 +0/) })
  await guard!.close()
  const dead = { ...row, waiting: 7, failingSince: 60_000, problem: 'no connection\u001b[2J' }
  expect(await hardshell(['alerts', 'list'], { alerts: async () => [dead] })).toMatchObject({ status: 1, out: expect.stringContaining('slack: no connection\ufffd[2J, since 1970-01-01T00:01:00.000Z') })
  await guard!.close()
  expect(await hardshell(['alerts', 'list'], { alerts: async () => [] })).toMatchObject({ status: 0, out: expect.stringContaining('nobody is told of anything') })
})

it('says how each destination answered a test, and names who asked for it', async () => {
  const asked: unknown[] = []
  const testAlerts = async (body: unknown): Promise<unknown> => {
    asked.push(body)
    return [{ name: 'slack', where: '#alerts by a bot', state: 'delivered' }, { name: 'email', where: 'a@b.example', state: 'later', reason: 'the mail server: EAUTH (535)' }]
  }
  expect(await hardshell(['alerts', 'test', 'slack'], { testAlerts })).toMatchObject({ status: 1, out: 'delivered slack (#alerts by a bot)\nnot delivered email (a@b.example): the mail server: EAUTH (535)\n' })
  expect(asked).toMatchObject([{ destination: 'slack', by: 'ana' }])
  await guard!.close()
  const nobody = async (): Promise<never> => await Promise.reject(new HardshellError('alerts.no-destination', 'no email is configured', { hint: 'hardshell config check' }))
  expect(await hardshell(['alerts', 'test', 'email'], { testAlerts: nobody })).toMatchObject({ status: 3, err: expect.stringContaining('no email is configured') })
})
