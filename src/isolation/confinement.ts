import type { Listen } from '../base/index.ts'
import type { isolationModes } from './settings.ts'

export type IsolationMode = (typeof isolationModes)[number]

/** Who is confined, and what is left to them. */
export interface Confinement {
  /** Names our table, namespace and files; see `nameFor`. */
  name: string
  /** OpenClaw's user. Never 0 and never the guard's. */
  uid: number
  /** Users of tool sandboxes, from the first to the last; `null`: they have none of their own. */
  sandboxUids: { first: number; last: number } | null
  /** The guard's doors. `dns` is `null` where no filter runs: then no name resolves for these users. */
  doors: { model: Listen; egress: Listen; dns: Listen | null }
  /** The gateway listens here, as the first of the users. */
  gatewayPort: number
  /** Further TCP ports of loopback that stay reachable. */
  loopbackPorts: readonly number[]
  /** Whose network of containers it is with `container`; `null`: Podman's where it is installed, else Docker's. */
  engine: 'podman' | 'docker' | null
}

/** The same installation always has the same name, and two on one machine have two: user ids are not shared. */
export function nameFor(openclawUid: number): string {
  return `hardshell_${openclawUid}`
}
