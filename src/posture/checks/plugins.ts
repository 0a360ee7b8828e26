import type { Check } from '../check.ts'
import asInstalled from './plugins/as-installed.ts'
import chosen from './plugins/chosen.ts'
import digestNoted from './plugins/digest-noted.ts'
import entriesInside from './plugins/entries-inside.ts'
import noPhantoms from './plugins/no-phantoms.ts'
import notWritableByOthers from './plugins/not-writable-by-others.ts'
import pathsTrusted from './plugins/paths-trusted.ts'
import pinned from './plugins/pinned.ts'
import toolsChosen from './plugins/tools-chosen.ts'

export const plugins: readonly Check[] = [
  asInstalled,
  chosen,
  digestNoted,
  entriesInside,
  noPhantoms,
  notWritableByOthers,
  pathsTrusted,
  pinned,
  toolsChosen,
]
