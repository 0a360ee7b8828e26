import type { FindEntry, RunAsGateway } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

// Tries to read, extend and replace the guard's files, and prints what was possible.
const reachForTheLog = `
const fs = require('node:fs')
const path = require('node:path')
const [readable, ...files] = process.argv.slice(1)
fs.accessSync(readable, fs.constants.R_OK) // a program that can open nothing at all would prove nothing
const possible = []
for (const file of files) {
  try { fs.closeSync(fs.openSync(file, 'r')); possible.push('read ' + file) } catch {}
  try { fs.closeSync(fs.openSync(file, 'r+')); possible.push('write ' + file) } catch {}
  try { fs.accessSync(path.dirname(file), fs.constants.W_OK); possible.push('replace ' + file) } catch {}
}
console.log(JSON.stringify(possible))
`

/**
 * The audit log: the agent's user cannot reach it or the guard's state, what was written is on disk and chained,
 * and a changed line would be found.
 *
 * @param ports.separated false when gateway and guard share a user: then nothing can stand between them, the
 *   screen says so, and what is proven is that a change would be found
 * @param ports.readableFile something the gateway's user must be able to read, so that a refusal means something
 * @param ports.tamperedCopyIsFound verifies the newest lines, then a copy of them with one byte changed
 */
export function auditLogSurface(ports: {
  separated: boolean
  readableFile: string
  guardFiles: readonly string[]
  runAsGateway: RunAsGateway
  append: (nonce: string) => Promise<void>
  findEntry: FindEntry
  tamperedCopyIsFound: () => Promise<string | null>
}): Surface {
  return {
    id: 'audit-log',
    title: ports.separated ? "the agent's user cannot touch the log, and a changed line is found" : 'a changed line of the log is found',
    async prove(nonce, signal) {
      await ports.append(nonce)
      if (!(await ports.findEntry(nonce, (e) => e.event_type === 'proof'))) return broken('an acknowledged line is not on disk')
      const wrong = await ports.tamperedCopyIsFound()
      if (wrong !== null) return broken(wrong)
      if (!ports.separated) return held('chain verified; a changed byte was found; no wall: guard and gateway share a user')
      const possible = JSON.parse(await ports.runAsGateway(reachForTheLog, [ports.readableFile, ...ports.guardFiles], signal)) as string[]
      if (possible.length > 0) return broken(`the gateway's user can ${possible.join(', ')}`)
      return held("chain verified; a changed byte was found; the gateway's user was refused")
    },
  }
}
