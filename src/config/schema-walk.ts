import { isRecord } from '../base/index.ts'
import type { z } from 'zod'
import { globalRegistry } from 'zod'
import type { Path } from './problem.ts'

/** What a room wrote beside a setting. */
export interface Meaning {
  /** One line of meaning. */
  description?: string
  /** How the value is measured or written: `duration`, `money`, `tokens`. */
  unit?: string
  /** Does anything act on it today? What lies below a marked setting inherits the mark. */
  enforced?: boolean
  /** Why no other value is accepted. */
  refusal?: string
}

/** A schema without what is wrapped around it, and what was written beside any of the layers. */
export interface Bare {
  schema: z.core.$ZodTypes
  meaning: Meaning
  /** May it be left out? */
  optional: boolean
  /** What holds when it is left out, as somebody would write it; `undefined`: nothing. */
  fallback: unknown
}

/** Takes defaults, optionality and conversions off; what remains is what somebody writes in the file. */
export function bare(schema: z.core.$ZodType): Bare {
  const meaning: Meaning = { ...(globalRegistry.get(schema) as Meaning | undefined) }
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'default':
    case 'prefault': {
      const inner = bare(def.innerType)
      return { ...inner, meaning: { ...inner.meaning, ...meaning }, optional: true, fallback: def.defaultValue }
    }
    case 'optional': {
      const inner = bare(def.innerType)
      return { ...inner, meaning: { ...inner.meaning, ...meaning }, optional: true }
    }
    case 'pipe': {
      const inner = bare(def.in)
      return { ...inner, meaning: { ...inner.meaning, ...meaning } }
    }
    default:
      return { schema: schema as z.core.$ZodTypes, meaning, optional: false, fallback: undefined }
  }
}

/** Of the alternatives of a union, the one that was meant by `value`; other schemas are their own answer. */
export function meantBy(schema: z.core.$ZodType, value: unknown): Bare {
  const outer = bare(schema)
  if (outer.schema._zod.def.type !== 'union') return outer
  const options = outer.schema._zod.def.options.map((option) => bare(option))
  const chosen = options[indexMeant(options, value)]!
  return { ...chosen, meaning: { ...outer.meaning, ...chosen.meaning } }
}

/** Position of the alternative `value` was meant for: by its discriminator, else by being a map or not. */
export function indexMeant(options: readonly Bare[], value: unknown): number {
  const isMap = isRecord(value)
  const fits = options.findIndex(({ schema }) => {
    const { def } = schema._zod
    if (def.type !== 'object') return !isMap
    return isMap && Object.entries(def.shape).every(([key, field]) => literalFits(field, value[key]))
  })
  return Math.max(0, fits)
}

function literalFits(field: z.core.$ZodType, value: unknown): boolean {
  const { schema, optional } = bare(field)
  const { def } = schema._zod
  return def.type !== 'literal' || optional || (def.values as unknown[]).includes(value)
}

/** The schema one step further down, or `null` when there is none. */
export function stepInto(schema: z.core.$ZodType, step: string | number, value: unknown): z.core.$ZodType | null {
  const { def } = meantBy(schema, value).schema._zod
  if (def.type === 'object') return Object.hasOwn(def.shape, step) ? def.shape[step]! : null
  if (def.type === 'record') return def.valueType
  return def.type === 'array' ? def.element : null
}

/** What stands at a path of plain values; `undefined` when the path leaves them. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[step as number]
    return isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }, value)
}

/** The schema of whatever stands at a path; `null` when no setting is there. */
export function schemaAt(root: z.core.$ZodType, path: Path, input: unknown): z.core.$ZodType | null {
  let schema: z.core.$ZodType | null = root
  let value = input
  for (const step of path) {
    if (schema === null) return null
    schema = stepInto(schema, step, value)
    value = valueAt(value, [step])
  }
  return schema
}
