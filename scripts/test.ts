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
  // What --reporter named stands in `reporter`, and would win over the list with the tally in it.
  const { reporter = ['default'], ...others } = options as typeof options & { reporter?: string[] }
  const reporters = [...reporter, tally] as typeof options.reporters
  const vitest = await createVitest({ ...others, watch: false, run: true, reporters })
  // Ctrl-C ends the run and not the process, so that the teardown stops the shared gateway. Vitest's own listener
  // would exit within a millisecond and has to go; a second Ctrl-C meets no listener, and ends everything.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.removeAllListeners(signal)
    process.once(signal, () => void vitest.cancelCurrentRun('keyboard-input'))
  }
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
