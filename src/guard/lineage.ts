import { readSessionKey } from '../openclaw/index.ts'
import type { TurnOrigin } from '../proxy/index.ts'

/** Which session spawned which, as the plugin tells it; believed of sub-agents alone. */
export interface Lineage {
  spawned(childSessionKey: string, parentSessionKey: string): void
  /** The session a family began with; a sub-agent whose parents nobody named shares one root with all such. */
  rootOf(sessionKey: string): string
}

// More sub-agents than one gateway runs in weeks; the bound keeps a lying plugin from filling memory.
const maxKnown = 20_000
// OpenClaw's own bound on the depth of spawning is far below; this one ends a circle.
const maxDepth = 64

export function createLineage(): Lineage {
  const parents = new Map<string, string>()
  const rootOf = (sessionKey: string): string => {
    let at = sessionKey
    for (let depth = 0; depth < maxDepth; depth++) {
      const parent = parents.get(at)
      if (parent === undefined) break
      at = parent
    }
    // After a restart of the guard children are orphans. One pot for all of them, or orphans would each have one.
    const { isSubagent, agentId } = readSessionKey(at)
    return isSubagent ? `agent:${agentId}:subagent` : at
  }
  return {
    spawned(child, parent) {
      // Whoever runs as the gateway's user can say this. Of a person's session or a job's it would name another payer.
      if (!readSessionKey(child).isSubagent || child === parent) return
      // The first word stands: a child that later names another parent would choose who pays for it.
      if (parents.has(child)) return
      parents.set(child, parent)
      if (parents.size > maxKnown) parents.delete(parents.keys().next().value!)
    },
    rootOf,
  }
}

/** Who is behind an announced turn: what the hook says, and where it is silent, the session's key. */
export function originOf(
  announced: { sessionKey: string; channel?: string | null; sender?: string | null; jobId?: string | null },
  lineage: Lineage,
): TurnOrigin {
  const { sessionKey } = announced
  const rootSessionKey = lineage.rootOf(sessionKey)
  const root = readSessionKey(rootSessionKey)
  return {
    rootSessionKey,
    user: announced.sender ?? root.user,
    channel: announced.channel ?? root.channel,
    cronJob: announced.jobId ?? root.cronJob,
  }
}
