/** The five boundaries of the third guide, in the order a request crosses them. */
export const boundaries = {
  'external-gateway': { title: 'External network → gateway', separates: 'the network from this server', target: 'Gateway' },
  'input-agent': { title: 'Input → agent', separates: 'what others write from what agents decide', target: 'Agents' },
  'agent-tools': { title: 'Agent → tools', separates: 'decisions of agents from actions on the system', target: 'Tools' },
  'clawhub-system': { title: 'ClawHub → system', separates: 'code of others from this system', target: 'System' },
  'memory-context': { title: 'Memory → context', separates: 'what was stored from what is read today', target: 'Context' },
} as const

export type BoundaryId = keyof typeof boundaries

/** What is worth attacking. `impact`: 1 a nuisance, 4 everything is theirs. */
export interface Asset {
  id: string
  kind: 'keys' | 'channel' | 'memory' | 'transcripts' | 'host' | 'money' | 'guard'
  name: string
  impact: Level
}

/** Where something comes in. `likelihood`: 1 hardly anybody can, 4 anybody does. */
export interface EntryPoint {
  id: string
  kind: 'port' | 'door' | 'machine' | 'channel' | 'hook' | 'cron' | 'mcp' | 'skill' | 'plugin' | 'agent' | 'memory'
  /** Attacker-controlled: names of channels, servers and skills come from files anybody may have written. */
  name: string
  /** What is set there, in words. */
  policy: string
  /** Keys to it in openclaw.json, dotted, or the folder it lies in; findings about it begin with them. */
  at: string
  boundary: BoundaryId
  likelihood: Level
  /** What somebody does with it. */
  threat: string
  /** Ids or kinds of assets that are then at stake. */
  reaches: readonly string[]
  /** Surfaces that attack this very way, where they are not those of the whole boundary. */
  surfaces?: readonly string[]
  /** Areas of checks that look at this very way, where they are not those of its kind. */
  areas?: readonly string[]
}

export type Level = 1 | 2 | 3 | 4

/** Something that stands in the way. */
export interface Control {
  kind: 'surface' | 'check'
  id: string
  /** Of a surface: milliseconds since 1970 of the last proof that held, `null` when it does not hold or is not fresh. Of a check: `null`. */
  provenAt: number | null
  holds: boolean
}

/** One way from an entry point over a boundary to assets. */
export interface Path {
  id: string
  entry: string
  boundary: BoundaryId
  threat: string
  assets: readonly string[]
  likelihood: Level
  impact: Level
  risk: Risk
  /** What holds. */
  controls: readonly Control[]
  /** Findings and failed proofs about this way, each in words. */
  gaps: readonly string[]
  /**
   * `proven`: a surface was seen to hold. `configured`: checks passed, nobody attacked it. `open`: a high or critical
   * finding stands open, whatever else passed.
   */
  cover: 'proven' | 'configured' | 'open' | 'nothing'
}

export type Risk = 'low' | 'medium' | 'high' | 'critical'

export interface ThreatModel {
  installation: { config: string | null; guarded: boolean }
  assets: readonly Asset[]
  entryPoints: readonly EntryPoint[]
  paths: readonly Path[]
  /** What could not be looked at: the picture may lack it. */
  unknown: readonly string[]
  /** milliseconds since 1970 */
  now: number
}
