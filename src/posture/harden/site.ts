import type { Session } from '../../host/index.ts'
import type { Subject } from '../subject.ts'
import type { Draft } from './draft.ts'
import { handsBelow, type Hands } from './hands.ts'
import type { Side } from './step.ts'

/** Folders the paths of each side lie below: `''` is this machine, `null` was not given. */
export type Roots = Readonly<Record<Side, string | null>>

/** What is looked at and may be changed. */
export interface Site {
  subject: Subject
  roots: Roots
  hands: Readonly<Record<Side, Hands | null>>
  session: Session
}

/** The hands for these folders. Programs are run on this machine only, and only where they were tried: elsewhere they are told. */
export function handsFor(roots: Roots): Site['hands'] {
  const at = (root: string | null): Hands | null => (root === null ? null : handsBelow(root, root === '' && process.platform === 'linux'))
  return { host: at(roots.host), files: at(roots.files) }
}

/** The machine and files as a draft would leave them. */
export function draftedSubject({ subject, roots }: Site, draft: Draft): Subject {
  const isOne = areOne(roots)
  const files = draft.machine(subject.files, isOne ? 'host' : 'files')
  return { ...subject, files, host: subject.host === null ? null : draft.machine(subject.host, 'host') }
}

/** Whether the installation lies on the machine itself, so that a path means one file. */
export function areOne(roots: Roots): boolean {
  return roots.host === roots.files
}
