import type { z } from 'zod'
import { placeKey } from './document.ts'
import type { LoadedConfig } from './load.ts'
import { dotted, type Path } from './problem.ts'
import { meantBy, stepInto } from './schema-walk.ts'
import { rootSchema } from './sections.ts'

/** A `$NAME` somewhere in the configuration. */
export interface Reference {
  /** Without the `$`. */
  name: string
  /** Dotted path of the setting that refers. */
  key: string
  file: string
  line: number
}

/**
 * Every `$NAME` in a setting that takes references, in the order it was written. A `$` elsewhere, as in the steps of a
 * playbook, is text. Resolving them is the business of the secrets room.
 */
export function references({ input, places }: Pick<LoadedConfig, 'input' | 'places'>): Reference[] {
  return below(rootSchema, input, []).map(({ name, path }) => {
    const place = places.get(placeKey(path))
    return { name, key: dotted(path), file: place?.file ?? '', line: place?.valueLine ?? 1 }
  })
}

function below(schema: z.core.$ZodType, value: unknown, path: Path): { name: string; path: Path }[] {
  if (typeof value === 'string') {
    const takesReferences = meantBy(schema, value).meaning.unit?.includes('reference') === true
    return takesReferences && /^\$[A-Za-z_]\w*$/.test(value) ? [{ name: value.slice(1), path }] : []
  }
  if (typeof value !== 'object' || value === null) return []
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steps.flatMap(([step, part]) => {
    const inner = stepInto(schema, step, value)
    return inner === null ? [] : below(inner, part, [...path, step])
  })
}
