/**
 * A process of its own that takes an isolation back when nobody has confirmed it in time. Started before the first
 * change; it outlives the command, the guard and the terminal.
 * Arguments: the record's file, the token of the change, how many milliseconds to wait.
 */
import { rollBack } from './confirm.ts'
import { isolationPorts } from './ports.ts'

const [recordFile, token, afterMs] = process.argv.slice(2) as [string, string, string]
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => undefined)
// Whoever reads it may be gone: a closed pipe is no reason to die.
process.stdout.on('error', () => undefined)
process.stdout.write('armed\n')
await new Promise((resolve) => setTimeout(resolve, Number(afterMs)))
await rollBack(recordFile, token, isolationPorts())
