import { systemClock } from '../base/index.ts'
import { openAuditLog } from './open.ts'

// Appends until it is killed; prints the place of every entry that was acknowledged to it.
const log = await openAuditLog({ path: process.argv[2]!, rotateBytes: 50_000 }, { clock: systemClock })

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const entry = { event_type: 'tool_call', agent_id: `agent-${writer}`, input_summary: `query ${i}` } as const
    const { seq } = await log.append(entry)
    process.stdout.write(`${seq}\n`)
  }
}

await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)))
