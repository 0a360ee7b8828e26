import { beside } from './beside.ts'
import type { SecretPattern } from './pattern.ts'
import { entropyOf, isPlaceholder, readsAsWords } from './random-looking.ts'
import { bodies, sample, type Alphabet } from './sample.ts'

/**
 * `[id, title, source, names, alphabet, length, prefix]`: values without a mark of their own, which only the vendor's
 * name beside them tells from others, and their exact length. The type is the id with a dash.
 */
type NamedRow = readonly [
  id: string, title: string, source: string, names: readonly [string, ...string[]], of: Alphabet,
  length: number | readonly [number, number], prefix?: string,
]

export function namedRows(rows: readonly NamedRow[]): SecretPattern[] {
  return rows.map(([id, title, source, names, of, length, prefix = '']) => {
    const [least, most] = typeof length === 'number' ? [length, length] : length
    const start = escaped(prefix)
    return {
      id,
      type: id.replace('.', '-'),
      title,
      source,
      certainty: 'context',
      keywords: names,
      ignoreCase: true,
      anywhere: true,
      shape: beside(names.map(escaped), `${start}[${bodies[of]}]{${least},${most}}`, '[A-Za-z0-9_=-]'),
      accept: of === 'digit' ? isVaried : isOpaque,
      examples: {
        found: [`${names[0].toUpperCase()}_KEY=${sample(prefix, least, of)}`,
          `"${names[0]}Token": "${sample(prefix, most, of)}"`],
        passed: [`${names[0]}: enabled`, `${names[0].toUpperCase()}_KEY=\${KEY}`],
      },
    }
  })
}

/** Name and length have spoken for it: it need only not be a word or a stand-in. */
function isOpaque(value: string): boolean {
  return /[0-9]/.test(value) && entropyOf(value) >= 2.4 && !isPlaceholder(value) && !readsAsWords(value)
}

function isVaried(value: string): boolean {
  return !isPlaceholder(value)
}

function escaped(text: string): string {
  return text.replace(/[.$+|]/g, '\\$&')
}
