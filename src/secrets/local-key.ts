import { link, mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HardshellError, isNodeError, writeFileAtomic, type Random } from '../base/index.ts'

/**
 * The 32 bytes that seal the local store.
 * @returns `null` when there is no key file yet
 * @throws HardshellError `secrets.unsafe-file` when anybody else may touch it, `secrets.store-damaged`
 */
export async function readLocalKey(path: string): Promise<Buffer | null> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (isNodeError(error, 'ENOENT')) return null
    throw new HardshellError('secrets.store-failed', `the key file ${path} cannot be opened`, {
      hint: `check the rights of ${path}`,
      cause: error,
    })
  }
  try {
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new HardshellError('secrets.unsafe-file', `the key file ${path} is open to other users`, {
        hint: `chmod 600 ${path}, then replace the secrets in the store: the key may have been read`,
      })
    }
    const key = await file.readFile()
    if (key.length === 32) return key
    throw new HardshellError('secrets.store-damaged', `the key file ${path} does not hold 32 bytes`, {
      hint: `restore ${path} from a backup`,
    })
  } finally {
    await file.close()
  }
}

/** Makes the key file, mode 0600. When two processes do it at once, both get the one that came first. */
export async function makeLocalKey(path: string, random: Random): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const neighbour = `${path}.${random.bytes(6).toString('hex')}.new`
  await writeFileAtomic(neighbour, random.bytes(32), { mode: 0o600 })
  try {
    await link(neighbour, path) // unlike a rename, it never replaces a key that is there
  } catch (error) {
    if (!isNodeError(error, 'EEXIST')) throw error
  } finally {
    await rm(neighbour, { force: true })
  }
  const key = await readLocalKey(path)
  if (key) return key
  throw new HardshellError('secrets.store-failed', `the key file ${path} vanished while it was made`)
}
