import type { Part } from '../change.ts'
import type { Rights } from './hands.ts'

/** Where a path lies: on the machine, or among the files of the installation that were named. */
export type Side = 'host' | 'files'

interface Of {
  part: Part
  /** Ids of the checks that want it. */
  checks: readonly string[]
}

/** A file as it was or will be; the bytes of `before` lie in the record of the run. */
export interface Content extends Rights {
  sha256: string
}

export interface ContentStep extends Of {
  kind: 'content'
  on: Side
  path: string
  before: Content | null
  after: Content | null
}

export interface RightsStep extends Of {
  kind: 'rights'
  on: Side
  path: string
  of: 'file' | 'folder'
  before: Rights
  after: Rights
}

/** A folder that has to be there for a file; taken away again when it is empty. */
export interface FolderStep extends Of {
  kind: 'folder'
  on: Side
  path: string
  after: Rights
}

export interface CommandStep extends Of {
  kind: 'command'
  do: readonly string[]
  undo: readonly string[] | null
  means: string
}

/** A file that commands of the same part write: nobody knows what it will hold, and it is put back after their undo. */
export interface KeptStep extends Of {
  kind: 'kept'
  on: 'host'
  path: string
  before: Content
}

export type Step = ContentStep | RightsStep | FolderStep | KeptStep | CommandStep
export type PathStep = Exclude<Step, CommandStep>

export function isPathStep(step: Step): step is PathStep {
  return step.kind !== 'command'
}

/** Nothing takes it back, and the plan says so. */
export function isFinal(step: Step): boolean {
  return step.kind === 'command' && step.undo === null
}
