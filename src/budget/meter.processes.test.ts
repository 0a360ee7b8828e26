import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../base/index.ts'
import { testPrices } from './meter.test.kit.ts'
import { createMeter, migrations, systemProcesses } from './index.ts'

let folder: string
let path: string
let db: DatabaseSync
let children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-budget-'))
  path = join(folder, 'state.db')
  db = new DatabaseSync(path, { timeout: 20_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  for (const { sql } of migrations) db.exec(sql)
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  children = []
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts another process on the database and reads it line by line. */
async function startSpender(name: string, perDay: number) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'spender.test.child.ts'), path, name, String(perDay)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async (): Promise<string> => (await lines.next()).value as string
  expect(await read()).toBe('ready')
  return { child, read, tell: (line: string) => child.stdin.write(`${line}\n`) }
}

// 1000 bytes at 6 USD and 100 tokens at 15 USD per million.
const worstCase = 7_500

describe('two guards on one database', () => {
  it('never spend more than the limit together, and spend it to the last call that fits', async () => {
    const limit = worstCase * 100 + 1
    const spenders = await Promise.all(['one', 'two'].map((name) => startSpender(name, limit)))
    for (const { tell } of spenders) tell('spend 128')
    const results = await Promise.all(
      spenders.map(async ({ read }) => JSON.parse(await read()) as { granted: number; spent: number }),
    )
    const [one, two] = results as [(typeof results)[0], (typeof results)[0]]
    expect(one.granted + two.granted).toBe(100)
    const report = await createMeter(
      { db, limits: { perDay: limit }, prices: testPrices },
      { clock: systemClock },
    ).spend()
    expect(report.day.spentMicroUsd).toBe(one.spent + two.spent)
    expect(report.day.spentMicroUsd).toBe(worstCase * 100)
    expect(report.open).toEqual([])
  }, 30_000)

  it("charge the worst case of a call whose guard was killed, and leave a living guard's call alone", async () => {
    const limit = worstCase * 10
    const [dying, living] = await Promise.all([startSpender('dying', limit), startSpender('living', limit)])
    for (const { tell, read } of [dying, living]) {
      tell('hold')
      expect(JSON.parse(await read())).toMatchObject({ granted: true, reservedMicroUsd: worstCase })
    }
    dying.child.kill('SIGKILL')
    await once(dying.child, 'exit')
    const meter = createMeter({ db, limits: { perDay: limit }, prices: testPrices }, { clock: systemClock })
    expect(meter.recovered).toMatchObject([
      { id: 'dying-held', how: 'recovered', costMicroUsd: worstCase, overrunMicroUsd: 0 },
    ])
    const report = await meter.spend()
    expect(report.day).toMatchObject({ spentMicroUsd: worstCase, reservedMicroUsd: worstCase })
    expect(report.open.map(({ id }) => id)).toEqual(['living-held'])
  }, 30_000)
})

describe('a guard killed in the middle of a storm', () => {
  it.each([1, 2, 3, 4])('has spent no more than is charged for it, and the limit holds to the end (round %i)', async (round) => {
    const limit = worstCase * 400
    const [dying, living] = await Promise.all([startSpender('dying', limit), startSpender('living', limit)])
    for (const { tell } of [dying, living]) tell('storm')
    // What it has spent for certain, as it says; killed after some dozens of calls, wherever it then is.
    let billed = 0
    for (let calls = 0; calls < round * 37; calls++) billed += Number(await dying.read())
    dying.child.kill('SIGKILL')
    await once(dying.child, 'exit')
    for (;;) {
      const line = await living.read()
      if (line === 'done') break
      billed += Number(line)
    }
    const meter = createMeter({ db, limits: { perDay: limit }, prices: testPrices }, { clock: systemClock })
    const { day, open } = await meter.spend()
    expect(day.spentMicroUsd).toBeLessThanOrEqual(limit)
    expect(day.spentMicroUsd).toBeGreaterThanOrEqual(billed)
    expect(day.spentMicroUsd).toBeGreaterThan(limit - worstCase)
    expect([open, day.leasedMicroUsd]).toEqual([[], 0])
    meter.close()
  }, 60_000)
})

describe('systemProcesses', () => {
  it('knows itself, and takes a reused pid for another process', () => {
    const { self, isRunning } = systemProcesses()
    expect(isRunning(self)).toBe(true)
    expect(isRunning(`${process.pid}/another-start`)).toBe(false)
    expect(isRunning('nonsense')).toBe(false)
  })
})
