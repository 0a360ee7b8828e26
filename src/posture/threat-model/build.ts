import type { ConfigFacts } from '../facts/config.ts'
import type { GuardConfigFacts } from '../facts/guard-config.ts'
import type { PluginsInstalledFacts } from '../facts/plugins-installed.ts'
import type { ProofFacts } from '../facts/proofs.ts'
import type { SkillsInstalledFacts } from '../facts/skills-installed.ts'
import type { SocketsFacts } from '../facts/sockets.ts'
import type { Fact } from '../gather.ts'
import type { Finding, Judged } from '../judge.ts'
import { shownDeep } from '../shown-evidence.ts'
import { assetsOf } from './assets.ts'
import { entryPointsOf } from './entry-points.ts'
import { foundEntries } from './found.ts'
import type { Asset, BoundaryId, Control, EntryPoint, Level, Path, Risk, ThreatModel } from './model.ts'

export interface ThreatFacts {
  config: Fact<ConfigFacts>
  guardConfig: Fact<GuardConfigFacts>
  proofs: Fact<ProofFacts>
  skillsInstalled?: Fact<SkillsInstalledFacts>
  pluginsInstalled?: Fact<PluginsInstalledFacts>
  sockets?: Fact<SocketsFacts>
}

/** What can happen to this installation, on which way, and what stands there. Pure. */
export function threatModelOf(facts: ThreatFacts, judged: Judged, now: number): ThreatModel {
  const config = facts.config.known ? facts.config.value : null
  const guard = facts.guardConfig.known ? facts.guardConfig.value : null
  const assets = assetsOf(config, guard)
  const configured = entryPointsOf(config, guard)
  const entryPoints = [...configured, ...foundEntries({ skills: valueOf(facts.skillsInstalled), plugins: valueOf(facts.pluginsInstalled), sockets: valueOf(facts.sockets) }, configured)]
  const proofs = facts.proofs.known ? facts.proofs.value : null
  const ways = entryPoints.map((entry) => pathOf(entry, { assets, judged, proofs, now }))
  // Names of agents, servers and skills are somebody's choice, and now and then a key.
  return shownDeep({
    installation: { config: config?.path ?? null, guarded: guard?.guard != null },
    assets,
    entryPoints,
    paths: ways.sort((a, b) => riskOrder.indexOf(b.risk) - riskOrder.indexOf(a.risk) || coverOrder.indexOf(a.cover) - coverOrder.indexOf(b.cover)),
    unknown: Object.entries(facts as unknown as Record<string, Fact<unknown>>).flatMap(([name, fact]) => (fact.known ? [] : [`${name}: ${fact.why}`])),
    now,
  })
}

function valueOf<T>(fact: Fact<T> | undefined): T | null {
  return fact?.known ? fact.value : null
}

const riskOrder: readonly Risk[] = ['low', 'medium', 'high', 'critical']
const coverOrder: readonly Path['cover'][] = ['nothing', 'open', 'configured', 'proven']

/** What stands at a boundary: surfaces that are attacked, areas of checks that look at it. */
const guardsOf: Readonly<Record<BoundaryId, { surfaces: readonly string[]; areas: readonly string[] }>> = {
  'external-gateway': { surfaces: ['ingress'], areas: ['gateway', 'auth', 'control-ui', 'hooks', 'firewall', 'network', 'tls'] },
  'input-agent': { surfaces: ['tool-call', 'redaction', 'canary'], areas: ['channels', 'sessions', 'cron', 'mcp'] },
  'agent-tools': { surfaces: ['tool-call', 'sandbox', 'egress', 'dns', 'kernel', 'budget'], areas: ['tools', 'exec', 'elevated', 'sandbox', 'approvals', 'agents', 'browser'] },
  'clawhub-system': { surfaces: ['sandbox', 'egress', 'kernel'], areas: ['skills', 'plugins', 'mcp'] },
  'memory-context': { surfaces: ['canary', 'redaction'], areas: ['memory', 'files'] },
}

