import { describe, expect, it } from 'vitest'
import { badNames } from './names.ts'
import { files } from './tree.ts'

describe('names say what a thing is', () => {
  it('holds in the tree, recorded fixtures apart', () => {
    expect(badNames(files((path) => !path.includes('fixtures/')))).toEqual([])
  })

  it('sees a name that is not kebab-case', () => {
    expect(badNames([{ path: 'src/base/aFile.ts' }])).toEqual(['src/base/aFile.ts: aFile.ts is not kebab-case'])
    expect(badNames([{ path: 'docs/Request_Flow.md' }])).toHaveLength(1)
  })

  it('sees a drawer, as a file, a folder or a word of either', () => {
    expect(badNames([{ path: 'src/base/string-utils.ts' }])).toEqual([
      'src/base/string-utils.ts: "utils" names a drawer, not a thing',
    ])
    expect(badNames([{ path: 'src/common/money.ts' }])).toHaveLength(1)
  })

  it('sees a version, and leaves numbers of standards alone', () => {
    expect(badNames([{ path: 'src/base/sum-v2.ts' }])).toEqual(['src/base/sum-v2.ts: sum-v2.ts carries a version'])
    for (const path of ['src/auditlog/rfc9162.ts', 'README.md', '.oxlintrc.json']) expect(badNames([{ path }])).toEqual([])
  })
})
