import type { z } from 'zod'
import { nearest } from '../base/index.ts'
import { placeKey } from './document.ts'
import { describeMistake } from './expect.ts'
import type { Gathered } from './gather.ts'
import { dotted, type Path, type Problem } from './problem.ts'
import { bare, indexMeant, meantBy, schemaAt, valueAt } from './schema-walk.ts'
import { rootSchema } from './sections.ts'

type Issue = z.core.$ZodIssue
type Standing = Pick<Problem, 'file' | 'line' | 'column' | 'key'>

/**
 * Holds what was written against the settings of all rooms.
 * @returns the settings with defaults, or everything that is wrong with them, in the order of the schema
 */
export function judge(gathered: Gathered): { config: z.output<typeof rootSchema> | null; problems: Problem[] } {
  const result = rootSchema.safeParse(gathered.input)
  if (result.success) return { config: result.data, problems: [] }
  const found = result.error.issues.flatMap((issue) => translate(issue, [], gathered))
  // A refused alias leaves nothing behind, which is no second mistake.
  const refused = new Set(gathered.problems.filter(({ code }) => code === 'config.alias').map(({ key }) => key))
  return { config: null, problems: found.filter(({ key }) => !refused.has(key)) }
}

function translate(issue: Issue, above: Path, gathered: Gathered): Problem[] {
  const path = [...above, ...(issue.path as Path)]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], gathered))
  if (issue.code === 'invalid_key') return [badName(issue, path, gathered)]
  const value = valueAt(gathered.input, path)
  if (value === undefined && issue.code !== 'custom') return [missing(path, gathered)]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const schema = bare(schemaAt(rootSchema, path, gathered.input)!).schema
    const options = schema._zod.def.type === 'union' ? schema._zod.def.options.map((option) => bare(option)) : []
    return issue.errors[indexMeant(options, value)]!.flatMap((inner) => translate(inner, path, gathered))
  }
  return [wrongValue(issue, path, value, gathered)]
}

function wrongValue(issue: Issue, path: Path, value: unknown, gathered: Gathered): Problem {
  const schema = schemaAt(rootSchema, path, gathered.input)
  const mistake = describeMistake({
    issue,
    path,
    value,
    about: schema === null ? null : meantBy(schema, value),
    sibling: (name) => valueAt(gathered.input, [...path.slice(0, -1), name]),
  })
  return { ...mistake, ...standing(path, gathered, 'value') }
}

function missing(path: Path, gathered: Gathered): Problem {
  const schema = schemaAt(rootSchema, path, gathered.input)
  const meaning = schema === null ? undefined : bare(schema).meaning.description
  const message = meaning === undefined ? 'is required and missing' : `is required and missing: ${meaning}`
  return { code: 'config.missing-key', message, ...standing(path.slice(0, -1), gathered, 'key'), key: dotted(path) }
}

function unknownKey(path: Path, gathered: Gathered): Problem {
  const typed = String(path.at(-1))
  const above = path.slice(0, -1)
  const schema = schemaAt(rootSchema, above, gathered.input)
  const { def } = meantBy(schema ?? rootSchema, valueAt(gathered.input, above)).schema._zod
  const siblings = def.type === 'object' ? Object.keys(def.shape) : []
  const near = nearest(typed, siblings)
  const meant = near === null ? sameNameElsewhere(typed) : dotted([...above, near])
  const advice = meant === null ? `${dotted(above)} knows ${siblings.join(', ')}` : `did you mean \`${meant}\`?`
  return {
    code: 'config.unknown-key',
    message: `there is no setting \`${dotted(path)}\`: ${advice}`,
    ...standing(path, gathered, 'key'),
    ...(meant === null ? {} : { nearest: meant }),
  }
}

/** A setting that exists, only not here: the first of that very name. */
function sameNameElsewhere(name: string, schema: z.core.$ZodType = rootSchema, above: Path = []): string | null {
  const { def } = bare(schema).schema._zod
  if (def.type !== 'object') return null
  if (above.length > 0 && Object.hasOwn(def.shape, name)) return dotted([...above, name])
  for (const [key, field] of Object.entries(def.shape)) {
    const found = sameNameElsewhere(name, field, [...above, key])
    if (found !== null) return found
  }
  return null
}

function badName(issue: Extract<Issue, { code: 'invalid_key' }>, path: Path, gathered: Gathered): Problem {
  const reason = issue.issues[0]?.message ?? 'this name is not accepted'
  return { code: 'config.wrong-value', message: reason, ...standing(path, gathered, 'key') }
}

/** Where to point for a path: itself, or the nearest thing above it that was written. */
function standing(path: Path, gathered: Gathered, what: 'key' | 'value'): Standing {
  for (let length = path.length; length > 0; length--) {
    const place = gathered.places.get(placeKey(path.slice(0, length)))
    if (!place) continue
    const { file } = place
    const [line, column] = what === 'key' ? [place.line, place.column] : [place.valueLine, place.valueColumn]
    return { file, line, column, key: dotted(path) }
  }
  return { file: gathered.sources[0] ?? '', line: 1, column: 1, key: dotted(path) }
}
