import type { z } from 'zod'
import { bare } from './schema-walk.ts'
import { configFileNames, sections, type ConfigFileName } from './sections.ts'

/** One row of the table. */
interface Row {
  key: string
  file: string
  type: string
  fallback: string
  unit: string
  meaning: string
  enforced: boolean
}

/** The reference of all settings as a Markdown table; `docs/reference/settings.md` is made of it. */
export function settingsReference(): string {
  const head = ['key', 'file', 'type', 'default', 'unit', 'meaning', 'enforced']
  const lines = allRows().map((row) => [
    `\`${row.key}\``,
    row.file,
    row.type,
    row.fallback,
    row.unit,
    row.meaning,
    row.enforced ? 'yes' : 'not yet',
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('')
}

/** Settings that are accepted and that nothing acts on yet, dotted, as the table names them. */
export function notEnforcedSettings(): string[] {
  return allRows().flatMap(({ key, enforced }) => (enforced ? [] : [key]))
}

function allRows(): Row[] {
  const seen = new Set<string>()
  return configFileNames.flatMap((file) =>
    Object.entries(sections[file])
      .filter(([key]) => !seen.has(key) && seen.add(key))
      .flatMap(([key, schema]) => rowsBelow(schema, key, file, false)),
  )
}

function rowsBelow(schema: z.core.$ZodType, key: string, file: ConfigFileName, inherited: boolean): Row[] {
  const { schema: inner, meaning, optional, fallback } = bare(schema)
  const enforced = meaning.enforced ?? inherited
  const below = (part: z.core.$ZodType, name: string): Row[] => rowsBelow(part, name, file, enforced)
  const { def } = inner._zod
  if (def.type === 'object') return Object.entries(def.shape).flatMap(([name, part]) => below(part, `${key}.${name}`))
  if (def.type === 'record' && isGroup(def.valueType)) return below(def.valueType, `${key}.<name>`)
  if (def.type === 'array' && isGroup(def.element)) return below(def.element, `${key}[]`)
  if (def.type === 'union' && 'discriminator' in def) {
    return mergedByKey(def.options.flatMap((option) => below(option, key)))
  }
  const shown = fallback === undefined ? (optional ? '' : 'required') : `\`${JSON.stringify(fallback)}\``
  const unit = meaning.unit ?? ''
  return [{ key, file, type: typeName(inner), fallback: shown, unit, meaning: meaning.description ?? '', enforced }]
}

/** Alternatives share keys, such as `provider`: their rows become one, which names all values. */
function mergedByKey(rows: Row[]): Row[] {
  const byKey = new Map<string, Row>()
  for (const row of rows) {
    const first = byKey.get(row.key)
    if (!first) byKey.set(row.key, { ...row, meaning: labelled(row) })
    else {
      // What several alternatives say in the same words is said once.
      const meaning = first.meaning.includes(labelled(row)) ? first.meaning : `${first.meaning}; ${labelled(row)}`
      const type = first.type.split(', ').includes(row.type) ? first.type : `${first.type}, ${row.type}`
      byKey.set(row.key, { ...first, type, meaning })
    }
  }
  return [...byKey.values()]
}

function labelled({ type, meaning, enforced, key }: Row): string {
  return /\.(provider|issuer)$/.test(key) ? `${type}: ${meaning}${enforced ? '' : ' (not enforced yet)'}` : meaning
}

function isGroup(schema: z.core.$ZodType): boolean {
  const { def } = bare(schema).schema._zod
  return def.type === 'object' || (def.type === 'union' && 'discriminator' in def)
}

function typeName(schema: z.core.$ZodTypes): string {
  const { def } = schema._zod
  switch (def.type) {
    case 'enum':
      return Object.values(def.entries).map((value) => `\`${value}\``).join(', ')
    case 'literal':
      return def.values.map((value) => `\`${String(value)}\``).join(', ')
    case 'array':
      return `list of ${typeName(bare(def.element).schema)}`
    case 'record':
      return `map of names to ${typeName(bare(def.valueType).schema)}`
    case 'union':
      return def.options.map((option) => typeName(bare(option).schema)).join(' or ')
    case 'string':
      return 'text'
    case 'object':
      return 'map'
    default:
      return def.type
  }
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|')
}
