import { describe, expect, it } from 'vitest'
import { ValidationError } from '../errors.ts'
import { validateTask, type JsonSchema } from './validate-task.ts'

function refusal(task: unknown, schema?: JsonSchema): ValidationError {
  try {
    validateTask(task, schema)
  } catch (error) {
    if (error instanceof ValidationError) return error
    throw error
  }
  throw new Error('not refused')
}

describe('validateTask', () => {
  it('accepts a task of the guide', () => {
    expect(validateTask({ task_type: 'report', parameters: { week: 7 } })).toBeUndefined()
  })

  it.each([
    [
      { task_type: 'sh', parameters: {} },
      '/task_type',
      'task at /task_type must be one of "report", "analysis", "summary"',
    ],
    [{ parameters: {} }, '/task_type', 'task at /task_type is missing'],
    [{ task_type: 'report', parameters: {}, 'a/b': 1 }, '/a~1b', 'task at /a~1b is not allowed'],
    ['report', '', 'task must be object'],
    [
      { task_type: 'report', parameters: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${i}`, i])) },
      '/parameters',
      'task at /parameters must NOT have more than 10 properties',
    ],
  ])('refuses %j and names the path', (task, path, reason) => {
    const error = refusal(task)
    expect(error).toMatchObject({ code: 'content.task-refused', rule: 'task-schema', path, reason })
  })

  it('refuses a property that only a prototype has', () => {
    expect(refusal(JSON.parse('{"task_type":"report","parameters":{},"__proto__":{}}')).path).toBe('/__proto__')
  })

  it('takes a schema of the operator, compiled once', () => {
    const schema = { type: 'array', items: { type: 'integer' }, maxItems: 2 }
    validateTask([1, 2], schema)
    expect(refusal([1, 'x'], schema).path).toBe('/1')
    expect(refusal([1, 2, 3], schema).reason).toBe('task must NOT have more than 2 items')
  })

  it('matches patterns in linear time', () => {
    const schema = { type: 'string', pattern: '^(a+)+$' }
    expect(refusal(`${'a'.repeat(50_000)}!`, schema).reason).toContain('must match pattern')
  })

  it('tells two patterns of one schema apart', () => {
    const only = (letter: string): JsonSchema => ({ type: 'string', pattern: `^${letter}$` })
    const schema = { type: 'object', properties: { a: only('a'), b: only('b') } }
    validateTask({ a: 'a', b: 'b' }, schema)
    expect(refusal({ a: 'a', b: 'a' }, schema).path).toBe('/b')
  })

  it.each([[{ type: 'nope' }], [{ type: 'object', reqired: [] }], [{ $ref: 'https://elsewhere.example/schema' }]])(
    'refuses the schema %j',
    (schema) => {
      expect(() => validateTask({}, schema)).toThrow(expect.objectContaining({ code: 'content.bad-schema' }))
    },
  )
})
