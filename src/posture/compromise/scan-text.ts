import type { Behaviour, PlaceKind } from './behaviour.ts'
import { runPlaces } from './behaviour.ts'
import type { Confidence } from './indicator.ts'
import { hiddenTexts } from './layers.ts'
import type { IndicatorSet } from './match-indicators.ts'

/** Something in a text, before anybody says where the text is from. */
export interface Trace {
  id: string
  family: string
  means: string
  source: string
  confidence: Confidence
  /** UTF-16 unit in the text. */
  start: number
  /** How it had to be decoded, outermost first; empty where it stands in clear. */
  decoding: readonly string[]
}

export interface Knowledge {
  indicators: IndicatorSet
  behaviours: readonly Behaviour[]
}

// JSON and URLs escape by nature, shells continue lines, people write other alphabets; only what somebody took trouble
// to hide counts as hidden.
const natural = new Set(['escapes', 'continued', 'folded'])

// Places of hundreds of megabytes, where unwrapping everything would take minutes: only what has the look of an encoding.
const bulky: readonly PlaceKind[] = ['transcript', 'executed', 'log', 'egress']
const mayHide = /[A-Za-z0-9+/]{40}|(?:%[0-9a-f]{2}){3}|(?:\\x[0-9a-f]{2}){3}|(?:&#x?[0-9a-f]{2,4};){3}|uggcf?:|\/\/:s?ptth|['"`] ?\+ ?['"`]|\\\n|[\0\u00AD\u200B-\u200F\u2060-\u2064\uFF01-\uFF5E]|(?:\d{2,3}, ?){11}/i

// The ninth place of one trace tells nobody anything new, and a file may be made of nothing else.
const maxPlaces = 8

/** Every trace in a text, the hidden ones at the place that hides them; each id once for a line. */
export function scanText(text: string, kind: PlaceKind, known: Knowledge): readonly Trace[] {
  const seen = new Map<string, Trace>()
  const add = (trace: Trace): void => {
    const key = `${trace.id}\n${lineOf(text, trace.start)}`
    if (!seen.has(key)) seen.set(key, trace)
  }
  const plain = { text, decoding: [] as readonly string[], at: (start: number) => start }
  const layers = bulky.includes(kind) && !mayHide.test(text) ? [plain] : [plain, ...hiddenTexts(text)]
  for (const layer of layers) {
    const hidden = layer.decoding.some((one) => !natural.has(one))
    const times = new Map<string, number>()
    for (const { indicator, start } of known.indicators.inText(layer.text)) {
      const { id, family, means, source } = indicator
      const confidence = isAsking(layer.text, start, kind) ? 'likely' : sureness(indicator.confidence, kind, hidden)
      const count = (times.get(id + confidence) ?? 0) + 1
      times.set(id + confidence, count)
      if (count <= maxPlaces) add({ id, family, means, source, confidence, start: layer.at(start), decoding: layer.decoding })
    }
    for (const one of known.behaviours) {
      if (!one.in.includes(kind) || (one.hiddenOnly === true && !hidden)) continue
      for (const start of one.find(layer.text)) add({ id: one.id, family: 'behaviour', means: one.means, source: one.source, confidence: one.confidence(kind), start: layer.at(start), decoding: layer.decoding })
    }
  }
  // What is run by itself keeps no lists.
  return runPlaces.includes(kind) && kind !== 'history' ? [...seen.values()] : listsRemembered([...seen.values()])
}

// No campaign uses the servers of two others: who names three keeps a list, as scanners for agents do.
const familiesOfList = 3

/** A list of indicators is no hit by what stands in it in clear; what it does still is. */
function listsRemembered(traces: readonly Trace[]): readonly Trace[] {
  const listed = traces.filter(({ family, decoding }) => family !== 'behaviour' && decoding.length === 0)
  if (new Set(listed.map(({ family }) => family)).size < familiesOfList) return traces
  return traces.map((trace) => (listed.includes(trace) ? { ...trace, confidence: 'likely' } : trace))
}

/** Where text is only read or remembered, a trace may be news about it. Whoever hides it does not report on it. */
function sureness(confidence: Confidence, kind: PlaceKind, hidden: boolean): Confidence {
  const acts = [...runPlaces, 'skill', 'plugin', 'keys', 'hosts', 'egress'].includes(kind)
  return acts || (hidden && kind !== 'log') ? confidence : 'likely'
}

const asks = /^(?:- cmd:)?\s*(?:sudo\s+)?(?:grep|egrep|rg|ag|zgrep|whois|dig|nslookup|host|ufw|iptables|nft|fail2ban-client|journalctl|hardshell|\.\/hardshell)\b/

/** Whoever searches for an address or blocks it was warned, not hit. */
function isAsking(text: string, at: number, kind: PlaceKind): boolean {
  // Whoever sends a name to nowhere is safe from it.
  if (kind === 'hosts') return /(?:^|\n)[ \t]*(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|::1?)[ \t][^\n]*$/.test(text.slice(Math.max(0, at - 400), at))
  if (kind !== 'history' && kind !== 'executed') return false
  const before = text.slice(Math.max(0, at - 2000), at)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  // Only the last command of the line counts: `grep x; curl y` and `grep x $(curl y)` ask and go.
  return asks.test(line.replace(/^: \d+:\d+;/, '').split(/[;&|]+|\$\(|<\(|`/).at(-1)!)
}

/** Number of the line a unit stands in, from 1. */
export function lineOf(text: string, at: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) line++
  return line
}
