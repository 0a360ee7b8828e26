import { describe, expect, it } from 'vitest'
import { references, type Reference } from '../../scripts/references.ts'
import { files, type File } from './tree.ts'

/** Generated documents that the tree lacks or has otherwise. */
function drift(wanted: readonly Reference[], tree: readonly File[]): string[] {
  return wanted
    .filter(({ path, text }) => tree.find((file) => file.path === path)?.text !== text)
    .map(({ path }) => `${path} differs from the program; next: npm run docs`)
}

describe('references say what the program does', () => {
  it('holds in the tree', () => {
    const wanted = references()
    expect(wanted.length).toBeGreaterThan(4)
    expect(drift(wanted, files())).toEqual([])
  })

  it('sees a reference that was edited by hand, and one that is missing', () => {
    const wanted = [{ path: 'docs/reference/a.md', text: 'a\n' }, { path: 'docs/reference/b.md', text: 'b\n' }]
    expect(drift(wanted, [{ path: 'docs/reference/a.md', text: 'A\n' }])).toEqual([
      'docs/reference/a.md differs from the program; next: npm run docs',
      'docs/reference/b.md differs from the program; next: npm run docs',
    ])
    expect(drift(wanted.slice(0, 1), [wanted[0]!])).toEqual([])
  })
})
