import { formatDuration } from '../../base/index.ts'
import { markup, plain } from '../report/escape.ts'
import { boundaries, type BoundaryId, type Path, type ThreatModel } from './model.ts'
import { coverOf } from './text.ts'

/** Pixels. Columns from left to right: what comes in, what stands in its way, where it leads, what is at stake. */
const width = 1280
const columns = { entry: [36, 400], cover: [436, 756], target: [792, 932], assets: [968, 1244] } as const
const row = { height: 46, gap: 10 }
const band = { head: 34, pad: 12, gap: 16, empty: 26 }
const headHeight = 104

/**
 * The model as one picture: a band for each boundary, ways in on the left, what they lead to in the middle, what is at
 * stake on the right. Self-contained, without script, link or font; every name is escaped, long ones are clipped and
 * whole in the tooltip.
 */
export function threatModelSvg(model: ThreatModel): string {
  const bands: string[] = []
  let y = headHeight
  for (const id of Object.keys(boundaries) as BoundaryId[]) {
    const paths = model.paths.filter((path) => path.boundary === id)
    bands.push(bandAt(y, { id, paths, model }))
    y += bandHeight(paths.length) + band.gap
  }
  const title = `Threat model of ${model.installation.config ?? 'an installation without openclaw.json'}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${markup(title)}</title>`,
    `<desc id="desc">${markup(descriptionOf(model))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${y}"/>`,
    ...head(title, model),
    ...bands,
    '</svg>',
    '',
  ].join('\n')
}

function bandHeight(count: number): number {
  return band.head + band.pad + (count === 0 ? band.empty : count * row.height + (count - 1) * row.gap + band.pad)
}

function head(title: string, model: ThreatModel): string[] {
  const legend = [['critical', 'critical'], ['high', 'high'], ['medium', 'medium'], ['low', 'low risk'], ['proven', 'seen to hold'], ['configured', 'configured only'], ['nothing', 'open, or nothing there']] as const
  const [entry, cover, target, assets] = [columns.entry[0], columns.cover[0], columns.target[0], columns.assets[0]]
  return [
    text(36, 34, title, { of: 96, as: 'title' }),
    text(width - 36, 34, model.installation.guarded ? 'guarded' : 'no guard', { of: 20, as: 'note end' }),
    ...legend.map(([kind, word], i) => `<circle class="dot ${kind}" cx="${42 + i * 128}" cy="58" r="5"/>${text(54 + i * 128, 62, word, { of: 24, as: 'note' })}`),
    ...([[entry, 'comes in'], [cover, 'stands in its way'], [target, 'leads to'], [assets, 'at stake']] as const).map(([x, word]) => text(x, 92, word, { of: 20, as: 'column' })),
  ]
}

function bandAt(y: number, { id, paths, model }: { id: BoundaryId; paths: readonly Path[]; model: ThreatModel }): string {
  const { title, separates, target } = boundaries[id]
  const height = bandHeight(paths.length)
  const first = y + band.head + band.pad
  const inner = height - band.head - 2 * band.pad
  const parts = [
    `<rect class="band" x="20" y="${y}" width="${width - 40}" height="${height}" rx="10"/>`,
    text(36, y + 23, title, { of: 40, as: 'band-title' }),
    text(width - 36, y + 23, `separates ${separates}`, { of: 80, as: 'note end' }),
  ]
  if (paths.length === 0) return group('band', title, [...parts, text(36, first + 16, 'nothing crosses it', { of: 40, as: 'note' })])
  const [left, right] = columns.target
  parts.push(`<rect class="target" x="${left}" y="${first}" width="${right - left}" height="${inner}" rx="8"/>`, text((left + right) / 2, first + inner / 2 + 5, target, { of: 16, as: 'target-name' }))
  const rows = paths.map((path, i) => rowAt(first + i * (row.height + row.gap), path, model))
  return group('band', title, [...parts, ...rows])
}

