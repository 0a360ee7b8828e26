/**
 * Another guard on the same database, for meter.processes.test.ts. Says `ready`, waits for a line, then either
 * spends (`spend COUNT`: all at once, each at its worst case), takes one reservation and holds it (`hold`), or makes
 * calls, 32 at once, until none fits (`storm`), saying what each cost.
 */
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { systemClock, systemRandom } from '../base/index.ts'
import { testPrices } from './meter.test.kit.ts'
import { createMeter } from './index.ts'

const [path, name, perDay] = process.argv.slice(2) as [string, string, string]
const db = new DatabaseSync(path, { timeout: 20_000 })
const meter = createMeter({ db, limits: { perDay: Number(perDay) }, prices: testPrices }, { clock: systemClock })
const claim = (id: string) => ({
  id: `${name}-${id}`,
  agentId: name,
  sessionKey: null,
  provider: 'test',
  model: 'test-1',
  inputBytes: 1000,
  maxOutputTokens: 100,
})

async function spend(count: number): Promise<void> {
  const answers = await Promise.all(Array.from({ length: count }, async (_, i) => await meter.reserve(claim(String(i)))))
  let spent = 0
  for (const answer of answers) {
    if (!answer.granted) continue
    await new Promise((resolve) => setImmediate(resolve)) // lets the other process in between
    spent += meter.settle(answer.id, { costMicroUsd: answer.reservedMicroUsd }).costMicroUsd
  }
  process.stdout.write(`${JSON.stringify({ granted: answers.filter(({ granted }) => granted).length, spent })}\n`)
  meter.close()
  process.stdin.destroy()
  db.close()
}

const share = (): number => systemRandom.bytes(2).readUInt16LE() / 65_536

async function storm(): Promise<void> {
  let made = 0
  const stream = async (): Promise<void> => {
    for (;;) {
      const answer = await meter.reserve(claim(`s${made++}`))
      if (!answer.granted && !answer.transient) return
      await new Promise((resolve) => setTimeout(resolve, share() * 4))
      if (!answer.granted) continue
      meter.progress(answer.id, { inputTokens: 100, outputTokens: 1 })
      const costMicroUsd = Math.floor(answer.reservedMicroUsd * share())
      process.stdout.write(`${meter.settle(answer.id, { costMicroUsd }).costMicroUsd}\n`)
    }
  }
  await Promise.all(Array.from({ length: 32 }, stream))
  meter.close()
  process.stdout.write('done\n')
  process.stdin.destroy()
  db.close()
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, count] = line.split(' ')
  if (order === 'storm') return void storm()
  if (order === 'spend') return void spend(Number(count))
  void Promise.resolve(meter.reserve(claim('held'))).then((answer) =>
    process.stdout.write(`${JSON.stringify(answer)}\n`),
  )
})
process.stdout.write('ready\n')
