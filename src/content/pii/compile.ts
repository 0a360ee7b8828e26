import { readShape } from '../secrets/grammar.ts'
import type { Anchor, Recognizer } from './recognizer.ts'

/** A recognizer made ready. */
export interface CompiledRecognizer {
  recognizer: Recognizer
  /** Place in the registry: of two equally sure findings the earlier wins. */
  order: number
  anchor: Anchor
  shape: RegExp
  beside: RegExp | null
}

// Inside a longer word, number, version or dotted name nothing begins and nothing ends.
const before = '(?<![A-Za-z0-9])(?<![A-Za-z0-9][.-])'
const after = '(?![A-Za-z0-9])(?![-.][0-9])'

/** By anchor, in the order of the registry. */
export function compileRegistry(registry: readonly Recognizer[]): ReadonlyMap<Anchor, readonly CompiledRecognizer[]> {
  const all = registry.map(compile)
  const anchors = [...new Set(all.map(({ anchor }) => anchor))]
  return new Map(anchors.map((anchor) => [anchor, all.filter((one) => one.anchor === anchor)]))
}

/** Finds the first place from which a text, up to its end, may be the beginning of a match. */
export interface Begun {
  is: RegExp
  /** The same for texts without a digit: only matches that begin otherwise. `null` when all begin with one. */
  withoutDigits: RegExp | null
  /** The longest match, in UTF-16 units, with what its edges look at. */
  longest: number
}

export function beginningsOf(recognizers: readonly CompiledRecognizer[]): Begun {
  const shapes = recognizers.map(({ shape }) => readShape(shape.source))
  const all = shapes.map(({ beginning }) => beginning)
  const lettered = all.filter((beginning) => firsts.some((first) => new RegExp(`^(?:${beginning})`).test(first)))
  return {
    is: anyOf(all),
    withoutDigits: lettered.length > 0 ? anyOf(lettered) : null,
    longest: Math.max(...shapes.map(({ longest }) => longest)) + 3,
  }
}

// Everything but a digit that a match may begin with.
const firsts = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzé+(:')

/** No shape begins behind a letter or digit, or with a blank: said once, it spares most places the trial of all. */
function anyOf(beginnings: readonly string[]): RegExp {
  return new RegExp(`(?<![A-Za-z0-9])(?=[A-Za-z0-9+(:\\u00c0-\\u024f])(?:${beginnings.join('|')})`)
}

function compile(recognizer: Recognizer, order: number): CompiledRecognizer {
  const { shape, ownEdges, beside, anchor = 'digit' } = recognizer
  const source = ownEdges ? shape.source : `${before}(?:${shape.source})${after}`
  return { recognizer, order, anchor, shape: new RegExp(source, 'g'), beside: beside ? wordsOf(beside.words) : null }
}

/** One of these as whole words. Languages that do not part words with blanks are given no end. */
function wordsOf(words: readonly string[]): RegExp {
  const all = words.map((word) => {
    const escaped = word.replace(/[.$^*+?()[\]{}|\\/]/g, '\\$&')
    return /^[\u0000-\u024f]*$/.test(word) ? `${escaped}(?![\\p{L}\\p{N}])` : escaped
  })
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${all.join('|')})`, 'u')
}
