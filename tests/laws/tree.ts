/**
 * The repository as the laws read it: every text file that could be committed, once per run. A law is a function from
 * files to sentences naming each violation, so that it can be tried on made-up files as well as on these.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `path` is relative to the root of the repository, with `/`. */
export interface File {
  path: string
  text: string
}

export const root = join(import.meta.dirname, '../..')

const notOurs = new Set(['.git', '.runtime', '.vitest', 'coverage', 'dist', 'node_modules'])
const textual = /(^|[/.])(ts|js|mjs|cjs|json|json5|jsonl|md|yaml|yml|sh|txt|npmrc|gitignore|hardshell|run|LICENSE)$/

let whole: readonly File[] | null = null

/** All files of the repository, or those `wanted` picks. @throws when there are none: a law must see something. */
export function files(wanted: (path: string) => boolean = () => true): File[] {
  whole ??= read('')
  const found = whole.filter(({ path }) => wanted(path))
  if (found.length === 0) throw new Error('this law found nothing to inspect')
  return found
}

/** One file by its path. @throws when it is missing. */
export function file(path: string): File {
  return files((found) => found === path)[0]!
}

export const isCode = (path: string): boolean => /\.(ts|js|mjs)$/.test(path) && !path.endsWith('.d.ts')
/** Tests and what only tests use: `x.test.ts`, `x.test.kit.ts`, `x.fixture.ts`, everything in tests/. */
export const isTest = (path: string): boolean => /^tests\/|\.(test|fixture)\./.test(path)
/** What a user runs: the sources and the plugin without their tests. */
export const isProduct = (path: string): boolean => isCode(path) && !isTest(path) && /^(src|plugin)\//.test(path)

function read(folder: string): File[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): File[] => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : read(path)
    if (!entry.isFile() || !textual.test(path)) return []
    return [{ path, text: readFileSync(join(root, path), 'utf8') }]
  })
}
