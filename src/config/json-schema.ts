import { z } from 'zod'
import { schemaAt } from './schema-walk.ts'
import { configFileNames, rootSchema, sections, shorthands, type ConfigFileName } from './sections.ts'

/**
 * JSON Schema of one file, for editors that complete and check YAML. It is a help, not the judge: sizes of numbers
 * behind units, and what depends on a neighbour, only `config check` knows.
 */
export function schemaFor(file: ConfigFileName): Record<string, unknown> {
  const schema = z.toJSONSchema(z.strictObject({ ...sections[file], ...shorthandsOf(file) }), {
    io: 'input',
    target: 'draft-7', // what yaml-language-server, behind most editors, understands best
    override: ({ jsonSchema }) => explainInEditors(jsonSchema),
  })
  return { ...schema, title: `Hardshell ${file}`, description: `Settings of Hardshell that live in ${file}.` }
}

/** The files under `schema/`, one for each configuration file. Writing and comparing them is the caller's. */
export function generatedSchemas(): { path: string; text: string }[] {
  return configFileNames.map((file) => ({
    path: `schema/${file.replace('.yaml', '.schema.json')}`,
    text: `${JSON.stringify(schemaFor(file), null, 2)}\n`,
  }))
}

function shorthandsOf(file: ConfigFileName): Record<string, z.core.$ZodType> {
  const ours = Object.entries(shorthands).filter(([, path]) => Object.hasOwn(sections[file], path[0]!))
  return Object.fromEntries(ours.map(([key, path]) => [key, schemaAt(rootSchema, path, {})!]))
}

// Our own conversions, in the words of JSON Schema.
const patternByUnit: Readonly<Record<string, string>> = {
  duration: '^(\\d+(ms|[smhdw]))+$',
  size: '^\\d{1,9}(KB|MB|GB)$',
  listen: '^((\\[[0-9a-fA-F:.%]+\\]|[0-9.]+|localhost):)?\\d{1,5}$',
}

/** Marks of ours that editors do not know become words and patterns that they do. */
function explainInEditors(node: z.core.JSONSchema.BaseSchema): void {
  const { unit, enforced } = node
  const fate = enforced === false ? 'accepted, not enforced yet' : null
  const notes = [unitNote(unit), fate].filter((note) => note !== null)
  if (notes.length > 0) node.description = [node.description, `(${notes.join('; ')})`].filter(Boolean).join(' ')
  const pattern = typeof unit === 'string' ? patternByUnit[unit] : undefined
  if (pattern !== undefined && node.type === 'string') node.pattern = pattern
  delete node['unit']
  delete node['enforced']
  delete node['refusal']
}

// Units that say how a value is written, not how it is measured.
const forms = [
  'port', 'url', 'https-url', 'listen', 'host', 'cidr', 'fraction',
  'reference', 'text-or-reference', 'reference-or-generated',
]

function unitNote(unit: unknown): string | null {
  return typeof unit === 'string' && !forms.includes(unit) ? unit : null
}
