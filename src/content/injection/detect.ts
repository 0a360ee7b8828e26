import { sourceLayer, type Layer, type Place } from '../encoding/layer.ts'
import { unwrap } from '../encoding/unwrap.ts'
import type { Channel } from './channel.ts'
import { clueWeight, cluesIn, type Clue } from './clues.ts'
import { judge, type Judged, type Model } from './model.ts'
import { plainOf } from './plain.ts'
import { trainedFor, type Limits } from './trained.ts'
import { wordsOf, type Words } from './words.ts'

/** Something that speaks for an injection, and where. Offsets in UTF-16 units of the text as it was given. */
export interface InjectionSignal {
  /** `injection.reads-like` is the learnt model, `injection.hidden-base64` what hid it; others name a phrase or mark. */
  id: string
  start: number
  end: number
  /** What it says for an injection, in log-odds. */
  weight: number
}

export interface InjectionVerdict {
  /** 0 to 1. At `injectionThresholds.flag` it is worth a line in the log, at `block` it may stop a text alone. */
  score: number
  /** Sorted by place, the heaviest if there are many; empty below `flag`. */
  signals: InjectionSignal[]
}

/** What scores mean, on every channel. docs/detection.md has how often each is right and wrong. */
export const injectionThresholds = { flag: 0.5, block: 0.9 } as const

/**
 * How much a text looks like an instruction that whoever runs the agent did not give. The channel decides what is odd:
 * see `Channel`. For `model_output` nothing is: an answer cannot inject. Hidden text is read as well (`unwrap`).
 * Linear in the text, whatever it holds. It is a signal: what an agent may do next is decided without it.
 */
export function detectInjection(text: string, { channel }: { channel: Channel }): InjectionVerdict {
  return detectInLayers([sourceLayer(text), ...unwrap(text)], channel)
}

/** `detectInjection` for a text that has been unwrapped already. @param layers the source first */
export function detectInLayers(layers: readonly Layer[], channel: Channel): InjectionVerdict {
  if (channel === 'model_output') return { score: 0, signals: [] }
  const { model, limits } = trainedFor(channel)
  const readings = layers.map((layer) => read(layer, channel, model))
  const strongest = strongestOf(readings)
  const signals = strongest < limits.flag ? [] : readings.flatMap((reading) => signalsOf(reading, limits))
  return { score: scoreOf(strongest, limits), signals: heaviest(signals) }
}

/** The log-odds before they become a score, for whoever sets the limits. `-Infinity` for a text without words. */
export function suspicionOf(text: string, channel: Channel, model: Model): number {
  return strongestOf([sourceLayer(text), ...unwrap(text)].map((layer) => read(layer, channel, model)))
}

function strongestOf(readings: readonly Reading[]): number {
  let most = -Infinity
  for (const { windows } of readings) for (const { logit } of windows) most = Math.max(most, logit)
  return most
}

interface Reading {
  layer: Layer
  windows: Judged[]
  clues: Clue[]
  /** Place in the layer's text of a word's first unit and behind its last. */
  place(from: number, to: number): Place
}

// Who encodes an instruction wants it unseen. Escapes alone are how the web writes.
const hiddenWeight = 1

function read(layer: Layer, channel: Channel, model: Model): Reading {
  const plain = plainOf(layer.text)
  const words = wordsOf(plain.text)
  const origin = (at: number): number => plain.origin?.[at] ?? at
  const clues = cluesIn(layer.text, words, origin, channel)
  const hidden = layer.encodings.some((encoding) => encoding !== 'escapes') ? hiddenWeight : 0
  const windows = judge(words, model).map((window) => {
    return { ...window, logit: window.logit + hidden + clueWeight(clues, window) }
  })
  return { layer, windows, clues, place: (from, to) => placeOf(words, origin, from, to) }
}

function placeOf(words: Words, origin: (at: number) => number, from: number, to: number): Place {
  const last = Math.max(from, to - 1)
  return { start: origin(words.start[from]!), end: origin(words.end[last]!) }
}

/** 0.5 at `flag`, 0.9 at `block`: log-odds are stretched between the two. */
function scoreOf(logit: number, { flag, block }: Limits): number {
  return 1 / (1 + Math.exp((-Math.log(9) * (logit - flag)) / (block - flag)))
}

function signalsOf({ layer, windows, clues, place }: Reading, { flag }: Limits): InjectionSignal[] {
  const suspect = windows.filter(({ logit }) => logit >= flag)
  if (suspect.length === 0) return []
  const narrow = narrowest(suspect)
  const found = [
    ...narrow.map(({ from, to, logit }) => ({ id: 'injection.reads-like', ...place(from, to), weight: logit })),
    ...clues.map(({ id, weight, from, to }) => ({ id: `injection.${id}`, ...place(from, to), weight })),
  ]
  const encoding = layer.encodings.at(-1)
  if (encoding) {
    const [first] = suspect
    found.push({ id: `injection.hidden-${encoding}`, ...place(first!.from, first!.to), weight: hiddenWeight })
  }
  return found.map((signal) => ({ ...signal, ...layer.at(signal.start, signal.end) }))
}

/** The windows that hold no narrower one: they say best where it is. Each word is looked at a few times. */
function narrowest(windows: readonly Judged[]): Judged[] {
  const begun = new Set<number>()
  return windows
    .toSorted((a, b) => a.to - a.from - (b.to - b.from))
    .filter(({ from, to }) => {
      for (let at = from; at < to; at++) if (begun.has(at)) return false
      begun.add(from)
      return true
    })
}

// More do not help anybody, and an answer stays small whatever the text holds.
const mostSignals = 32

function heaviest(signals: InjectionSignal[]): InjectionSignal[] {
  const kept = signals.toSorted((a, b) => b.weight - a.weight).slice(0, mostSignals)
  return kept.sort((a, b) => a.start - b.start || a.end - b.end)
}
