import type { Change } from './change.ts'
import type { Check } from './check.ts'
import type { ResidueFile } from './facts/residue.ts'
import type { ResidueKind } from './facts/residue-places.ts'

// A log of a thousand lines with one key on each is one fault.
const spotsTold = 5

const goesOn: ReadonlySet<ResidueKind> = new Set(['log', 'session'])

type Rule = Required<Pick<Check<'residue'>, 'needs' | 'restsOn' | 'applies' | 'judge'>>

/** No secrets in files of a kind, mended by a mark in the place of each; a log or session that goes on is left for later. */
export function cleanedResidueRule(kind: ResidueKind): Rule & Required<Pick<Check<'residue'>, 'fix'>> {
  return {
    ...residueRule(kind),
    fix: {
      // Whoever still reads a key there, such as a skill, has to be given it in another way.
      risk: kind === 'skill' || kind === 'settings' ? 'restart' : 'safe',
      part: 'secrets',
      plan: ({ residue }) => residue.files.filter((file) => file.kind === kind && isRewritable(file)).map(({ path, text, cleaned }): Change => ({ kind: 'file', path, from: text, to: cleaned })),
    },
  }
}

/** What is no UTF-8 would come back as something else. */
function isRewritable({ kind, isIdle, text }: ResidueFile): boolean {
  return (isIdle || !goesOn.has(kind)) && !text.includes('\uFFFD')
}

/** What could not be looked into is no pass. */
function residueRule(kind: ResidueKind): Rule {
  return {
    needs: ['residue'],
    restsOn: [`residue.${kind}`],
    applies: ({ residue }) => kind !== 'history' || residue.hasHome,
    judge({ residue }) {
      const files = residue.files.filter((file) => file.kind === kind)
      const unread = residue.unread.find((file) => file.kind === kind)
      if (files.length === 0 && unread) throw new Error(`${unread.path} could not be looked into: ${unread.why}`)
      return files.map((file) => ({ at: `${file.path}:${file.spots[0]!.line}`, saw: spots(file), want: 'no secret; and a new one from its issuer, as this one was readable' }))
    },
  }
}

function spots({ spots: found }: ResidueFile): string {
  const told = found.slice(0, spotsTold).map(({ line, what }) => `${what} in line ${line}`)
  return [...told, ...(found.length > spotsTold ? [`${found.length - spotsTold} more`] : [])].join(', ')
}