function rowAt(y: number, path: Path, model: ThreatModel): string {
  const entry = model.entryPoints.find(({ id }) => id === path.entry)!
  const stake = stakeOf(path, model)
  const cover = coverOf(path, model.now)
  const gap = path.gaps.length === 0 ? path.threat : `${path.gaps[0]}`
  const middle = y + row.height / 2
  const full = `${path.risk}: ${entry.name} (${entry.policy}). ${path.threat}. At stake: ${stake}. In its way: ${cover}.${path.gaps.map((gap) => ` Open: ${gap}.`).join('')}`
  return group('row', full, [
    box(columns.entry, y, `entry ${path.risk}`),
    `<rect class="bar ${path.risk}" x="${columns.entry[0]}" y="${y}" width="6" height="${row.height}" rx="3"/>`,
    text(columns.entry[0] + 16, y + 19, entry.name, { of: 36, as: 'name' }),
    text(columns.entry[0] + 16, y + 36, entry.policy, { of: 52, as: 'note' }),
    text(columns.entry[1] - 10, y + 19, path.risk, { of: 10, as: `risk end ${path.risk}` }),
    arrow(columns.entry[1], columns.cover[0], middle, path.risk),
    box(columns.cover, y, `cover ${path.cover}`),
    `<circle class="dot ${path.cover}" cx="${columns.cover[0] + 14}" cy="${y + 15}" r="5"/>`,
    text(columns.cover[0] + 26, y + 19, shortCover(path, model.now), { of: 38, as: 'name' }),
    text(columns.cover[0] + 26, y + 36, gap, { of: 46, as: 'note' }),
    arrow(columns.cover[1], columns.target[0], middle, path.risk),
    arrow(columns.target[1], columns.assets[0], middle, 'plain'),
    box(columns.assets, y, 'asset'),
    ...wrapped(stake, 42).map((line, i, all) => text(columns.assets[0] + 12, y + (all.length === 1 ? 27 : 19 + i * 17), line, { of: 42, as: 'note' })),
  ])
}

/** One line for the box; the tooltip has all of it. */
function shortCover({ controls, cover, gaps }: Path, now: number): string {
  if (cover === 'nothing') return 'nothing'
  if (cover === 'open') return gaps.length === 1 ? '1 finding open' : `${gaps.length} findings open`
  const surfaces = controls.filter(({ kind }) => kind === 'surface')
  const checks = controls.filter(({ kind }) => kind === 'check').map(({ id }) => id)
  if (surfaces.length === 0) return checks.length === 1 ? checks[0]! : `${checks.length} checks passed`
  const oldest = Math.min(...surfaces.map(({ provenAt }) => provenAt ?? now))
  return `${surfaces.map(({ id }) => id).join(', ')}: proven ${formatDuration(Math.max(0, now - oldest))} ago`
}

/** Keys of many providers in one word: the box has two lines. */
function stakeOf({ assets }: Path, model: ThreatModel): string {
  const found = assets.map((id) => model.assets.find((asset) => asset.id === id)!)
  const keys = found.filter(({ kind }) => kind === 'keys')
  const others = found.filter(({ kind }) => kind !== 'keys').map(({ name }) => name)
  return [...(keys.length === 0 ? [] : [keys.length === 1 ? keys[0]!.name : `keys for ${keys.length} providers`]), ...others].join(', ')
}

function box([left, right]: readonly [number, number], y: number, as: string): string {
  return `<rect class="box ${as}" x="${left}" y="${y}" width="${right - left}" height="${row.height}" rx="8"/>`
}

function arrow(from: number, to: number, y: number, as: string): string {
  return `<path class="arrow ${as}" d="M${from + 2} ${y}H${to - 9}"/><path class="tip ${as}" d="M${to - 10} ${y - 5}L${to - 2} ${y}L${to - 10} ${y + 5}Z"/>`
}

