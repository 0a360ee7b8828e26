import { constants, type Stats } from 'node:fs'
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
  /** Found by its value, so `what` is its name. */
  isKnown: boolean
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
  const read = await readPlain(place.path)
  if (read === null) return null
  if ('refused' in read) return { ...place, text: '', spans: [], spots: [], mode: 0, owner: { uid: 0, gid: 0 }, refused: read.refused }
  const { text, mode, owner, leave } = read
  const spans = spansIn(text, finders)
  return { ...place, text, spans, spots: spotsOf(text, spans), mode, owner, refused: spans.length > 0 ? leave : null }
}

/** A plain file, one character a byte. */
export interface PlainFile {
  text: string
  mode: number
  owner: { uid: number; gid: number }
  /** Why it must not be changed by us; `null`: it may. */
  leave: string | null
}

/** Follows no link and waits for no pipe. @returns `null` when nothing is there; why it was not read */
export async function readPlain(path: string): Promise<PlainFile | { refused: string } | null> {
  let file: FileHandle
  try {
    // Whoever owns the folder could put a link or a pipe there.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
    const code = isNodeError(error) ? error.code : 'unknown'
    return { refused: code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${code})` }
  }
  try {
    const status = await file.stat()
    if (!status.isFile()) return { refused: 'it is not a regular file' }
    if (status.size > maxBytes) return { refused: `it is larger than ${maxBytes} bytes and was not looked into` }
    const text = (await file.readFile()).toString('latin1')
    const { uid, gid, mode } = status
    return { text, mode: mode & 0o777, owner: { uid, gid }, leave: reasonToLeave(status) }
  } finally {
    await file.close()
  }
}

/** As root too: in a folder of somebody else's the name may lead elsewhere by the time we write. */
function reasonToLeave({ uid, nlink }: Stats): string | null {
  if (uid !== process.getuid?.()) return `it belongs to user ${uid}: run this as that user`
  return nlink > 1 ? 'it has a second name (hard link)' : null
}

// Shorter ones are in every file by chance.
const minKnownChars = 8

function spansIn(text: string, { known, findSecrets }: ResidueFinders): Span[] {
  const spans: Span[] = findSecrets(text).map(({ type, start, end }) => ({ start, end, what: type, isKnown: false }))
  for (const [name, secret] of known) {
    const value = Buffer.from(secret.reveal(), 'utf8').toString('latin1')
    if (value.length < minKnownChars) continue
    for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + value.length)) {
      spans.push({ start, end: start + value.length, what: name, isKnown: true })
    }
  }
  return merged(spans)
}

/** What overlaps is one spot; a name says more than a kind. */
function merged(spans: Span[]): Span[] {
  const out: Span[] = []
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1)
    if (!last || span.start >= last.end) out.push({ ...span })
    else {
      last.end = Math.max(last.end, span.end)
      if (span.isKnown && !last.isKnown) Object.assign(last, { what: span.what, isKnown: true })
    }
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
