import { writeSync } from 'node:fs'
import { systemClock } from '../base/index.ts'
import { openAuditLog } from './open.ts'

// Hands entries over until it is killed, a few in every turn as a busy door does, and prints the number of each one
// the moment `write` has returned.
const log = await openAuditLog({ path: process.argv[2]!, rotateBytes: 50_000 }, { clock: systemClock })
let number = Number(process.argv[3]!)

function burst(): void {
  for (let i = 0; i < 5; i++) {
    log.write({ event_type: 'model_request', input_summary: `handed ${number}` })
    writeSync(1, `${number}\n`)
    log.note({ event_type: 'model_request', result_summary: `noted ${number}` })
    number++
  }
  setImmediate(burst)
}

burst()
