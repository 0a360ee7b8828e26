import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file so that a reader, or a crash, sees the old bytes or the new ones and nothing between:
 * a neighbour is written, synced, given its mode and owner, then renamed over the target; the folder is synced too.
 *
 * @param more.mode permission bits, default 0600: most of what we write is nobody else's business
 * @param more.owner uid and gid to hand the file to (needs root)
 * @throws the operating system's error; the neighbour is removed
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  more: { mode?: number; owner?: { uid: number; gid: number } } = {},
): Promise<void> {
  const neighbour = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    // `wx`: never through a link somebody else planted under the name.
    const file = await open(neighbour, 'wx', more.mode ?? 0o600)
    try {
      await file.writeFile(data)
      await file.chmod(more.mode ?? 0o600) // the umask may have taken bits away
      // By handle: under its name the owner of the folder may have put a link to somebody else's file by now.
      if (more.owner) await file.chown(more.owner.uid, more.owner.gid)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(neighbour, path)
  } catch (error) {
    await rm(neighbour, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
