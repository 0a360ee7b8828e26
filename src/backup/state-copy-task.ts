/**
 * A program of its own, run as the user whose data it copies: nothing of that user's can lead it to where they may not
 * go themselves. `copy FROM TO` copies a folder, `put-back KEPT LIVE FAILED` exchanges one for a copy. It imports
 * nothing of ours: it is handed to Node as text, since that user can often not read our files.
 */
import { constants } from 'node:fs'
import { access, chmod, copyFile, lstat, mkdir, open, readdir, readlink, rename, rm, symlink, utimes } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'

const facts = { files: 0, bytes: 0, databases: [] as string[], asTheyAre: [] as string[], leftOut: [] as string[] }

const [task, from, to, failed] = process.argv.slice(1) as [string, string, string, string]
try {
  if (task === 'copy') await copyFolder(from, to)
  else if (task === 'put-back') await putBack()
  else throw new Error(`no task ${task}`)
  process.stdout.write(JSON.stringify(facts))
} catch (error) {
  // In one line: Node would print this whole program with it.
  process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

/** Every step is one that may have been done before. */
async function putBack(): Promise<void> {
  const part = `${to}.putting-back`
  const [isAside, isLive] = [await exists(failed), await exists(to)]
  if (isAside && isLive) return
  await rm(part, { recursive: true, force: true })
  await copyFolder(from, part)
  if (isLive) await rename(to, failed)
  await rename(part, to)
}

async function copyFolder(source: string, target: string): Promise<void> {
  const { mode } = await lstat(source)
  await mkdir(target, { mode: 0o700 })
  const names = await readdir(source)
  const databases = new Set<string>()
  for (const name of names) if (await isDatabase(join(source, name))) databases.add(name)
  for (const name of names) {
    // What SQLite still has in these is in the copy it makes.
    const of = /^(.*)-(wal|shm|journal)$/.exec(name)?.[1]
    if (of !== undefined && databases.has(of)) continue
    await (databases.has(name) ? copyDatabase(join(source, name), join(target, name)) : copyEntry(join(source, name), join(target, name)))
  }
  await chmod(target, mode & 0o7777)
}

async function copyEntry(source: string, target: string): Promise<void> {
  const status = await lstat(source)
  if (status.isDirectory()) return await copyFolder(source, target)
  if (status.isSymbolicLink()) return await symlink(await readlink(source), target)
  if (!status.isFile()) return void facts.leftOut.push(source)
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(target, status.mode & 0o7777)
  await utimes(target, status.atime, status.mtime)
  facts.files++
  facts.bytes += status.size
}

/** By SQLite's backup, which waits for a writer and takes what is not in the file yet; then read through. */
async function copyDatabase(source: string, target: string): Promise<void> {
  const { mode, size } = await lstat(source)
  try {
    const database = new DatabaseSync(source, { readOnly: true })
    try {
      await backup(database, target)
    } finally {
      database.close()
    }
    const copy = new DatabaseSync(target)
    const answer = copy.prepare('PRAGMA quick_check').all().map((row) => Object.values(row)[0])
    copy.close()
    if (answer.join() !== 'ok') throw new Error(String(answer[0]))
    facts.databases.push(relative(from, source))
  } catch {
    // It may have been broken before us. All of its files together are at least what was there.
    for (const end of ['', '-wal', '-shm', '-journal']) {
      await rm(`${target}${end}`, { force: true })
      if (await exists(`${source}${end}`)) await copyEntry(`${source}${end}`, `${target}${end}`)
    }
    facts.asTheyAre.push(relative(from, source))
    return
  }
  await chmod(target, mode & 0o7777)
  facts.files++
  facts.bytes += size
}

// https://www.sqlite.org/fileformat.html, "The Database Header".
async function isDatabase(path: string): Promise<boolean> {
  if (!(await lstat(path)).isFile()) return false
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return bytesRead === 16 && buffer.toString('latin1') === 'SQLite format 3\0'
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false)
}
