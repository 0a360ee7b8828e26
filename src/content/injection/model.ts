import { featuresAt, mostFeatures } from './features.ts'
import { windowsOf, type Window } from './windows.ts'
import type { Words } from './words.ts'

/** A linear model over hashed features: logistic regression. */
export interface Model {
  weights: Int8Array
  /** What one step of a weight is worth. */
  scale: number
  bias: number
}

/** How much a window looks like an instruction to a model: log-odds as the model learnt them. */
export interface Judged extends Window {
  logit: number
}

/** Judges every window of a text in one pass over its words. */
export function judge(words: Words, model: Model): Judged[] {
  const sums = runningSums(words, model)
  return windowsOf(words).map((window) => ({
    ...window,
    logit: model.bias + (sums[window.to]! - sums[window.from]!) / rootOf(window.to - window.from),
  }))
}

/**
 * What a sum over so many words is divided by: between an average, which drowns one telling phrase, and a plain sum,
 * which calls every long text an attack. Four words at least, or a single word would decide.
 */
export function rootOf(wordCount: number): number {
  return Math.sqrt(Math.max(4, wordCount))
}

function runningSums(words: Words, { weights, scale }: Model): Float64Array {
  const sums = new Float64Array(words.count + 1)
  const features = new Int32Array(mostFeatures)
  for (let at = 0; at < words.count; at++) {
    const count = featuresAt(words, at, features)
    let sum = 0
    for (let i = 0; i < count; i++) sum += weights[features[i]!]!
    sums[at + 1] = sums[at]! + sum * scale
  }
  return sums
}
