import type { File } from './tree.ts'

/** Words that name a drawer and not a thing. */
const drawers = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'service', 'extra'])

/** Files the world expects under these names. */
const expected = /^(README|AGENTS|CONTRIBUTING|SECURITY|LICENSE)(\.md)?$/

/** Paths that are not kebab-case, that name a drawer, or that carry a version. */
export function badNames(files: readonly Pick<File, 'path'>[]): string[] {
  return files.flatMap(({ path }) => {
    const words = path.split('/').flatMap((name) => (expected.test(name) ? [] : [name]))
    const shapes = words.filter((name) => !isKebab(name)).map((name) => `${path}: ${name} is not kebab-case`)
    const named = words.flatMap((name) => name.split(/[.-]/)).filter((word) => drawers.has(word))
    return [
      ...shapes,
      ...named.map((word) => `${path}: "${word}" names a drawer, not a thing`),
      ...words.filter((name) => /(^|[.-])v\d+([.-]|$)/.test(name)).map((name) => `${path}: ${name} carries a version`),
    ]
  })
}

/** Lower case letters and digits in words joined by `-`; dots part off endings, and may begin the name. */
function isKebab(name: string): boolean {
  return /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(name)
}
