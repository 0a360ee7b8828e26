import { readFileSync, readdirSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { write } from './grammar.ts'
import { attacks } from './injection-attacks.ts'
import { harmless } from './injection-harmless.ts'

export type Part = 'train' | 'dev' | 'held-out'

/** One labelled text. */
export interface Sample {
  text: string
  /** 1 is an attack. */
  label: 0 | 1
  /** Where it comes from: a file of labelled cases, or what this repository wrote itself. */
  set: string
  /** What the set calls it. */
  kind: string
  channel: 'user' | 'tool_result' | 'doc'
  part: Part
  /** The attack inside the text, where the set tells. */
  injected?: string
}

interface Row {
  text: string
  label: 0 | 1
  kind: string
  channel: string
  meta: { injection?: string }
}

/** Everything there is to learn from and to set limits on. @param packages folder of installed packages */
export function allSamples(folder: string, packages: string): Sample[] {
  return [...readLabelled(folder), ...ownSamples(), ...documentation(packages)]
}

/** Labelled cases of a folder of `*.jsonl`, each put into a part by the hash of its text and nothing else. */
export function readLabelled(folder: string): Sample[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).sort()
  return files.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => sampleOf(JSON.parse(line) as Row, basename(name, '.jsonl'))),
  )
}

function sampleOf({ text, label, kind, channel, meta }: Row, set: string): Sample {
  const sample: Sample = { text, label, set, kind, channel: channelOf(channel), part: partOf(text) }
  return meta.injection === undefined ? sample : { ...sample, injected: meta.injection }
}

function channelOf(channel: string): Sample['channel'] {
  if (channel === 'user' || channel === 'tool_result') return channel
  return 'doc' // documents, tickets, retrieved chunks, memories
}

/** Six in ten to learn from, two to choose thresholds by, two that nobody looks at. FNV-1a over UTF-8. */
export function partOf(text: string): Part {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  const tenth = hash % 10
  if (tenth < 6) return 'train'
  return tenth < 8 ? 'dev' : 'held-out'
}

/** Texts this repository wrote itself; all of them are for training. */
export function ownSamples(): Sample[] {
  const own = (texts: string[], label: 0 | 1, kind: string, channel: Sample['channel']): Sample[] =>
    texts.map((text) => ({ text, label, set: `own ${kind}`, kind, channel, part: 'train' }))
  return [
    ...own(write(attacks, 'direct', 1500, 1), 1, 'direct', 'user'),
    ...own(write(attacks, 'indirect', 2000, 2), 1, 'indirect', 'tool_result'),
    ...own(write(attacks, 'errands', 2000, 6), 1, 'errands', 'tool_result'),
    ...own(write(harmless, 'hardChat', 2500, 3), 0, 'hard chat', 'user'),
    ...own(write(harmless, 'chat', 1800, 4), 0, 'chat', 'user'),
    ...own(write(harmless, 'mail', 1500, 5), 0, 'mail', 'tool_result'),
    ...own(write(harmless, 'text', 1800, 7), 0, 'found text', 'tool_result'),
    ...own(write(harmless, 'data', 1500, 8), 0, 'found data', 'tool_result'),
  ]
}

/** Passages of the documentation and data that came with installed packages: what tools really return, none an attack. */
export function documentation(folder: string): Sample[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).filter(isRead).sort()
  const passages = files.flatMap((name) => passagesOf(readFileSync(join(folder, name), 'utf8')))
  return passages
    .filter((text) => keeps(text))
    .map((text) => ({ text, label: 0, set: 'documentation', kind: 'documentation', channel: 'doc', part: partOf(text) }))
}

/** Documentation, data, pages and style sheets; of programs one file in sixteen, there are so many. */
function isRead(name: string): boolean {
  if (name.endsWith('.js')) return !name.includes('.min.') && keeps(name)
  return /\.(?:md|json|d\.ts|ya?ml|html|css)$/.test(name) && !name.includes('/dist/')
}

// About a screen of text each, cut at empty lines.
function passagesOf(text: string): string[] {
  const passages: string[] = []
  let passage = ''
  for (const paragraph of text.split(/\n{2,}/)) {
    passage += `${paragraph}\n\n`
    if (passage.length < 900) continue
    passages.push(passage.slice(0, 4000))
    passage = ''
  }
  return passages
}

/** One in sixteen: neighbours say the same. */
function keeps(text: string): boolean {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return (hash >>> 3) % 16 === 0
}
