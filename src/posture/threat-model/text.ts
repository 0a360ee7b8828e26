import { formatDuration } from '../../base/index.ts'
import { plain } from '../report/escape.ts'
import { boundaries, type BoundaryId, type Path, type Risk, type ThreatModel } from './model.ts'

export type PaintRisk = (risk: Risk, text: string) => string

/** The model for a terminal: what there is to lose, then every way in by boundary, worst first. */
export function threatModelText(model: ThreatModel, paint: PaintRisk = (_, text) => text): string {
  const bands = (Object.keys(boundaries) as BoundaryId[]).flatMap((id) => band(id, model, paint))
  return [
    `Threat model of ${plain(model.installation.config ?? 'an installation without openclaw.json')}${model.installation.guarded ? ', guarded' : ', no guard'}`,
    '',
    'To lose',
    ...model.assets.map(({ name, impact }) => `  ${plain(name)} (impact ${impact} of 4)`),
    ...bands,
    ...(model.unknown.length === 0 ? [] : ['', 'Not looked at', ...model.unknown.map((line) => `  ${plain(line)}`)]),
    '',
    summary(model),
  ].join('\n')
}

function band(id: BoundaryId, model: ThreatModel, paint: PaintRisk): string[] {
  const paths = model.paths.filter(({ boundary }) => boundary === id)
  const { title, separates } = boundaries[id]
  return ['', `${title}: separates ${separates}`, ...(paths.length === 0 ? ['  nothing crosses it'] : paths.flatMap((path) => lines(path, model, paint)))]
}

function lines(path: Path, model: ThreatModel, paint: PaintRisk): string[] {
  const entry = model.entryPoints.find(({ id }) => id === path.entry)!
  const stake = path.assets.map((id) => model.assets.find((asset) => asset.id === id)!.name).join(', ')
  return [
    `  ${paint(path.risk, path.risk.toUpperCase().padEnd(8))} ${plain(entry.name)} (${plain(entry.policy)})`,
    `           ${plain(path.threat)}; at stake: ${plain(stake)}`,
    `           covered by: ${coverOf(path, model.now)}`,
    ...path.gaps.slice(0, shownGaps).map((gap) => `           open: ${plain(gap)}`),
    ...(path.gaps.length > shownGaps ? [`           and ${path.gaps.length - shownGaps} more (--json)`] : []),
  ]
}

// Names of all checks of an area would fill the screen; whoever wants them asks for JSON.
const shownChecks = 3
const shownGaps = 5

/** What stands there, in words. */
export function coverOf({ controls, cover, gaps }: Path, now: number): string {
  if (cover === 'nothing') return 'nothing'
  const surfaces = controls.flatMap(({ kind, id, provenAt }) => (kind === 'surface' && provenAt !== null ? [`${id} (proven ${formatDuration(Math.max(0, now - provenAt))} ago)`] : []))
  const checks = controls.filter(({ kind }) => kind === 'check').map(({ id }) => id)
  const more = checks.length > shownChecks ? ` and ${checks.length - shownChecks} more checks` : ''
  if (cover === 'open') return `no control that holds: ${gaps.length} open, though ${checks.length} checks passed`
  return [...surfaces, ...(checks.length === 0 ? [] : [`${checks.slice(0, shownChecks).join(', ')}${more}`])].join(', ')
}

function summary({ paths }: ThreatModel): string {
  const count = (what: Path['cover']): number => paths.filter(({ cover }) => cover === what).length
  return `${paths.length} ${paths.length === 1 ? 'way' : 'ways'} in: ${count('proven')} with a control that was seen to hold, ${count('configured')} configured only, ${count('open')} open, ${count('nothing')} with nothing in the way`
}
