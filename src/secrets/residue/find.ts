import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { isNodeError, type Secret } from '../../base/index.ts'
import type { ResiduePlace } from './places.ts'

/** A secret in a file: where and which, never what. */
export interface ResidueSpot {
  line: number
  /** Name of the known secret, or the kind the pattern knows it by. */
  what: string
}

/** A file that was looked into. */
export interface ResidueFile extends ResiduePlace {
  spots: ResidueSpot[]
  /** Why it must not be changed by us; `null`: it may. */
  refused: string | null
}

export interface ResidueFinders {
  /** Real values by name. */
  known: ReadonlyMap<string, Secret>
  /** Kinds of secrets by their shape, in UTF-16 offsets: the patterns of the content room. */
  findSecrets(text: string): readonly { type: string; start: number; end: number }[]
}

/** A file with its secrets, on the way to be cleaned. */
export interface OpenResidue extends ResidueFile {
  /** One character a byte, so that whatever encoding the file has comes back unchanged. */
  text: string
  spans: Span[]
  mode: number
  owner: { uid: number; gid: number }
}

interface Span {
  start: number
  end: number
  what: string
}

/** Looks into each place. What is not there is left out; what cannot be read is in the result with its reason. */
export async function findResidue(places: readonly ResiduePlace[], finders: ResidueFinders): Promise<ResidueFile[]> {
  const files: ResidueFile[] = []
  for (const place of places) {
    const file = await openResidue(place, finders)
    if (file && (file.spots.length > 0 || file.refused !== null)) {
      files.push({ path: file.path, removal: file.removal, spots: file.spots, refused: file.refused })
    }
  }
  return files
}

// Histories of years are some megabytes; what is larger was not typed.
const maxBytes = 16 * 1024 * 1024

/** @returns `null` when nothing is there */
export async function openResidue(place: ResiduePlace, finders: ResidueFinders): Promise<OpenResidue | null> {
  let file: FileHandle
  try {
    // Whoever owns the folder could put a link or a pipe there.
    file = await open(place.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
    return unread(place, isNodeError(error, 'ELOOP') ? 'it is a symbolic link' : `it cannot be read (${isNodeError(error) ? error.code : 'unknown'})`)
  }
  try {
    const status = await file.stat()
    if (!status.isFile()) return unread(place, 'it is not a regular file')
    if (status.size > maxBytes) return unread(place, `it is larger than ${maxBytes} bytes and was not looked into`)
    const text = (await file.readFile()).toString('latin1')
    const spans = spansIn(text, finders)
    const own = status.uid === process.getuid?.()
    const refused = !own ? `it belongs to user ${status.uid}: run this as that user` : status.nlink > 1 ? 'it has a second name (hard link)' : null
    return { ...place, text, spans, spots: spotsOf(text, spans), mode: status.mode & 0o777, owner: { uid: status.uid, gid: status.gid }, refused: spans.length > 0 ? refused : null }
  } finally {
    await file.close()
  }
}

function unread(place: ResiduePlace, refused: string): OpenResidue {
  return { ...place, text: '', spans: [], spots: [], mode: 0, owner: { uid: 0, gid: 0 }, refused }
}

// Shorter ones are in every file by chance.
const minKnownChars = 8

function spansIn(text: string, { known, findSecrets }: ResidueFinders): Span[] {
  const spans: Span[] = findSecrets(text).map(({ type, start, end }) => ({ start, end, what: type }))
  for (const [name, secret] of known) {
    const value = Buffer.from(secret.reveal(), 'utf8').toString('latin1')
    if (value.length < minKnownChars) continue
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      spans.push({ start, end: start + value.length, what: name })
    }
  }
  return merged(spans)
}

/** What overlaps is one spot, under the name of the first and widest. */
function merged(spans: Span[]): Span[] {
  const out: Span[] = []
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1)
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end)
    else out.push({ ...span })
  }
  return out
}

function spotsOf(text: string, spans: readonly Span[]): ResidueSpot[] {
  let [line, from] = [1, 0]
  return spans.map(({ start, what }) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < start; at = text.indexOf('\n', from)) {
      line++
      from = at + 1
    }
    return { line, what }
  })
}
