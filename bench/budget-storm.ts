/**
 * Whether several guards on one database together spend a budget to its end and never beyond: 128 concurrent streams
 * in each of three processes, random calls that cost 2 to 60 % of their worst case, against one daily limit, until
 * no call fits any more. Run: node bench/budget-storm.ts [limit in USD] [guards] [streams]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock, systemRandom } from '../src/base/index.ts'
import { createMeter, loadPrices, migrations, readSpend } from '../src/budget/index.ts'
import { openStore } from '../src/store/index.ts'

interface Spent {
  costMicroUsd: number
  calls: number
  refused: number
  fromMemory: number
  seconds: number
}

const [role, ...rest] = process.argv.slice(2)
if (role === 'guard') await guard(rest[0]!, Number(rest[1]), Number(rest[2]))
else await storm(Number(role ?? 100) * 1e6, Number(rest[0] ?? 3), Number(rest[1] ?? 128))

async function storm(limit: number, guards: number, streams: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-storm-'))
  try {
    const path = join(folder, 'state.db')
    openStore({ path, migrations }).close()
    const each = await Promise.all(Array.from({ length: guards }, () => start(path, limit, streams)))
    const sum = (of: (spent: Spent) => number): number => each.reduce((total, one) => total + of(one), 0)
    const store = openStore({ path, migrations })
    const { day } = readSpend({ db: store.db, limits: { perDay: limit } }, {}, { clock: systemClock })
    store.close()
    const billed = sum(({ costMicroUsd }) => costMicroUsd)
    const calls = sum(({ calls: made }) => made)
    const seconds = Math.max(...each.map((one) => one.seconds))
    const percent = (share: number): string => `${(share * 100).toFixed(3)} %`
    console.log(`${guards} guards × ${streams} streams, limit $${limit / 1e6}`)
    console.log(`overshoot      ${percent(Math.max(0, billed - limit) / limit)}`)
    console.log(`usable         ${percent(billed / limit)}`)
    console.log(`books and bill ${day.spentMicroUsd === billed ? 'agree' : `differ: ${day.spentMicroUsd} and ${billed}`}`)
    console.log(`calls          ${calls}, ${Math.round(calls / seconds)} pairs/s, ${sum(({ refused }) => refused)} asked again`)
    console.log(`from memory    ${percent(sum(({ fromMemory }) => fromMemory) / calls)}`)
    if (billed > limit || day.spentMicroUsd !== billed) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function start(path: string, limit: number, streams: number): Promise<Spent> {
  const child = spawn(process.execPath, [import.meta.filename, 'guard', path, String(limit), String(streams)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  await once(child, 'close')
  return JSON.parse(text) as Spent
}

function share(): number {
  return systemRandom.bytes(4).readUInt32LE() / 2 ** 32
}

async function guard(path: string, limit: number, streams: number): Promise<void> {
  const store = openStore({ path, migrations })
  const meter = createMeter(
    { db: store.db, limits: { perDay: limit, perAgent: limit, perSession: limit }, prices: await loadPrices() },
    { clock: systemClock },
  )
  const spent: Spent = { costMicroUsd: 0, calls: 0, refused: 0, fromMemory: 0, seconds: 0 }
  let made = 0
  const stream = async (): Promise<void> => {
    for (;;) {
      const inputBytes = 200 + Math.floor(share() * 8_000)
      const answer = meter.reserve({
        id: `${process.pid}-${made++}`,
        agentId: 'main',
        sessionKey: `agent:main:${process.pid}`,
        provider: 'anthropic',
        model: 'claude-sonnet-4-6',
        inputBytes,
        maxOutputTokens: 100 + Math.floor(share() * 1_000),
      })
      const atOnce = !(answer instanceof Promise)
      const reserved = await answer
      if (!reserved.granted) {
        if (!reserved.transient) return
        spent.refused++
        await wait(1 + share() * 4)
        continue
      }
      if (atOnce) spent.fromMemory++
      await wait(share() * 3)
      meter.progress(reserved.id, { inputTokens: Math.ceil(inputBytes / 4), outputTokens: 10 })
      await wait(share() * 3)
      const costMicroUsd = Math.floor(reserved.reservedMicroUsd * (0.02 + share() * 0.58))
      spent.costMicroUsd += meter.settle(reserved.id, { costMicroUsd }).costMicroUsd
      spent.calls++
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: streams }, stream))
  meter.close()
  store.close()
  spent.seconds = (performance.now() - started) / 1000
  process.stdout.write(JSON.stringify(spent))
}
