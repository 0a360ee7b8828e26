import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { hostOf, type FactReader } from '../subject.ts'
import { findGateways, type RunningGateway } from '../versions/gateway-processes.ts'
import { findInstalled, type Installed } from '../versions/installed.ts'
import { nodeVersionOf, systemNode, type NodeVersion } from '../versions/node-version.ts'

/** What runs and what is installed. */
export interface RunningVersionsFacts {
  platform: Machine['platform']
  /** False for a copy of the files of a machine: nothing runs on it. */
  live: boolean
  /** `null`: processes cannot be seen here. */
  gateways: readonly RunningGateway[] | null
  installed: readonly Installed[]
  /** Version that last wrote the configuration: a hint where no package is found. */
  configVersion: string | null
  /** The Node each gateway runs on; without a gateway the one an installed OpenClaw would. Empty when neither is there. */
  nodes: readonly NodeVersion[]
  /** Programs of gateways whose version nothing tells. */
  unreadNodes: readonly string[]
  /** From os-release; `null` on other systems. */
  os: { id: string; versionId: string; name: string } | null
  /** Milliseconds since 1970. */
  now: number
}

export const runningVersions: FactReader<RunningVersionsFacts> = {
  async read(subject, ask) {
    const host = hostOf(subject)
    const configVersion = await ask('config').then(({ version }) => version, () => null)
    const installed = await findInstalled(host)
    const gateways = await findGateways(host, installed)
    const programs = [...new Set((gateways ?? []).flatMap(({ exe }) => exe ?? []))]
    const read = await Promise.all(programs.map(async (program) => await nodeVersionOf(host, program)))
    const idle = programs.length === 0 ? await nodesOf(host, installed) : []
    return {
      platform: host.platform,
      live: host.live,
      gateways,
      installed,
      configVersion,
      nodes: [...read.flatMap((one) => one ?? []), ...idle],
      unreadNodes: programs.filter((_, i) => read[i] === null),
      os: osOf((await host.text('/etc/os-release').catch(() => null)) ?? (await host.text('/usr/lib/os-release').catch(() => null))),
      now: subject.now,
    }
  },
}

/** npm puts programs beside the Node they are for; elsewhere it is the one of the system. */
async function nodesOf(host: Machine, installed: readonly Installed[]): Promise<readonly NodeVersion[]> {
  const found = await Promise.all(installed.map(async ({ path, global }) => (global ? await nodeVersionOf(host, posix.resolve(path, '../../../bin/node')) : null) ?? (await systemNode(host))))
  return [...new Map(found.flatMap((one) => (one === null ? [] : [[one.program, one]]))).values()]
}

/** os-release(5): `KEY=value` lines, quoted or not. */
function osOf(text: string | null): RunningVersionsFacts['os'] {
  if (text === null) return null
  const at = (key: string): string | undefined => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]
  const id = at('ID')
  return id === undefined ? null : { id, versionId: at('VERSION_ID') ?? '', name: at('PRETTY_NAME') ?? id }
}
