import { describe, expect, it } from 'vitest'
import { deepFiles, longFiles, longFunctions } from './sizes.ts'
import { files, isCode } from './tree.ts'

const lines = (count: number): string => 'x()\n'.repeat(count)

describe('files, functions and folders stay small', () => {
  it('holds for files', () => {
    expect(longFiles(files(isCode))).toEqual([])
  })

  it('holds for functions', () => {
    expect(longFunctions(files(isCode))).toEqual([])
  })

  it('holds for folders', () => {
    expect(deepFiles(files((path) => path.startsWith('src/')))).toEqual([])
  })

  it('sees a long file, and asks a fairly long one for its reason', () => {
    expect(longFiles([{ path: 'a.ts', text: lines(401) }])).toEqual(['a.ts: 401 lines, more than 400'])
    const [unexplained] = longFiles([{ path: 'a.ts', text: lines(300) }])
    expect(unexplained).toBe('a.ts: 300 lines and no "// long: reason" at its top')
    expect(longFiles([{ path: 'a.ts', text: `// long: one table\n${lines(300)}` }])).toEqual([])
  })

  it('sees a long function of every kind, through its types', () => {
    const body = `{\n${lines(80)}}`
    expect(longFunctions([{ path: 'a.ts', text: `type A = {\n b: 1 }\nfunction a(b: A): void ${body}` }])).toEqual([
      'a.ts:3: a function of 82 lines, more than 80',
    ])
    expect(longFunctions([{ path: 'a.ts', text: `const a = (b: number): void => ${body}` }])).toHaveLength(1)
    expect(longFunctions([{ path: 'a.ts', text: `class A { b() ${body} }` }])).toHaveLength(1)
  })

  it('sees a deep folder', () => {
    expect(deepFiles([{ path: 'src/a/b/c/d/e.ts' }, { path: 'src/a/b/c/d.ts' }])).toEqual([
      'src/a/b/c/d/e.ts: 4 folders below src, more than 3',
    ])
  })
})
