import { plain } from '../report/escape.ts'
import type { ItemAnswer, ItemState } from './answer.ts'
import { guides } from './item.ts'

/** How many items are in which state. */
export function countStates(answers: readonly ItemAnswer[]): Record<ItemState, number> {
  const counts: Record<ItemState, number> = { done: 0, 'not done': 0, unknown: 0, attested: 0, 'not applicable': 0 }
  for (const { state } of answers) counts[state]++
  return counts
}

const marks: Readonly<Record<ItemState, string>> = { done: '[x]', 'not done': '[ ]', unknown: '[?]', attested: '[v]', 'not applicable': '[-]' }

// An item with thirty findings would push the next ones off the screen.
const shownLines = 4

/** For a terminal: sections with their items, evidence indented below them. */
export function checklistText(answers: readonly ItemAnswer[], paint: (state: ItemState, text: string) => string = (_, text) => text): string {
  const lines: string[] = []
  let heading = ''
  for (const answer of answers) {
    const { guide, section, state, id, text } = answer
    if (heading !== `${guide} ${section}`) lines.push(...(lines.length > 0 ? [''] : []), `Guide ${guide}, ${section}`)
    heading = `${guide} ${section}`
    lines.push(`  ${paint(state, marks[state])} ${text}  (${id})`)
    const evidence = [...(state === 'attested' ? [vouched(answer)] : []), ...(state === 'done' || state === 'attested' ? held(answer) : answer.evidence)]
    lines.push(...evidence.slice(0, shownLines).map((line) => `      ${plain(line)}`), ...(evidence.length > shownLines ? [`      and ${evidence.length - shownLines} more (--json)`] : []))
  }
  return [...lines, '', summaryOf(answers)].join('\n')
}

/** What passed, on one line: it is looked up, not worked through. */
function held({ evidence }: ItemAnswer): string[] {
  const short = evidence.map((line) => line.replace(/: passed$/, ''))
  return short.length === 0 ? [] : [`${short.slice(0, shownLines).join(', ')}${short.length > shownLines ? ` and ${short.length - shownLines} more (--json)` : ''}`]
}

/** For a pull request or a wiki: a table for each section, everything escaped. */
export function checklistMarkdown(answers: readonly ItemAnswer[]): string {
  const lines: string[] = ['# Security checklist', '', summaryOf(answers)]
  let heading = ''
  for (const answer of answers) {
    const { guide, section, state, id, text } = answer
    if (heading !== `${guide} ${section}`) lines.push('', `## Guide ${guide} (${escaped(guides[guide])}): ${escaped(section)}`, '', '| | item | id | evidence |', '| --- | --- | --- | --- |')
    heading = `${guide} ${section}`
    const evidence = [...(answer.attestation === null ? [] : [vouched(answer)]), ...answer.evidence]
    lines.push(`| ${state} | ${escaped(text)} | ${escaped(id)} | ${evidence.map(escaped).join('<br>')} |`)
  }
  return lines.join('\n')
}

const columns = ['guide', 'id', 'section', 'item', 'state', 'evidence', 'by', 'note', 'at', 'expires'] as const

/** For a spreadsheet (RFC 4180). No cell is taken for a formula. */
export function checklistCsv(answers: readonly ItemAnswer[]): string {
  const rows = answers.map(({ guide, id, section, text, state, evidence, attestation }) => [
    guide, id, section, text, state, evidence.join('; '), attestation?.by ?? '', attestation?.note ?? '', attestation?.at ?? '', attestation?.expires ?? '',
  ])
  return [columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')
}

function summaryOf(answers: readonly ItemAnswer[]): string {
  return Object.entries(countStates(answers)).map(([state, count]) => `${count} ${state}`).join(', ')
}

function vouched({ attestation }: ItemAnswer): string {
  return attestation === null ? '' : `${attestation.by} vouches until ${attestation.expires.slice(0, 10)}: ${attestation.note}`
}

/** No markup, no link and no new cell comes of it, GitHub's automatic links included. */
function escaped(text: string): string {
  return plain(text).replaceAll(/[\\`*_{}[\]()#+!|<>~&@:$]/g, '\\$&').replaceAll(/www\./gi, 'www\\.')
}

/** Spreadsheets run what begins with these as a formula (OWASP, CSV injection); a quote in front makes it text. */
function cell(text: string): string {
  const safe = plain(text).trimStart()
  return `"${(/^[=+\-@|%]/.test(safe) ? `'${safe}` : safe).replaceAll('"', '""')}"`
}
