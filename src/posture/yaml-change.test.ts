import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withYaml, yamlHolds, yamlValue } from './yaml-change.ts'

const written = `# ours, since March
egress:
  mode: report # until Friday
  allowed_hosts: ["api.example.com"]
security_alerts:
- name: first
  condition: 'tokens_per_hour > 5'   # low on purpose
- name: second
  condition: "a == true"
`

describe('a change of a YAML file', () => {
  it('sets one value and leaves comments, order, quotes and everything else', () => {
    const after = withYaml(written, { at: ['egress', 'mode'], to: 'enforce' })
    expect(after.split('\n').filter((line) => !written.split('\n').includes(line))).toEqual(['  mode: enforce # until Friday'])
  })

  it('finds an element of a list by its name, and adds one that is not there', () => {
    const changed = withYaml(written, { at: ['security_alerts', { named: 'second' }, 'condition'], to: 'b == true' })
    expect(yamlValue(changed, ['security_alerts', { named: 'second' }])).toEqual({ name: 'second', condition: 'b == true' })
    const added = withYaml(changed, { at: ['security_alerts', { named: 'third' }], to: { name: 'third' } })
    expect((parse(added) as { security_alerts: unknown[] }).security_alerts).toHaveLength(3)
    expect(added).toContain('# low on purpose')
  })

  it('makes what is on the way, in a file that is empty, absent or has a key without a value', () => {
    for (const text of [null, '', '# only a comment\n', 'dns:\n']) {
      const after = withYaml(text, { at: ['dns', 'servers', { named: 'x' }, 'port'], to: 53 })
      expect(yamlValue(after, ['dns', 'servers']), JSON.stringify(text)).toEqual([{ port: 53 }])
    }
  })

  it('takes a key out, and changes nothing where there is none', () => {
    expect(yamlValue(withYaml(written, { at: ['egress', 'mode'], to: undefined }), ['egress', 'mode'])).toBeUndefined()
    expect(withYaml(written, { at: ['dns', 'enabled'], to: undefined })).toBe(written)
  })

  it('holds only while the place reads as it was judged', () => {
    expect(yamlHolds(written, { at: ['egress', 'mode'], from: 'report' })).toBe(true)
    expect(yamlHolds(written, { at: ['egress', 'mode'], from: 'learn' })).toBe(false)
    expect(yamlHolds(null, { at: ['egress', 'mode'], from: undefined })).toBe(true)
  })

  it('refuses a text that is no YAML and a way through a plain value', () => {
    expect(() => withYaml('a: [1', { at: ['b'], to: 1 })).toThrow(/flow sequence|Flow sequence/i)
    expect(() => withYaml(written, { at: ['egress', 'mode', 'deeper'], to: 1 })).toThrow(/neither a map nor a list/)
  })

  it('takes a bracket in a value for no style of the file', () => {
    for (const to of [['[ '], 'a[ b', { a: '{ "' }]) {
      const text = withYaml('top: {}\n', { at: ['top', 'a'], to })
      expect(withYaml(text, { at: ['top', 'a'], to })).toBe(text)
    }
  })

  it('reads back what it wrote, whatever it is, and leaves the neighbours alone', () => {
    const key = fc.stringMatching(/^[a-z][a-z_]{0,8}$/)
    const value = fc.jsonValue({ maxDepth: 2 }).filter((made) => made !== null)
    fc.assert(
      fc.property(fc.dictionary(key, value), key, value, (before, at, to) => {
        const text = withYaml(null, { at: ['top'], to: before })
        const after = withYaml(text, { at: ['top', at], to })
        // JSON has no -0, and YAML writes 0 for it.
        expect(JSON.stringify(yamlValue(after, ['top', at]))).toBe(JSON.stringify(to))
        for (const [other, was] of Object.entries(before)) if (other !== at) expect(JSON.stringify(yamlValue(after, ['top', other]))).toBe(JSON.stringify(was))
        expect(withYaml(after, { at: ['top', at], to })).toBe(after)
      }),
    )
  })
})
