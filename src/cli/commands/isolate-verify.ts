import { parentOf, runProgram } from '../../host/index.ts'
import type { Status } from '../../control/index.ts'
import { gatewayUser } from '../../guard/gateway-user.ts'
import { readAdoption } from '../../guard/adoption-record.ts'
import { guardedOf, isolationNow } from '../../guard/isolation.ts'
import { runAndCollect } from '../../guard/launch.ts'
import type { StatePaths } from '../../guard/paths.ts'
import { readConfiguration } from '../../guard/prepare.ts'
import { nodeFor } from '../../guard/programs.ts'
import { entryOf, insideContainer, verifyIsolation, wallOf, type AttemptResult, type Guarded, type InsideContainer, type RunInside } from '../../isolation/index.ts'
import { ask, pathsFor } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell isolate verify`: tries to get out, from inside. Exit 1 when anything escaped. */
export async function verify(options: Options, terminal: Terminal): Promise<number> {
  const paths = pathsFor(options, terminal)
  const { config } = await readConfiguration({ config: typeof options['config'] === 'string' ? options['config'] : undefined, env: terminal.env, cwd: terminal.cwd })
  const mode = isolationNow(paths)?.mode ?? 'off'
  const container = typeof options['container'] === 'string' || mode === 'container' ? await containerOf(options, paths) : null
  const guarded = guardedOf(paths, config, await guardPid(options, terminal))
  const results = container === null ? await fromOwnUser(mode, guarded, paths, terminal) : await fromContainer(container, mode, guarded, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify(results, null, 2))
  else terminal.out(table(results, terminal))
  const escaped = results.filter(({ result }) => result === 'escaped')
  terminal.err(summary(results))
  return escaped.length === 0 ? 0 : 1
}

async function fromOwnUser(mode: string, guarded: Guarded, paths: StatePaths, terminal: Terminal): Promise<AttemptResult[]> {
  const { runInside, user } = insideOf(paths)
  terminal.err(`isolation ${mode}: trying to get out as ${user === null ? 'this user, whom the guard shares (run as root for a wall to test)' : `uid ${user}`}`)
  return await verifyIsolation(guarded, { run: runProgram, runInside, node: await nodeFor(user !== null, paths.runtime) })
}

async function containerOf(options: Options, paths: StatePaths): Promise<InsideContainer> {
  const name = options['container']
  const confinement = isolationNow(paths)?.confinement
  const wanted = typeof name === 'string' ? { name } : { network: confinement!.name, engine: confinement!.engine }
  return await insideContainer(wanted, { run: runProgram })
}

async function fromContainer(container: InsideContainer, mode: string, guarded: Guarded, terminal: Terminal): Promise<AttemptResult[]> {
  const { name, engine, others, machineAddresses } = container
  terminal.err(`isolation ${mode}: trying to get out of the container ${name} (${engine})${others.length === 0 ? '' : `; on its networks, and reached by it, are ${others.join(', ')}`}`)
  if (container.python === null) terminal.err('there is no python3 in it: what Node cannot try is told as not applicable')
  // The doors are other containers; what is at their ports in this one is its own.
  return await verifyIsolation({ ...guarded, ports: [], machineAddresses }, { run: runProgram, ...container })
}

/** Where the gateway's programs run: the same user, rights and namespaces, by the same launcher. */
function insideOf(paths: StatePaths): { runInside: RunInside; user: number | null } {
  const adoption = readAdoption(paths.adoption)
  const record = isolationNow(paths)
  const own = adoption ? adoption.user : gatewayUser(paths.root)
  const user = own && record ? { ...own, enter: entryOf(record), wall: wallOf(record) } : own
  return {
    user: user?.uid ?? null,
    runInside: async ([program, ...args], timeoutMs) => await runAndCollect({ program: program!, args, env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' }, cwd: '/', user }, { timeoutMs }),
  }
}

/** The guard started the gateway: its parent is the one to look at. */
async function guardPid(options: Options, terminal: Terminal): Promise<number | null> {
  try {
    const { gateway } = await ask<Status>(options, terminal, 'status')
    return gateway.pid === null ? null : parentOf(gateway.pid)
  } catch {
    return null // no guard runs: this process stands in for it
  }
}

function table(results: readonly AttemptResult[], { paint }: Terminal): string {
  const words = { refused: paint('green', 'refused'), escaped: paint('red', 'escaped'), 'not-applicable': paint('dim', 'not applicable') }
  return columns(results.map(({ id, attempt, result, detail }) => [words[result], id, attempt, visible(detail)]))
}

function summary(results: readonly AttemptResult[]): string {
  const count = (result: AttemptResult['result']): number => results.filter((one) => one.result === result).length
  return `${results.length} attempts: ${count('refused')} refused, ${count('escaped')} escaped, ${count('not-applicable')} not applicable here`
}
