import { HardshellError } from '../base/index.ts'
import { findProgram } from '../host/index.ts'
import { bridgeAddresses, containerNetwork, containersOn, engineFor, type Engine } from './container-network.ts'
import type { IsolationPorts } from './ports.ts'
import type { RunInside } from './verify.ts'

/** A running container, to try the ways out from. */
export interface InsideContainer {
  name: string
  engine: Engine
  /** As the container's own user, with its rights and its filter; by its engine. */
  runInside: RunInside
  node: string
  python: string | null
  /** Addresses of this machine that are nearest to it. */
  machineAddresses: readonly string[]
  /** Other containers on its networks: it reaches those by design. */
  others: readonly string[]
}

type Ports = Pick<IsolationPorts, 'run'>

/**
 * Finds the container of that name, whichever engine runs it, or the first that is on a network.
 * @throws HardshellError `isolation.not-applied` when there is none, `isolation.verification-failed` when no Node can be run in it
 */
export async function insideContainer(wanted: { name: string } | { network: string; engine: Engine | null }, ports: Ports): Promise<InsideContainer> {
  const { name, engine } = 'name' in wanted ? await named(wanted.name, ports) : await firstOn(wanted, ports)
  const runInside: RunInside = async (command, timeoutMs) => await ports.run([engine, 'exec', name, ...command], { timeoutMs })
  // A Node that starts while everything else on the machine does.
  const answers = async (program: string): Promise<boolean> => (await runInside([program, '--version'], 20_000)).status === 0
  if (!(await answers('node'))) throw new HardshellError('isolation.verification-failed', `no node can be run in the container ${name}`, { hint: `${engine} exec ${name} node --version` })
  const networks = await networksOf(name, engine, ports)
  const others = await Promise.all(networks.map(async (network) => await containersOn(network, engine, ports)))
  const addresses = await Promise.all(networks.map(async (network) => await addressesOn(network, engine, ports)))
  return {
    name,
    engine,
    runInside,
    node: 'node',
    python: (await answers('python3')) ? 'python3' : null,
    machineAddresses: addresses.flat(),
    others: [...new Set(others.flat())].filter((other) => other !== name),
  }
}

async function named(name: string, { run }: Ports): Promise<{ name: string; engine: Engine }> {
  for (const engine of ['podman', 'docker'] as const) {
    if (findProgram(engine) === null) continue
    const { status, out } = await run([engine, 'container', 'inspect', '--format', '{{.State.Running}}', name])
    if (status === 0 && out.trim() === 'true') return { name, engine }
  }
  throw new HardshellError('isolation.not-applied', `no container ${JSON.stringify(name)} runs`, { hint: 'podman ps, or docker ps' })
}

async function firstOn({ network, engine: wanted }: { network: string; engine: Engine | null }, ports: Ports): Promise<{ name: string; engine: Engine }> {
  const engine = engineFor({ engine: wanted })
  const [name] = engine === null ? [] : await containersOn(network, engine, ports)
  if (engine !== null && name !== undefined) return await named(name, ports)
  throw new HardshellError('isolation.not-applied', `no container is on the network ${network}: there is nothing to try the ways out from`, { hint: `${engine ?? 'podman'} run --network ${network} …, or hardshell isolate verify --container NAME` })
}

async function networksOf(name: string, engine: Engine, { run }: Ports): Promise<string[]> {
  const { out } = await run([engine, 'container', 'inspect', '--format', '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}\n{{end}}', name])
  return out.split('\n').filter(Boolean)
}

async function addressesOn(name: string, engine: Engine, ports: Ports): Promise<string[]> {
  const network = await containerNetwork({ name, engine }, ports)
  return network === null ? [] : await bridgeAddresses(network.bridge, ports)
}
