import type { z } from 'zod'
import { formatDuration, nearest } from '../base/index.ts'
import type { Path, Problem } from './problem.ts'
import type { Bare } from './schema-walk.ts'

/** One thing a schema objects to, with what is needed to say it to a person. */
interface Mistake {
  issue: z.core.$ZodIssue
  path: Path
  /** What was written: never shown, unless it is a number, a boolean or nearly an accepted word. */
  value: unknown
  about: Bare | null
  /** What was written under another name in the same map. */
  sibling(name: string): unknown
}

type Described = Pick<Problem, 'code' | 'message' | 'nearest'>

/** Puts a mistake into words: what was expected, what was seen, and how to write it instead. */
export function describeMistake(mistake: Mistake): Described {
  const { issue, value, about } = mistake
  const unit = about?.meaning.unit
  if (value === null) return { code: 'config.wrong-type', message: 'is empty: give it a value, or delete the line' }
  if (issue.code === 'custom') return { code: 'config.wrong-value', message: issue.message }
  // A number may be a secret as well, so it is not shown either.
  const isText = typeof value === 'string' || typeof value === 'number'
  if (isText && unit?.includes('reference')) return badReference(mistake, `${value}`)
  if (issue.code === 'too_small' || issue.code === 'too_big') return outOfRange(issue, unit)
  if (issue.code === 'invalid_value') return notOneOf(issue.values.map(String), value, about)
  if (issue.code === 'invalid_union') return notOneOf(alternatives(issue), value, about)
  if (unit !== undefined && unit in expectedByUnit) return wrongType(expectedByUnit[unit]!, value)
  if (issue.code === 'invalid_format') return { code: 'config.wrong-value', message: issue.message }
  return wrongType(expectedByType[about?.schema._zod.def.type ?? ''] ?? 'something else', value)
}

/** The words a discriminator accepts. */
function alternatives(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return 'options' in issue ? (issue.options ?? []).filter((option) => option !== undefined).map(String) : []
}

const expectedByUnit: Readonly<Record<string, string>> = {
  duration: 'a duration with its unit, such as 30s, 5m or 24h',
  money: 'an amount in US dollars, such as 5, 5.25 or "$5"',
  size: 'a size with its unit, such as 500KB, 64MB or 2GB',
  listen: 'an address and a port, such as 127.0.0.1:8443 or [::1]:8443; a port alone means this machine only',
  fraction: 'a fraction between 0 and 1, such as 0.8',
  url: 'an address that begins with https://',
  'https-url': 'an address that begins with https://',
  reference: 'a reference to a secret, such as "$NAME"',
  'text-or-reference': 'text, or a reference such as "$NAME"',
  'reference-or-generated': 'the word generated, or a reference to a secret such as "$NAME"',
}

const expectedByType: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, `[a, b]` or one `- item` a line',
  object: 'a map of settings, indented below the key',
  record: 'a map of names, indented below the key',
}

function wrongType(expected: string, value: unknown): Described {
  return { code: 'config.wrong-type', message: `expected ${expected}; saw ${seen(value)}${advice(expected, value)}` }
}

/** What kind of thing was written. Text is not repeated: it may be a secret in the wrong place. */
function seen(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return value === '' ? 'empty text' : 'other text'
  return 'a map'
}

function advice(expected: string, value: unknown): string {
  if (typeof value === 'number' && expected.includes('with its unit')) return ': the unit is missing'
  const isPort = expected === expectedByUnit['listen'] && Number(value) <= 65_535
  if (typeof value === 'number' && (isPort || expected.startsWith('text'))) return ': put it into double quotes'
  if (typeof value !== 'string') return ''
  if (expected === expectedByType['number']) return /^\d+$/.test(value) ? ': take the quotes away' : ''
  if (expected !== expectedByType['boolean']) return ''
  if (/^(yes|no|on|off)$/i.test(value)) return ': YAML 1.2 takes yes, no, on and off for words'
  return /^(true|false)$/.test(value) ? ': take the quotes away' : ''
}

function outOfRange(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, unit: string | undefined): Described {
  const [word, bound] = issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum]
  const code = 'config.out-of-range'
  if (issue.origin === 'array') return { code, message: `needs ${word} ${bound} ${bound === 1 ? 'item' : 'items'}` }
  if (issue.origin === 'string') {
    return { code, message: bound === 1 ? 'must not be empty' : `must be ${word} ${bound} characters long` }
  }
  return { code, message: `must be ${word} ${measured(Number(bound), unit)}` }
}

function measured(amount: number, unit: string | undefined): string {
  if (unit === 'duration') return formatDuration(amount)
  if (unit === 'size') return amount >= 1_000_000_000 ? `${amount / 1_000_000_000}GB` : `${amount / 1_000_000}MB`
  return unit === undefined || unit === 'port' || unit === 'fraction' ? String(amount) : `${amount} ${unit}`
}

function notOneOf(allowed: readonly string[], value: unknown, about: Bare | null): Described {
  const refusal = about?.meaning.refusal
  const near = typeof value === 'string' ? nearest(value, allowed) : null
  const code = 'config.wrong-value'
  if (refusal !== undefined && near === null) return { code, message: `must be ${allowed.join(' or ')}: ${refusal}` }
  const expected = allowed.length === 1 ? allowed[0]! : `one of ${allowed.join(', ')}`
  if (near !== null) {
    const message = `expected ${expected}; saw \`${String(value)}\`: did you mean \`${near}\`?`
    return { code, message, nearest: near }
  }
  const quotesMissing = typeof value === 'number' && allowed.includes(String(value))
  const remedy = quotesMissing ? ': put it into double quotes' : ''
  return { code, message: `expected ${expected}; saw ${seen(value)}${remedy}` }
}

function badReference({ path, sibling, about }: Mistake, value: string): Described {
  if (value.startsWith('$')) {
    const message = 'a reference is $ and a name in capitals, digits and underscores, without braces: "$NAME"'
    return { code: 'config.bad-reference', message }
  }
  if (about?.meaning.unit === 'text-or-reference') {
    return { code: 'config.wrong-value', message: 'expected text without spaces, or a reference such as "$NAME"' }
  }
  const name = suggestedName(path, sibling('id'))
  const message =
    `a secret in plain text: whoever reads this file has it. Run \`export ${name}=…\`, or put it into a file and ` +
    `run \`export ${name}_FILE=/path\`, and write "$${name}" here`
  return { code: 'config.plaintext-secret', message, nearest: `$${name}` }
}

/** A name for a secret that was found in plain text: its owner's id, else the end of its path. */
function suggestedName(path: Path, id: unknown): string {
  const owner = typeof id === 'string' ? [id] : path.filter((step) => typeof step === 'string').slice(-2)
  const name = owner.join('_').toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return /^[A-Z]/.test(name) ? name : `SECRET_${name}`
}
