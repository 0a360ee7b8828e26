import { runProgram } from '../../../src/host/index.ts'
import { attempts, verifyIsolation } from '../../../src/isolation/index.ts'

/**
 * The other side of every attempt that the user of its own stops: made as root, as if guard and agent shared a user.
 * Run inside a machine of the tests' own; prints the results.
 */
const wanted = attempts.filter(({ opensWithout }) => opensWithout === 'own-user')
const guarded = { pid: process.pid, folder: null, files: [], socket: null, ports: null, gatewayPort: 18_710, programs: [process.execPath], ownDoors: [], machineAddresses: null }
const runInside = (command: readonly string[], timeoutMs: number) => runProgram(command, { timeoutMs })
console.log(JSON.stringify(await verifyIsolation(guarded, { run: runProgram, runInside, node: process.execPath }, wanted)))
