import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deadLinks, rowsWithoutStatus } from './documents.ts'
import { file, files, root } from './tree.ts'

const statuses = ['done', 'part', 'later']

describe('documents can be followed', () => {
  it('holds for the links of the tree', () => {
    const documents = files((path) => path.endsWith('.md') && !path.includes('fixtures/'))
    expect(deadLinks(documents, (path) => existsSync(join(root, path)))).toEqual([])
  })

  it('holds for the feature table', () => {
    expect(rowsWithoutStatus(file('docs/features.md'), statuses)).toEqual([])
  })

  it('sees a link that leads nowhere, and one to a heading that is gone', () => {
    const documents = [
      {
        path: 'docs/a.md',
        text: '[b](b.md#the-heading-1) [c](../c.md) [web](https://example.com) `[d](d.md)` [e](#here)\n# Here',
      },
      { path: 'docs/b.md', text: '# The heading\n# The heading\n' },
    ]
    expect(deadLinks(documents, (path) => path.startsWith('docs/'))).toEqual(['docs/a.md: ../c.md leads nowhere'])
    const renamed = [documents[0]!, { path: 'docs/b.md', text: '# Another heading\n' }]
    expect(deadLinks(renamed, () => true)).toEqual(['docs/a.md: b.md#the-heading-1 names no heading'])
  })

  it('sees a promise without a status, and a table without promises', () => {
    const rows = ['| SEC-1 | keys | done |', '| SEC-2 | more keys | part: no |', '| SEC-3 | all keys | |']
    const table = { path: 'docs/features.md', text: rows.join('\n') }
    expect(rowsWithoutStatus(table, statuses)).toEqual(['docs/features.md: SEC-3 has no status (done, part, later)'])
    expect(rowsWithoutStatus({ path: 'docs/features.md', text: '' }, statuses)).toEqual([
      'docs/features.md: no row of a promise in it',
    ])
  })
})
