import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { sep } from 'node:path'
import { HardshellError, Secret, isNodeError } from '../base/index.ts'

// The largest secrets in use are certificates with their keys, some 10 kB; a service-account file is 2 kB.
const maxBytes = 64 * 1024

/**
 * Reads a secret from a file, without one trailing newline.
 * @param sharedFolders folders whose files may be readable by all, because the system guards the folder itself
 *   (Docker makes its secrets 0444)
 * @returns `null` when there is no such file
 * @throws HardshellError `secrets.unsafe-file`, `secrets.unreadable-file`
 */
export async function readSecretFile(path: string, sharedFolders: readonly string[]): Promise<Secret | null> {
  let file: FileHandle
  try {
    // Non-blocking: a pipe under the name would otherwise keep us waiting for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (isNodeError(error, 'ENOENT') || isNodeError(error, 'ENOTDIR')) return null
    throw unreadable(path, isNodeError(error) ? `cannot be opened (${error.code})` : 'cannot be opened')
  }
  try {
    await refuseUnsafe(file, path, sharedFolders)
    return new Secret(textOf(await readAtMost(file), path))
  } finally {
    await file.close()
  }
}

/** Judges the open file, not the path: nobody can swap it in between. */
async function refuseUnsafe(file: FileHandle, path: string, sharedFolders: readonly string[]): Promise<void> {
  const status = await file.stat()
  if (!status.isFile()) throw unreadable(path, 'is not a regular file')
  if (status.size > maxBytes) throw unreadable(path, `is larger than ${maxBytes} bytes`)
  // Windows has no such bits; Node makes them up.
  if (process.platform === 'win32' || (status.mode & 0o006) === 0) return
  const readOnly = (status.mode & 0o002) === 0
  if (readOnly && (await isInside(path, sharedFolders))) return
  throw new HardshellError(
    'secrets.unsafe-file',
    `${path} can be ${readOnly ? 'read' : 'changed'} by every user of this machine`,
    {
      hint: `chmod 600 ${path}`,
    },
  )
}

/** Links resolved: a path that only begins like a shared folder is not in it. */
async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path)
  for (const folder of folders) {
    const realFolder = await realpath(folder).catch(() => null)
    if (realFolder !== null && real.startsWith(realFolder.endsWith(sep) ? realFolder : realFolder + sep)) return true
  }
  return false
}

/** Bounded by hand: a file may grow after its size was looked at. */
async function readAtMost(file: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(maxBytes + 1)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, null)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function textOf(bytes: Buffer, path: string): string {
  if (bytes.length > maxBytes) throw unreadable(path, `is larger than ${maxBytes} bytes`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unreadable(path, 'is not text in UTF-8')
  }
  const value = text.replace(/\r?\n$/, '')
  if (value.trim() === '') throw unreadable(path, 'is empty')
  return value
}

function unreadable(path: string, what: string): HardshellError {
  return new HardshellError('secrets.unreadable-file', `the secret file ${path} ${what}`, {
    hint: `put the secret into ${path}, readable by the user hardshell runs as`,
  })
}
