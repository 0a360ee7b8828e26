import type { File } from './tree.ts'

// Put together here, so that this file is not the first to break its own law.
const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`)
/** Folders of somebody's own machine, and a package index the lock file was made against. */
const ofOneMachine = new RegExp(['/ho' + 'me/[a-z]+/(src|git)/', '/Us' + 'ers/[a-z]+/', '/wo' + 'rk/(main|shared)\\b'].join('|'))

/** Lines that promise work for later, or only mean something on one machine. */
export function looseEnds(files: readonly File[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const word = unfinished.exec(line)?.[0] ?? ofOneMachine.exec(line)?.[0]
      return word === undefined ? [] : [`${path}:${index + 1}: ${word}`]
    }),
  )
}