/** Where a boundary is crossed by things of several kinds, only the checks about its own kind count for one. */
const areasOfKind: Readonly<Partial<Record<EntryPoint['kind'], readonly string[]>>> = {
  port: ['gateway', 'auth', 'control-ui', 'firewall', 'network', 'tls'],
  door: [],
  machine: ['firewall', 'network'],
  hook: ['hooks'],
  channel: ['channels', 'sessions'],
  cron: ['cron'],
  mcp: ['mcp'],
  skill: ['skills'],
  plugin: ['plugins'],
}

interface Seen {
  assets: readonly Asset[]
  judged: Judged
  proofs: ProofFacts | null
  now: number
}

function pathOf(entry: EntryPoint, { assets, judged, proofs, now }: Seen): Path {
  const surfaces = entry.surfaces ?? guardsOf[entry.boundary].surfaces
  const areas = entry.areas ?? areasOfKind[entry.kind] ?? guardsOf[entry.boundary].areas
  const about = (id: string): boolean => areas.includes(id.slice(0, id.indexOf('.')))
  const findings = judged.findings.filter((finding) => about(finding.id) && isHere(finding, entry))
  const failed = new Set(judged.findings.map(({ id }) => id))
  const proven = surfaces.flatMap((id) => surfaceControl(id, proofs, now))
  const passed = judged.passed.filter((id) => about(id) && !failed.has(id)).map((id): Control => ({ kind: 'check', id, provenAt: null, holds: true }))
  const controls = [...proven.filter(({ holds }) => holds), ...passed]
  const stake = assets.filter(({ id, kind }) => entry.reaches.includes(id) || entry.reaches.includes(kind))
  const impact = Math.max(1, ...stake.map((asset) => asset.impact)) as Level
  return {
    id: `${entry.id}→${entry.boundary}`,
    entry: entry.id,
    boundary: entry.boundary,
    threat: entry.threat,
    assets: stake.map(({ id }) => id),
    likelihood: entry.likelihood,
    impact,
    risk: riskOf(entry.likelihood, impact),
    controls,
    gaps: [...findings.map(({ id, at, evidence }) => `${id}: ${at}: ${evidence}`), ...proven.filter(({ holds }) => !holds).map(({ id }) => `surface ${id}: no fresh proof`)],
    cover: coverOf(controls, findings),
  }
}

function coverOf(controls: readonly Control[], findings: readonly Finding[]): Path['cover'] {
  if (controls.some(({ kind }) => kind === 'surface')) return 'proven'
  // Thirty checks that pass do not close a door that stands open.
  if (findings.some(({ severity }) => severity === 'critical' || severity === 'high')) return 'open'
  return controls.length > 0 ? 'configured' : 'nothing'
}

/** A finding about one named thing is told there; one about the whole is told of each. */
function isHere({ at }: Finding, { at: place, kind }: EntryPoint): boolean {
  if (!['channel', 'mcp', 'skill', 'plugin', 'agent'].includes(kind)) return true
  if (at === place || at.startsWith(`${place}.`) || (place.startsWith('/') && (at.startsWith(`${place}/`) || at.startsWith(`${place}:`)))) return true
  // A file is the fault of what it belongs to, a setting of everything of its kind.
  if (at.startsWith('/')) return false
  const family = place.split('.').slice(0, kind === 'channel' ? 1 : 2).join('.')
  return !at.startsWith(`${family}.`)
}

function surfaceControl(id: string, proofs: ProofFacts | null, now: number): Control[] {
  const found = proofs?.surfaces.find((surface) => surface.id === id)
  if (!found || proofs === null) return []
  const holds = found.ok && now - found.at <= proofs.freshMs
  return [{ kind: 'surface', id, provenAt: holds ? found.at : null, holds }]
}

/** Likelihood times impact, 1 to 16, in four bands. */
function riskOf(likelihood: Level, impact: Level): Risk {
  const product = likelihood * impact
  return product >= 12 ? 'critical' : product >= 8 ? 'high' : product >= 4 ? 'medium' : 'low'
}
