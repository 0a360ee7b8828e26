import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, CellFolders } from '../../src/cells/index.ts'
import { askGuard, type Status } from '../../src/control/index.ts'
import { hardshell, hardshellArgs } from './command.ts'
import { isAlive } from './processes.ts'
import { until } from './wait.ts'

/** Two tenants on one machine, each with a real gateway. */
let root: string
let home: string
const cells: (Cell & { folders: CellFolders })[] = []
const guards: ChildProcess[] = []
const inCell = (...args: string[]): ReturnType<typeof hardshell> => hardshell(['cell', ...args, '--root', root], { env: { HOME: home } })

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hardshell-tenants-'))
  chmodSync(home, 0o711)
  root = join(home, 'cells')
  for (const name of ['team-a', 'team-b']) {
    const { status, out, err } = await inCell('create', name, '--daily', '5', '--json')
    expect(status, err).toBe(0)
    cells.push(JSON.parse(out) as (typeof cells)[number])
    const [command, args] = hardshellArgs(['cell', 'start', name, '--root', root])
    guards.push(spawn(command, args, { cwd: home, env: { PATH: process.env['PATH'] ?? '', HOME: home }, stdio: 'ignore' }))
    await until(`${name} to be proven`, 150_000, async () => (await statusOf(name))?.ok === true)
  }
})
afterAll(async () => {
  for (const guard of guards) {
    guard.kill('SIGTERM')
    await until('the end of a guard', 40_000, () => guard.pid === undefined || !isAlive(guard.pid))
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

async function statusOf(name: string): Promise<Status | null> {
  return (await askGuard(join(root, name, 'state/guard/control.sock'), 'status', {}, 5000).catch(() => null)) as Status | null
}

/** What the pulse of a cell says of the walls, asked anew. */
async function walls(name: string): Promise<{ ok: boolean; detail: string }> {
  await hardshell(['prove', '--state', join(root, name, 'state')], { env: { HOME: home } })
  const { ok, detail } = (await statusOf(name))!.surfaces.find(({ id }) => id === 'cells')!
  return { ok, detail }
}

describe('two cells', () => {
  it('share no user, no address and no key, and each answers its own people only', async () => {
    const [a, b] = cells as [Cell & { folders: CellFolders }, Cell & { folders: CellFolders }]
    expect(a.uid).not.toBe(b.uid)
    expect(Object.values(a.ports).filter((port) => Object.values(b.ports).includes(port))).toEqual([])
    const ask = async (cell: typeof a, token: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${cell.ports.ingress}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status
    const tokenOf = (cell: typeof a): string => readFileSync(join(cell.folders.state, 'guard/operator.token'), 'utf8').trim()
    expect(await ask(a, tokenOf(a))).toBe(200)
    expect(await ask(b, tokenOf(a))).toBe(401)
    expect((await inCell('list')).out).toMatch(/team-a +proven[\s\S]*team-b +proven/)
  })

  it('are tried from each other, and nothing is possible', async () => {
    expect(await walls('team-a')).toEqual({ ok: true, detail: expect.stringMatching(/^1 other cell was tried with [1-9] keys of this one, at 2 doors of their guards: nothing was possible$/) })
    expect(await walls('team-b')).toMatchObject({ ok: true })
  })

  it('are shown red when a wall between them is taken down', async () => {
    const data = join(cells[0]!.folders.state, 'openclaw/home')
    chmodSync(data, 0o755)
    try {
      expect(await walls('team-b')).toMatchObject({ ok: false, detail: expect.stringContaining(`read ${data}`) })
    } finally {
      chmodSync(data, 0o700)
    }
    expect(await walls('team-b')).toMatchObject({ ok: true })
  })

  it('are not removed while they run', async () => {
    expect(await inCell('remove', 'team-a', '--yes')).toMatchObject({ status: 5 })
    expect(readFileSync(join(cells[0]!.folders.config, 'config.yaml'), 'utf8')).toContain('The cell team-a')
  })
})
