import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** How a secret is taken out of a file without breaking what reads it. */
export type Removal =
  /** The text of the secret becomes a mark: the rest of a line of JSON or of a history stays as it is. */
  | 'mark'
  /** The line goes: whoever reads `NAME=mark` would take the mark for the key. */
  | 'line'

export interface ResiduePlace {
  path: string
  removal: Removal
}

// Where shells and programs that people paste keys into keep what was typed (their manuals: bash, zsh, fish, Python,
// Node, psql, mysql, sqlite, redis-cli).
const histories = [
  '.bash_history',
  '.zsh_history',
  '.zhistory',
  '.sh_history',
  '.ash_history',
  '.local/share/fish/fish_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  '.mysql_history',
  '.sqlite_history',
  '.rediscli_history',
]

/**
 * Files that may hold plaintext from before: OpenClaw's rotated configurations and `.env` files, and histories.
 * @param from.openclaw folders of OpenClaw's state, with what it keeps of its configuration: `.bak`, `.bak.1` to
 *   `.bak.4`, `.last-good` (seen with 2026.9.6)
 * @param from.home the operator's; `null`: no histories
 * @param from.folders further folders, for their `.env`
 * @returns what is there, each path once
 */
export async function residuePlaces(from: {
  openclaw: readonly string[]
  home: string | null
  folders: readonly string[]
}): Promise<ResiduePlace[]> {
  const places = new Map<string, Removal>()
  for (const folder of from.openclaw) {
    for (const name of await namesIn(folder)) {
      if (/^openclaw\.json\..*(bak|last-good)/.test(name)) places.set(join(folder, name), 'mark')
      if (isEnvFile(name)) places.set(join(folder, name), 'line')
    }
  }
  for (const folder of [...from.folders, ...(from.home === null ? [] : [from.home])]) {
    for (const name of await namesIn(folder)) if (isEnvFile(name)) places.set(join(folder, name), 'line')
  }
  if (from.home !== null) for (const path of histories) places.set(join(from.home, path), 'mark')
  return [...places].map(([path, removal]) => ({ path, removal })).sort((a, b) => (a.path < b.path ? -1 : 1))
}

function isEnvFile(name: string): boolean {
  return /^\.env(\.|$)/.test(name) && !/\.(example|sample|template|dist)$/.test(name)
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => [])
}
