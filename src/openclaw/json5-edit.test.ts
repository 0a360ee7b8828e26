import fc from 'fast-check'
import JSON5 from 'json5'
import { describe, expect, it } from 'vitest'
import { applyChanges, valueAt, type Change } from './json5-edit.ts'

const set = (at: string, to: unknown): Change => ({ at: at.split('.'), from: undefined, to })

describe('applyChanges', () => {
  it('keeps comments, order, quotes and trailing commas when it replaces a value', () => {
    const text = `// mine\n{\n  // the door\n  gateway: { 'bind': "lan", /* keep */ port: 0x50, },\n  tools: {},\n}\n`
    expect(applyChanges(text, [set('gateway.bind', 'loopback')])).toBe(text.replace('"lan"', '"loopback"'))
  })

  it('adds a key behind the comment of the last value', () => {
    const text = `{\n  a: 1 // one\n}`
    expect(applyChanges(text, [set('b', 2)])).toBe(`{\n  a: 1, // one\n  b: 2\n}`)
  })

  it('adds a nested object where none of the path exists', () => {
    const out = applyChanges(`{ a: 1 }`, [set('tools.fs.workspaceOnly', true)])
    expect(JSON5.parse(out)).toEqual({ a: 1, tools: { fs: { workspaceOnly: true } } })
  })

  it('keeps a comment that is all an object holds', () => {
    const out = applyChanges(`{\n  // nothing yet\n}`, [set('a', [1])])
    expect(out).toContain('// nothing yet')
    expect(JSON5.parse(out)).toEqual({ a: [1] })
  })

  it('edits the last one of duplicate keys, the one every reader takes', () => {
    expect(JSON5.parse(applyChanges(`{ a: 1, a: 2 }`, [set('a', 3)]))).toEqual({ a: 3 })
  })

  it('keeps a byte-order mark', () => {
    expect(applyChanges('\uFEFF{ a: 1 }', [set('a', 2)])).toBe('\uFEFF{ a: 2 }')
  })

  it('takes a key out with its comma, its line and the comment behind it, and keeps what the neighbours say', () => {
    const text = `{\n  // first\n  a: 1, // about a\n  b: 2, // about b\n  // third\n  c: 3 // about c\n}\n`
    expect(applyChanges(text, [set('b', undefined)])).toBe(`{\n  // first\n  a: 1, // about a\n  // third\n  c: 3 // about c\n}\n`)
    expect(applyChanges(text, [set('c', undefined)])).toBe(`{\n  // first\n  a: 1, // about a\n  b: 2 // about b\n  // third\n}\n`)
  })

  it('takes out the only key, one of a line, every duplicate, and nothing where there is nothing', () => {
    expect(applyChanges(`{ a: { b: 1 } }`, [set('a.b', undefined)])).toBe(`{ a: { } }`)
    expect(applyChanges(`{ a: 1, b: 2 }`, [set('a', undefined)])).toBe(`{ b: 2 }`)
    expect(applyChanges(`{"a":1,"b":2}`, [set('b', undefined)])).toBe(`{"a":1}`)
    expect(JSON5.parse(applyChanges(`{ a: 1, b: 2, a: 3 }`, [set('a', undefined)]))).toEqual({ b: 2 })
    expect(applyChanges(`{ a: 1 }`, [set('x.y', undefined)])).toBe(`{ a: 1 }`)
  })

  it('changes a setting inside an element of a list', () => {
    const text = `{ agents: { list: [{ id: 'a' }, { id: 'b', x: 1 /* keep */ }] } }`
    expect(applyChanges(text, [set('agents.list.1.x', 2)])).toBe(text.replace('x: 1', 'x: 2'))
    expect(applyChanges(text, [set('agents.list.1.x', undefined)])).toContain(`{ id: 'b' /* keep */ }`)
    expect(valueAt(JSON5.parse(text), ['agents', 'list', '1', 'id'])).toBe('b')
    expect(valueAt({ a: [1] }, ['a', 'length'])).toBeUndefined()
  })

  it('reads back without the key, whatever stands around it, and keeps every other value', () => {
    const key = fc.constantFrom('a', 'b', 'c', '$d', 'e-f')
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.array(fc.string(), { maxLength: 2 }))
    const trivia = fc.constantFrom('', ' ', '\n', ' // , }\n', '/* , { */', '\r\n  ')
    const entry = fc.record({ key, value: leaf, before: trivia, between: trivia, after: trivia })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), fc.boolean(), key, (entries, trailing, gone) => {
        const parts = entries.map((e) => `${e.before}${JSON.stringify(e.key)}:${e.between}${JSON5.stringify(e.value)}${e.after}`)
        const text = `{${parts.join(',')}${trailing && parts.length > 0 ? ',' : ''}}`
        const { [gone]: _, ...kept } = JSON5.parse<Record<string, unknown>>(text)
        expect(JSON5.parse(applyChanges(text, [{ at: [gone], from: undefined, to: undefined }]))).toEqual(kept)
      }),
    )
  })

  it('refuses to descend into a value that is not an object', () => {
    expect(() => applyChanges(`{ a: [1] }`, [set('a.b', 1)])).toThrow(/a is not an object/)
  })

  it('names the place in text that is not JSON5', () => {
    expect(() => applyChanges(`{ a: }`, [set('a', 1)])).toThrow(/is not JSON5.*1:/)
  })

  it('reads back as intended for any object and any path, and loses no other value', () => {
    const key = fc.string({ minLength: 1, maxLength: 6 }).filter((k) => k !== '__proto__')
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.constant(null))
    const value = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf), fc.array(leaf)), { noNullPrototype: true })
    fc.assert(
      fc.property(value, key, key, leaf, fc.constantFrom(0, 2), (root, a, b, to, indent) => {
        fc.pre(typeof root[a] !== 'object' || (root[a] !== null && !Array.isArray(root[a])))
        fc.pre(!Object.hasOwn(root, a) || typeof root[a] === 'object')
        const out = JSON5.parse(applyChanges(JSON5.stringify(root, null, indent), [{ at: [a, b], from: undefined, to }]))
        expect(valueAt(out, [a, b])).toEqual(to)
        for (const other of Object.keys(root)) if (other !== a) expect(valueAt(out, [other])).toEqual(root[other])
      }),
    )
  })
})
