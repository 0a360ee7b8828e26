/**
 * `npm test`: all tests, then one plain line `N passed, N failed` (`, N skipped`) as the last of stdout. Arguments go
 * to vitest: `npm test -- --project unit`, `npm test -- src/policy -t 'kill switch'`.
 */
import { createVitest, parseCLI } from 'vitest/node'
import { Tally, formatCount } from './tally.ts'

const tally = new Tally()
let crash: unknown = null
try {
  await run(tally, process.argv.slice(2))
} catch (error) {
  crash = error
  console.error(error)
}
const count = tally.count
if (crash !== null && count.failed === 0) count.failed = 1
if (count.failed === 0 && process.exitCode) count.failed = 1 // vitest saw something the tally has no word for
await write(`\n${formatCount(count)}\n`)
process.exit(count.failed > 0 ? 1 : 0)

async function run(tally: Tally, args: string[]): Promise<void> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const chosen = options.reporters ?? (options as { reporter?: string | string[] }).reporter ?? 'default'
  const vitest = await createVitest({
    ...options,
    watch: false,
    run: true,
    reporters: [...[chosen].flat(), tally] as typeof options.reporters,
  })
  // The shared gateway is stopped by vitest's teardown, so Ctrl-C ends the run and not the process.
  process.once('SIGINT', () => void vitest.cancelCurrentRun('keyboard-input'))
  process.once('SIGTERM', () => void vitest.cancelCurrentRun('keyboard-input'))
  try {
    await vitest.start(filter)
  } finally {
    await vitest.close()
  }
}

/** Waits for the bytes: `process.exit` would cut a pipe short, and this line is the one that counts. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}
