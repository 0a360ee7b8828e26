import { describe, expect, it } from 'vitest'
import { files } from './tree.ts'
import { looseEnds } from './words.ts'

describe('nothing is left lying about', () => {
  it('holds in the tree, the lock files apart', () => {
    expect(looseEnds(files((path) => !path.endsWith('package-lock.json')))).toEqual([])
  })

  it('sees work put off', () => {
    expect(looseEnds([{ path: 'a.ts', text: `a()\n// ${'TO' + 'DO'}: b\n` }])).toEqual([`a.ts:2: ${'TO' + 'DO'}`])
  })

  it("sees a path of one developer's machine", () => {
    expect(looseEnds([{ path: 'a.md', text: `see /wo${'rk'}/shared/spec` }])).toEqual([`a.md:1: /wo${'rk'}/shared`])
  })
})
