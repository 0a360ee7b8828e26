import { unwrap } from '../src/content/encoding/unwrap.ts'
import { featureCount, featuresAt, mostFeatures } from '../src/content/injection/features.ts'
import { rootOf, type Model } from '../src/content/injection/model.ts'
import { plainOf } from '../src/content/injection/plain.ts'
import { windowsOf, type Window } from '../src/content/injection/windows.ts'
import { wordsOf } from '../src/content/injection/words.ts'
import { chance } from './grammar.ts'
import type { Sample } from './injection-corpus.ts'

/** A text made ready for learning: its windows, and the features of every word. */
interface Bag {
  label: 0 | 1
  weight: number
  readings: Reading[]
}
interface Reading {
  windows: Window[]
  /** Features of word i stand from `from[i]` to `from[i + 1]`. */
  from: Int32Array
  features: Int32Array
}

/**
 * Logistic regression over the windows of texts. A text is an attack when one of its windows is, so of an attack the
 * window that looks most like one is taught, and of a harmless text the window that looks most like one is untaught:
 * what is learnt is what will be asked. AdaGrad; the same samples give the same model.
 * @param samples with the weight each set has in all
 */
export function learn(samples: readonly Sample[], { epochs = 16, rate = 0.25, decay = 2e-4 } = {}): Model {
  const bags = bagsOf(samples)
  const weights = new Float64Array(featureCount)
  const steps = new Float64Array(featureCount).fill(1e-3)
  const state = { weights, steps, bias: -2, rate, decay }
  const next = chance(17)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const bag of shuffled(bags, next)) teach(bag, state, epoch, next)
  }
  return rounded(weights, state.bias)
}

interface State {
  weights: Float64Array
  steps: Float64Array
  bias: number
  rate: number
  decay: number
}

function teach(bag: Bag, state: State, epoch: number, next: () => number): void {
  const judged = bag.readings.flatMap((reading) => reading.windows.map((window) => ({ reading, window, logit: logitOf(reading, window, state) })))
  if (judged.length === 0) return
  const best = judged.reduce((one, other) => (other.logit > one.logit ? other : one))
  // Before anything is known, the first window would win by chance: begin with the largest.
  const first = judged.reduce((one, other) => (other.window.to - other.window.from > one.window.to - one.window.from ? other : one))
  step(epoch < 2 && bag.label === 1 ? first : best, bag, state)
  if (bag.label === 0) step(judged[Math.floor(next() * judged.length)]!, bag, state)
}

function step({ reading, window, logit }: { reading: Reading; window: Window; logit: number }, bag: Bag, state: State): void {
  const wrong = (1 / (1 + Math.exp(-logit)) - bag.label) * bag.weight
  const slope = wrong / rootOf(window.to - window.from)
  for (let i = reading.from[window.from]!; i < reading.from[window.to]!; i++) {
    const place = reading.features[i]!
    const gradient = slope + state.decay * state.weights[place]!
    state.steps[place]! += gradient * gradient
    state.weights[place]! -= (state.rate * gradient) / Math.sqrt(state.steps[place]!)
  }
  state.bias -= 0.01 * wrong
}

function logitOf({ from, features }: Reading, window: Window, { weights, bias }: State): number {
  let sum = 0
  for (let i = from[window.from]!; i < from[window.to]!; i++) sum += weights[features[i]!]!
  return bias + sum / rootOf(window.to - window.from)
}

// Sets in which ordinary questions are labelled attacks because of where they were collected.
const doubtful = new Set(['deepset'])

/** Attacks and harmless texts weigh the same in all; a set weighs as the root of its size. */
function bagsOf(samples: readonly Sample[]): Bag[] {
  const sizes = new Map<string, number>()
  for (const { set, label } of samples) sizes.set(`${set} ${label}`, (sizes.get(`${set} ${label}`) ?? 0) + 1)
  const totals = [0, 1].map((label) => [...sizes].filter(([key]) => key.endsWith(` ${label}`)).reduce((sum, [, size]) => sum + Math.sqrt(size), 0))
  return samples.map(({ text, label, set }) => {
    const size = sizes.get(`${set} ${label}`)!
    const trust = label === 1 && doubtful.has(set) ? 0.3 : 1
    const weight = trust * (samples.length / 2) * (1 / Math.sqrt(size) / totals[label]!)
    return { label, weight, readings: [text, ...unwrap(text).map((layer) => layer.text)].map(readingOf) }
  })
}

function readingOf(text: string): Reading {
  const words = wordsOf(plainOf(text).text)
  const from = new Int32Array(words.count + 1)
  const all: number[] = []
  const features = new Int32Array(mostFeatures)
  for (let at = 0; at < words.count; at++) {
    const count = featuresAt(words, at, features)
    for (let i = 0; i < count; i++) all.push(features[i]!)
    from[at + 1] = all.length
  }
  return { windows: windowsOf(words), from, features: Int32Array.from(all) }
}

function shuffled<One>(list: readonly One[], next: () => number): One[] {
  const copy = [...list]
  for (let i = copy.length - 1; i > 0; i--) {
    const other = Math.floor(next() * (i + 1))
    ;[copy[i], copy[other]] = [copy[other]!, copy[i]!]
  }
  return copy
}

/** Weights as bytes. Few are far out: what lies beyond four deviations is cut, so that the many keep their detail. */
function rounded(weights: Float64Array, bias: number): Model {
  const used = weights.filter((weight) => weight !== 0)
  const deviation = Math.sqrt(used.reduce((sum, weight) => sum + weight * weight, 0) / Math.max(1, used.length))
  const scale = (6 * deviation) / 127 || 1
  return { weights: Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale)))), scale, bias }
}