function text(x: number, y: number, words: string, { of, as }: { of: number; as: string }): string {
  return `<text class="${as}" x="${x}" y="${y}">${markup(clipped(words, of))}</text>`
}

function group(kind: string, title: string, parts: readonly string[]): string {
  return `<g class="${kind}-group"><title>${markup(title)}</title>\n${parts.join('\n')}\n</g>`
}

/** By characters people see, not by halves of pairs. */
function clipped(words: string, of: number): string {
  const signs = [...new Intl.Segmenter('en').segment(plain(words))].map(({ segment }) => segment)
  return signs.length <= of ? signs.join('') : `${signs.slice(0, of - 1).join('')}…`
}

/** Two lines at most, broken between the parts. */
function wrapped(words: string, of: number): string[] {
  if (words.length <= of) return [words]
  const parts = words.split(', ')
  let first = ''
  while (parts.length > 1 && `${first}${parts[0]}, `.length <= of) first += `${parts.shift()}, `
  return first === '' ? [words] : [first.trimEnd(), parts.join(', ')]
}

function descriptionOf({ paths, entryPoints, assets }: ThreatModel): string {
  const bare = paths.filter(({ cover }) => cover === 'nothing' || cover === 'open').length
  const worst = paths.filter(({ risk }) => risk === 'critical').length
  return `${entryPoints.length} ways in to ${assets.length} assets over five trust boundaries; ${worst} of critical risk, ${bare} open or with nothing in the way. Each row reads from left to right: what comes in, what stands in its way, where it leads, what is at stake.`
}

// Colours carry words beside them everywhere: nobody has to tell red from green.
const style = `
text{font:12px/1 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
svg{--page:#fff;--band:#f4f6f8;--line:#c9d1d9;--box:#fff;--ink:#1f2328;--dim:#57606a;--critical:#b3171d;--high:#bc4c00;--medium:#8a6100;--low:#3d6a4f;--proven:#1a7f37;--configured:#9a6700;--nothing:#b3171d}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--band:#161b22;--line:#3d444d;--box:#0d1117;--ink:#e6edf3;--dim:#9198a1;--critical:#ff7b72;--high:#f0883e;--medium:#d4a72c;--low:#7ee2a8;--proven:#3fb950;--configured:#d29922;--nothing:#ff7b72}}
.page{fill:var(--page)}.band{fill:var(--band);stroke:var(--line)}.box{fill:var(--box);stroke:var(--line)}.target{fill:var(--box);stroke:var(--dim);stroke-width:1.5}
.title{font-size:18px;font-weight:600}.band-title{font-size:14px;font-weight:600}.target-name{font-size:14px;font-weight:600;text-anchor:middle}.name{font-weight:600}.note,.column{font-size:11px;fill:var(--dim)}.column{letter-spacing:.06em;text-transform:uppercase}.end{text-anchor:end}
.risk{font-size:11px;font-weight:600}.arrow{fill:none;stroke-width:1.6}
.arrow.critical,.cover.nothing,.cover.open{stroke:var(--critical)}.arrow.high{stroke:var(--high)}.arrow.medium{stroke:var(--medium)}.arrow.low{stroke:var(--low)}.arrow.plain{stroke:var(--line)}
.tip.critical,.dot.critical,.bar.critical,.risk.critical{fill:var(--critical)}.tip.high,.dot.high,.bar.high,.risk.high{fill:var(--high)}.tip.medium,.dot.medium,.bar.medium,.risk.medium{fill:var(--medium)}.tip.low,.dot.low,.bar.low,.risk.low{fill:var(--low)}.tip.plain{fill:var(--line)}
.dot.proven{fill:var(--proven)}.dot.configured{fill:var(--configured)}.dot.nothing,.dot.open{fill:var(--nothing)}.cover.proven{stroke:var(--proven)}.cover.configured{stroke:var(--configured)}
@media print{svg{--page:#fff;--band:#fff}}
`
