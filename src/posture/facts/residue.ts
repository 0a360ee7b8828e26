import { posix } from 'node:path'
import { messageOf } from '../../base/index.ts'
import { findSecrets } from '../../content/secrets/index.ts'
import type { FactReader } from '../subject.ts'
import type { Unseen } from '../unseen.ts'
import { installationFolders, residueNext, residuePlaces, type ResidueKind, type ResiduePlace } from './residue-places.ts'

/** A file in which secrets stand in plain text. */
export interface ResidueFile {
  kind: ResidueKind
  path: string
  /** Lines and kinds, never values. */
  spots: readonly { line: number; what: string }[]
  /** The file as it is, and with a mark where each secret was: what a change of it needs, and nothing to be shown. */
  text: string
  cleaned: string
  /** Nobody has written to it for an hour: a log or a session that goes on has changed by the time a plan is applied. */
  isIdle: boolean
}

export interface ResidueFacts {
  /** Whether the home of the person was looked into: its histories are no files of an installation that was handed over. */
  hasHome: boolean
  files: readonly ResidueFile[]
  /** What could not be looked into. */
  unread: readonly { kind: ResidueKind; path: string; why: string }[]
}

// Sessions of a busy year are gigabytes. The newest are looked into, so that an audit ends while somebody waits;
// `hardshell secrets clean-residue` takes its time.
const maxTotalBytes = 12 * 1024 * 1024

const idleMs = 60 * 60 * 1000

/** Old and second copies of secrets in the person's files: backups, histories, skills, sessions, logs. */
export const residue: FactReader<ResidueFacts> = {
  deadlineMs: 10_000,
  async read(subject, _, leave) {
    const folders = installationFolders(subject)
    const places = await residuePlaces(subject.files, folders, leave)
    const files: ResidueFile[] = []
    const unread: ResidueFacts['unread'][number][] = []
    const passedOver: ResiduePlace[] = []
    let left = maxTotalBytes
    for (const place of places) {
      try {
        const status = await subject.files.status(place.path)
        if (status === null || status.kind !== 'file') continue
        if (status.size > left) {
          passedOver.push(place)
          continue
        }
        left -= status.size
        const text = await subject.files.text(place.path)
        const found = text === null ? null : look(place, text)
        if (found !== null) files.push({ ...found, isIdle: subject.now - status.modifiedMs > idleMs })
      } catch (error) {
        unread.push({ kind: place.kind, path: place.path, why: messageOf(error) })
      }
    }
    for (const kind of new Set(passedOver.map((place) => place.kind))) leave(unreadOf(kind, { places, passedOver }))
    return { hasHome: folders.home !== null, files, unread }
  },
}

function unreadOf(kind: ResidueKind, { places, passedOver }: Record<'places' | 'passedOver', readonly ResiduePlace[]>): Unseen {
  const count = (all: readonly ResiduePlace[]): number => all.filter((place) => place.kind === kind).length
  const first = passedOver.find((place) => place.kind === kind)!
  return { part: `residue.${kind}`, what: `${kind} files`, at: posix.dirname(first.path), looked: count(places) - count(passedOver), of: count(places), next: residueNext }
}

/** What stands where a secret was. */
export const residueMark = '[removed by hardshell]'

/** Secrets of one file, `null` when there are none. Pure. */
export function look({ kind, path }: ResiduePlace, text: string): Omit<ResidueFile, 'isIdle'> | null {
  const found = findSecrets(text)
  if (found.length === 0) return null
  const spots: { line: number; what: string }[] = []
  let [cleaned, at, line] = ['', 0, 1]
  for (const { start, end, type } of found) {
    const before = text.slice(at, start)
    line += before.split('\n').length - 1
    spots.push({ line, what: type })
    cleaned += before + residueMark
    line += text.slice(start, end).split('\n').length - 1
    at = end
  }
  return { kind, path, spots, text, cleaned: cleaned + text.slice(at) }
}
