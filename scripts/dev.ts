/**
 * `npm run dev`: OpenClaw behind the guard with the scripted model, in a state folder of its own that is thrown away,
 * started again whenever a source changes. Arguments go to `hardshell start`. Real provider keys are kept out: what is
 * tried here costs nothing and reaches nobody.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../src/cli/main.ts')
const state = mkdtempSync(join(tmpdir(), 'hardshell-dev-'))
const kept = Object.entries(process.env).filter(([name]) => !/_API_KEY(_FILE)?$|^HARDSHELL_/.test(name))
const env = { ...Object.fromEntries(kept), HARDSHELL_STATE: state }

console.error(`dev: state in ${state}, removed at the end`)
const guard = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', main, 'start', ...process.argv.slice(2)],
  { env, stdio: 'inherit' },
)
// Ctrl-C reaches the guard by itself; it stops its gateway and we clean up after it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => guard.kill(signal))
guard.once('error', (error) => console.error(`dev: ${error.message}`))
guard.once('close', (status) => {
  rmSync(state, { recursive: true, force: true, maxRetries: 5 })
  process.exitCode = status ?? 0
})
