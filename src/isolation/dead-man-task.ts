/**
 * A process of its own that takes an isolation back when nobody has confirmed it in time. Started before the first
 * change; it outlives the command, the guard and the terminal.
 * Arguments: the record's file, the token of the change, how many milliseconds to wait.
 */
import { rollBack } from './confirm.ts'
import { isolationPorts } from './ports.ts'
import { readIsolation } from './record.ts'

const [recordFile, token, afterMs] = process.argv.slice(2) as [string, string, string]
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => undefined)
// Whoever reads it may be gone: a closed pipe is no reason to die.
process.stdout.on('error', () => undefined)
process.stdout.write('armed\n')

const ports = isolationPorts()
const startedMs = ports.clock.monotonicMs()
const deadlineMs = startedMs + Number(afterMs)
// The record is written as soon as this stands ready, within milliseconds; or never, when the command has died.
const recordMs = 10_000
let wasMine = false
// Confirmed, undone or replaced: nobody has to wait for the rest of an hour.
while (isStillMine() && ports.clock.monotonicMs() < deadlineMs) await new Promise((resolve) => setTimeout(resolve, 250))
await rollBack(recordFile, token, ports)

function isStillMine(): boolean {
  const mine = isMine()
  wasMine ||= mine
  return mine || (!wasMine && ports.clock.monotonicMs() < startedMs + recordMs)
}

function isMine(): boolean {
  const record = readIsolation(recordFile, ports)
  return record !== null && record.token === token && record.state !== 'confirmed'
}
