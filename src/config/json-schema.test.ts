import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generatedSchemas, schemaFor } from './json-schema.ts'
import { configFileNames, type ConfigFileName } from './sections.ts'

const root = join(import.meta.dirname, '../..')

function judge(file: ConfigFileName, value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, formats: { uri: true, ipv4: true } })
  const accepts = ajv.compile(schemaFor(file))
  return accepts(value) ? [] : (accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

describe('schemas for editors', () => {
  it('are those in schema/, one for each file (npm run docs writes them)', () => {
    const generated = generatedSchemas()
    const names = generated.map(({ path }) => path.slice('schema/'.length))
    expect(new Set(readdirSync(join(root, 'schema')))).toEqual(new Set(names))
    const stale = generated.filter(({ path, text }) => readFileSync(join(root, path), 'utf8') !== text)
    expect(stale.map(({ path }) => path)).toEqual([])
  })

  it('accept every snippet of the guides', () => {
    const fixtures = join(root, 'tests/fixtures/config')
    const all = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    const files = all.filter((path) => /^guide-.*\.yaml$/.test(path))
    expect(files.length).toBeGreaterThanOrEqual(25)
    const objections = files.flatMap((path) => {
      const name = configFileNames.find((file) => path.endsWith(`/${file}`))!
      return judge(name, parse(readFileSync(join(fixtures, path), 'utf8'))).map((objection) => `${path}: ${objection}`)
    })
    expect(objections).toEqual([])
  })

  it('object to a mistyped key, a missing unit and a wrong word', () => {
    expect(
      judge('config.yaml', { audit: { retension_days: 1 } }),
    ).toEqual(['/audit must NOT have additional properties'])
    expect(judge('config.yaml', { proof: { every: '5' } })).toEqual(
      [expect.stringMatching(/^\/proof\/every must match pattern/)],
    )
    expect(judge('config.yaml', { session: { dmScope: 'all' } })).toEqual(
      ['/session/dmScope must be equal to one of the allowed values'],
    )
  })

  it('say what is not enforced yet, in words and not in marks of ours', () => {
    const text = generatedSchemas().map((schema) => schema.text).join('')
    expect(text).toContain('file of the TLS certificate chain, PEM (accepted, not enforced yet)')
    expect(text).not.toMatch(/"(enforced|unit|refusal)":/)
  })
})
