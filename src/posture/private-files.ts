import type { Check, Fix, Flaw, Severity } from './check.ts'
import type { SeenFile } from './facts/seen-files.ts'
import type { StateFolderFacts } from './facts/state-folder.ts'
import { looseModes, tightened, writableByOthers } from './loose-modes.ts'

/** How bad each kind of openness is, and what OpenClaw's own audit calls it. */
export interface Privacy {
  worldWritable: Openness
  groupWritable: Openness
  worldReadable: Openness
  groupReadable: Openness
}

type Openness = readonly [severity: Severity, ...covers: string[]]

const others = 0o077

/** The part of a check that is the same for every kind of file only its owner may have. */
export function privateJudge(
  kind: keyof StateFolderFacts,
  privacy: Privacy,
  pick: (facts: StateFolderFacts) => readonly (SeenFile | null)[] = (facts) => [facts[kind]].flat(),
): {
  needs: readonly ['stateFolder']
  restsOn: readonly string[]
  judge(facts: { stateFolder: StateFolderFacts }): Flaw[]
  fix: Fix<'stateFolder'>
} {
  const picked = (facts: StateFolderFacts): SeenFile[] => pick(facts).filter((file) => file !== null)
  return {
    needs: ['stateFolder'],
    restsOn: [`stateFolder.${kind}`],
    judge: ({ stateFolder }) =>
      picked(stateFolder).flatMap((file) => {
        const [severity, ...covers] = opennessOf(file.mode, privacy)
        return looseModes([file], others).map((flaw) => ({ ...flaw, severity: weighed(severity, file, stateFolder), covers }))
      }),
    fix: { risk: 'safe', part: 'files', plan: ({ stateFolder }) => tightened(picked(stateFolder).map(ended), others) },
  }
}

/** The same numbers for files whose reading others is bad and whose writing is worse. */
export function privacyOf(name: string | null, readable: Severity = 'medium'): Privacy {
  const id = (kind: string): string[] => (name === null ? [] : [`fs.${name}.perms_${kind}`])
  return {
    worldWritable: ['critical', ...id('writable')],
    groupWritable: ['critical', ...id('writable')],
    worldReadable: [readable, ...id('readable')],
    groupReadable: ['medium', ...id('readable')],
  }
}

/** For checks that name every id they may tell. */
export function coveredBy({ worldWritable, groupWritable, worldReadable, groupReadable }: Privacy): NonNullable<Check['covers']> {
  return [...new Set([worldWritable, groupWritable, worldReadable, groupReadable].flatMap(([, ...covers]) => covers))]
}

function opennessOf(mode: number, privacy: Privacy): Openness {
  if (mode & 0o002) return privacy.worldWritable
  if (mode & 0o020) return privacy.groupWritable
  return mode & 0o005 ? privacy.worldReadable : privacy.groupReadable
}

/**
 * Files others may write. Where only the group may, it is often a group of one: that is told, and not as the worst.
 * @param worst where everybody may
 */
export function othersWrite(files: readonly { path: string; mode: number }[], worst: Severity, { folder }: StateFolderFacts): Flaw[] {
  return files.flatMap((file) =>
    looseModes([file], writableByOthers).map((flaw) => ({ ...flaw, severity: isBehindClosed(file.path, folder) ? 'low' : file.mode & 0o002 ? worst : 'medium' })),
  )
}

/** Whether nobody else gets at a path, because the state folder above it is closed. */
export function isBehindClosed(path: string, folder: SeenFile): boolean {
  return path.startsWith(`${folder.path}/`) && (folder.mode & 0o011) === 0
}

// A file nobody else can get at is one chmod away from being open, not open.
function weighed(severity: Severity, file: SeenFile, { folder }: StateFolderFacts): Severity {
  return isBehindClosed(file.path, folder) ? 'low' : severity
}

// The mode of a link is that of what it leads to.
function ended(file: SeenFile): { path: string; mode: number } {
  return { path: file.link ?? file.path, mode: file.mode }
}
