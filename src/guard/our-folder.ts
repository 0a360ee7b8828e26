import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder of our own package: beside `src` in a clone, beside `dist` in the published package. */
export function ourFolder(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const root = here.includes(join('dist', 'src', 'guard')) ? join(here, '..', '..', '..') : join(here, '..', '..')
  return join(root, name)
}
