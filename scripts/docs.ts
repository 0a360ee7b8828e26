/**
 * `npm run docs`: writes the references that are made from the program. `npm run docs -- --check` writes nothing and
 * fails when one of them would change.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { references } from './references.ts'

const root = join(import.meta.dirname, '..')
const checking = process.argv.includes('--check')

const stale = references().filter(({ path, text }) => current(path) !== text)
for (const { path, text } of stale) {
  console.log(`${checking ? 'differs' : 'written'} ${path}`)
  if (checking) continue
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
if (stale.length === 0) console.log('every generated reference is up to date')
if (checking && stale.length > 0) {
  console.error('docs: the references do not say what the program does; next: npm run docs')
  process.exitCode = 1
}

function current(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return null // not there yet: it differs
  }
}
