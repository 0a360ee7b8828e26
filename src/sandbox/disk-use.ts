import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Cell } from './cell.ts'

// An inode of ext4 (mkfs.ext4, inode_size 256) and its name. An entry costs something even when it is empty: a million
// of them is a full disk too.
const entryBytes = 512
const blockBytes = 512

/**
 * Bytes and entries below the agent's own folders. What lies there is attacker-controlled: names that are no text, folders
 * deeper than a path may be long, folders that become links while we look. `find` goes down by open folders, follows
 * no link and stays on the disk; a walk by path misses the first two and can be led away by the last.
 */
export async function diskUse({ workspaces, home, tmp }: Pick<Cell, 'workspaces' | 'home' | 'tmp'>): Promise<number> {
  const find = spawn('/usr/bin/find', [workspaces, home, tmp, '-xdev', '-printf', '%b\\n'], { stdio: ['ignore', 'pipe', 'ignore'], env: { LC_ALL: 'C' } })
  const ended = new Promise<void>((resolve) => find.once('close', () => resolve()).once('error', () => resolve()))
  let bytes = 0
  // What goes away while we look is of no size any more: its status says nothing of the rest.
  for await (const line of createInterface({ input: find.stdout })) bytes += Number(line) * blockBytes + entryBytes
  await ended
  return bytes
}
