import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { RE2JS } from 're2js'
import { HardshellError, messageOf } from '../../base/index.ts'
import { ValidationError } from '../errors.ts'

/** JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The guide's TASK_SCHEMA (OpenClaw security hardening guide, step 5): known task types, nothing else. */
export const taskSchema: JsonSchema = {
  type: 'object',
  required: ['task_type', 'parameters'],
  additionalProperties: false,
  properties: {
    task_type: { type: 'string', enum: ['report', 'analysis', 'summary'] },
    parameters: { type: 'object', maxProperties: 10 },
  },
}

/**
 * Holds a task of a pipeline against its schema.
 * @param task parsed JSON or YAML; attacker-controlled
 * @param schema the operator's; remote references are not followed. Compiled once per object
 * @throws ValidationError naming the JSON path and what is wrong there, never the value
 * @throws HardshellError `content.bad-schema` when the schema itself is wrong
 */
export function validateTask(task: unknown, schema: JsonSchema = taskSchema): void {
  const validate = compiled(schema)
  if (validate(task)) return
  const error = validate.errors![0]!
  const path = pathOf(error)
  throw new ValidationError('task-schema', `task ${path === '' ? '' : `at ${path} `}${complaintOf(error)}`, { path })
}

const cache = new WeakMap<JsonSchema, ValidateFunction>()

function compiled(schema: JsonSchema): ValidateFunction {
  const known = cache.get(schema)
  if (known) return known
  try {
    // One validator each: two schemas of one `$id` must not meet. The first error ends it, many cost memory.
    const ajv = new Ajv2020({ strict: true, allErrors: false, logger: false, code: { regExp: linearRegExp } })
    const validate = ajv.compile(schema)
    cache.set(schema, validate)
    return validate
  } catch (cause) {
    throw new HardshellError('content.bad-schema', `task schema: ${messageOf(cause)}`, {
      hint: 'schemas are JSON Schema 2020-12 in strict mode: unknown keywords and formats are errors',
      cause,
    })
  }
}

/** `pattern` meets text from outside: linear engine, as for blocked patterns. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const engine = RE2JS.compile(pattern)
    // Ajv tells patterns apart by this string: without it all of them would be the first one it met.
    return { test: (text: string) => engine.matcher(text).find(), toString: () => `re2:${pattern}` }
  },
  { code: 'linearRegExp' },
)

/** The place of the complaint: for a property that is missing or too many, that property. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const name = keyword === 'required' ? params['missingProperty'] : params['additionalProperty']
  return typeof name === 'string' ? `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath
}

function complaintOf({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'required') return 'is missing'
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return 'is not allowed'
  if (keyword === 'enum') {
    const allowed = params['allowedValues'] as unknown[]
    return `must be one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`
  }
  return message ?? `fails ${keyword}`
}
