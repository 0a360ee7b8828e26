import { spawn } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Cell } from './cell.ts'

// An inode of ext4 (mkfs.ext4, inode_size 256) and its name. An entry costs something even when it is empty: a million
// of them is a full disk too.
const entryBytes = 512
const blockBytes = 512

/**
 * Bytes and entries of the agent's own folders. What lies there is attacker-controlled: names that are no text, folders
 * deeper than a path may be long, folders that become links while we look. `find` goes down by open folders, follows
 * no link and stays on the disk; a walk by path misses the first two and can be led away by the last.
 */
export async function diskUse({ workspaces, home, tmp, user }: Pick<Cell, 'workspaces' | 'home' | 'tmp' | 'user'>): Promise<number> {
  let bytes = user === null ? 0 : await unnamed(user.uid, (await stat(workspaces)).dev)
  for await (const blocks of found([workspaces, home, tmp, '-xdev', '-printf', '%b\\n'])) bytes += Number(blocks) * blockBytes + entryBytes
  return bytes
}

/** Bytes of files that were removed and are open or mapped still: they fill the disk, and no folder shows them. */
async function unnamed(uid: number, disk: number): Promise<number> {
  const folders: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // Not the owner of the folder: a program can have that changed to root (prctl(2), PR_SET_DUMPABLE).
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
    if (status.includes(`\nUid:\t${uid}\t`)) folders.push(`/proc/${pid}/fd`, `/proc/${pid}/map_files`)
  }
  const files = new Map<string, number>()
  if (folders.length > 0) {
    for await (const line of found(['-L', ...folders, '-maxdepth', '1', '-type', 'f', '-links', '0', '-printf', '%D %i %b\\n'])) {
      const [device, inode, blocks] = line.split(' ')
      if (Number(device) === disk) files.set(inode!, Number(blocks) * blockBytes)
    }
  }
  return [...files.values()].reduce((sum, size) => sum + size, 0)
}

/** Lines of `find`. What goes away while it looks is of no size any more: its status says nothing of the rest. */
async function* found(args: readonly string[]): AsyncGenerator<string> {
  const find = spawn('/usr/bin/find', args, { stdio: ['ignore', 'pipe', 'ignore'], env: { LC_ALL: 'C' } })
  const ended = new Promise<void>((resolve) => find.once('close', () => resolve()).once('error', () => resolve()))
  yield* createInterface({ input: find.stdout })
  await ended
}
