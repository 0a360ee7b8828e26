import { networkInterfaces } from 'node:os'
import { messageOf, nonce } from '../base/index.ts'
import type { Ran, RunProgram } from '../host/index.ts'
import type { Answer, Attempt, Targets } from './attempts/attempt.ts'
import { attempts } from './attempts/registry.ts'
import { openServices, type Services } from './services.ts'
import { openWitness, pythonHere, type Witness } from './witness.ts'

/** What came of one attempt. */
export interface AttemptResult {
  id: string
  attempt: string
  /** `not-applicable` is no refusal: what it needs is not on this machine, and `detail` says what. */
  result: 'refused' | 'escaped' | 'not-applicable'
  detail: string
}

/** Runs a program where OpenClaw's programs run: as its user, with its rights, inside its namespaces. */
export type RunInside = (command: readonly string[], timeoutMs: number) => Promise<Ran>

/** What stands on this machine that must not be reachable. */
export interface Guarded {
  /** Of the guard, or of a stand-in that is as protected. */
  pid: number
  /** `null` where no guard has run yet: a stand-in is made. */
  folder: string | null
  files: readonly string[]
  socket: string | null
  /** The guard's doors as seen from inside, when one runs; empty when the inside cannot see those of a stand-in either. */
  ports: readonly number[] | null
  gatewayPort: number
  programs: readonly string[]
  ownDoors: readonly string[]
  /** Addresses of this machine nearest to the inside, with their device where they need one; `null`: those of the outside that is made. */
  machineAddresses: readonly string[] | null
}

// Each waits some seconds for answers at most; a loaded machine starts a Node in one.
const attemptTimeoutMs = 20_000
// They mostly wait, for a program to start or for an answer that does not come.
const atOnce = 3

/**
 * Tries every way out from inside, and looks at the other end for what arrived. Speaks to nobody but this machine and
 * an outside made for the purpose, which is removed again. Without root there is no such outside: then packets go to
 * addresses nobody has, and one the kernel does not refuse counts as escaped.
 *
 * @param wanted the attempts to make; all by default
 */
export async function verifyIsolation(guarded: Guarded, ports: VerifyPorts, wanted: readonly Attempt[] = attempts): Promise<AttemptResult[]> {
  const witness = await openWitness(ports.run, process.execPath)
  const services = await openServices(witness?.outside.own4 ?? null, guarded.machineAddresses ?? addressesOf(witness))
  try {
    const python = ports.python === undefined ? pythonHere() : ports.python
    const results = new Map<string, AttemptResult>()
    const left = [...wanted]
    const work = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        results.set(next.id, await make(next, { guarded, witness, services, python }, ports))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    return wanted.map(({ id }) => results.get(id)!)
  } finally {
    await services.close()
    await witness?.close()
  }
}

/** Where the attempts run, and by what. */
export interface VerifyPorts {
  run: RunProgram
  runInside: RunInside
  node: string
  /** A Python inside, `null`: none; left out: this machine's. */
  python?: string | null
}

function addressesOf(witness: Witness | null): string[] {
  if (witness === null) return []
  const { own6, interface: device } = witness.outside
  const linkLocal = (networkInterfaces()[device] ?? []).filter(({ address }) => address.startsWith('fe80'))
  return [own6, ...linkLocal.map(({ address }) => `${address}%${device}`)]
}

interface World {
  guarded: Guarded
  witness: Witness | null
  services: Services
  python: string | null
}

async function make(attempt: Attempt, world: World, { runInside, node }: VerifyPorts): Promise<AttemptResult> {
  const { id, attempt: what } = attempt
  const base = { id, attempt: what }
  if (attempt.tool === 'python' && world.python === null) return { ...base, result: 'not-applicable', detail: 'needs python3, which is not installed' }
  const targets = targetsFor(world)
  const command = attempt.tool === 'node' ? [node, '-e', attempt.program] : [world.python!, '-c', attempt.program]
  try {
    const ran = await runInside([...command, JSON.stringify(targets)], attemptTimeoutMs)
    const answer = readAnswer(ran)
    if (answer.verdict === 'sent') await untilHeard(targets.nonce, world.witness)
    return { ...base, ...judge(answer, targets.nonce, world) }
  } catch (error) {
    // Nothing was proven: that is not a refusal by anybody.
    return { ...base, result: 'not-applicable', detail: `could not be tried: ${messageOf(error)}` }
  }
}

function targetsFor({ guarded, witness, services }: World): Targets {
  const { ports: services4, doors, socket, secretFile, folder } = services
  return {
    nonce: nonce(),
    outside: witness?.outside ?? null,
    v4: witness?.v4 ?? '192.0.2.2',
    v6: witness?.v6 ?? '2001:db8::2',
    services: services4,
    guard: {
      pid: guarded.pid,
      folder: guarded.folder ?? folder,
      files: [...guarded.files, secretFile],
      socket: guarded.socket ?? socket,
      ports: guarded.ports ?? doors,
    },
    gatewayPort: guarded.gatewayPort,
    programs: guarded.programs,
    ownDoors: guarded.ownDoors,
  }
}

function readAnswer({ status, out, err }: Ran): Answer {
  const line = out.trim().split('\n').at(-1) ?? ''
  if (line.startsWith('{')) return JSON.parse(line) as Answer
  throw new Error(`it ended with ${status} and no answer: ${err.trim().split('\n').at(-1) ?? ''}`.slice(0, 300))
}

// The listener at the other end is a process of its own, and the machine may be busy.
const hearingMs = 5000

async function untilHeard(word: string, witness: Witness | null): Promise<void> {
  for (let waitedMs = 0; witness !== null && !witness.heard(word) && waitedMs < hearingMs; waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The other end has the last word: what arrived there escaped, whatever its sender believes. */
function judge({ verdict, detail }: Answer, word: string, { witness, services }: World): Pick<AttemptResult, 'result' | 'detail'> {
  if (witness?.heard(word) === true) return { result: 'escaped', detail: `it arrived at the other end (${detail})` }
  if (services.heard(word)) return { result: 'escaped', detail: 'a service of this machine received it' }
  if (verdict === 'absent') return { result: 'not-applicable', detail }
  if (verdict !== 'sent') return { result: verdict, detail }
  if (witness === null) return { result: 'escaped', detail: `the kernel let it leave (${detail})` }
  return { result: 'refused', detail: `${detail} without an error, and nothing arrived` }
}
