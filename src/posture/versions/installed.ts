import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { textIn } from './json-text.ts'

/** An OpenClaw package on the disk. */
export interface Installed {
  /** Folder of the package, links followed. */
  path: string
  version: string
  /** When its files were last put there, in milliseconds since 1970. */
  changedMs: number
  /** Whether npm put it there for everybody, so that `npm install -g` replaces it. */
  global: boolean
}

// Names it went by: OpenClaw docs, install/migrating.
const packageNames = ['openclaw', 'moltbot', 'clawdbot']
const globalRoots = ['/usr/lib/node_modules', '/usr/local/lib/node_modules', '/opt/homebrew/lib/node_modules']
const rootsOfHome = ['.npm-global/lib/node_modules', '.local/lib/node_modules', '.bun/install/global/node_modules', '.local/share/pnpm/global/5/node_modules', 'Library/pnpm/global/5/node_modules']
const versionFolders = ['.nvm/versions/node', '.local/share/fnm/node-versions', '.volta/tools/image/node']

/** Every OpenClaw that is installed in a place the usual package managers use, in their order. */
export async function findInstalled(machine: Machine, more: readonly string[] = []): Promise<readonly Installed[]> {
  const roots = [...globalRoots, ...rootsOfHome.map((root) => posix.join(machine.home, root)), ...(await versionedRoots(machine))]
  const places = [...more, ...roots.flatMap((root) => packageNames.map((name) => posix.join(root, name)))]
  const found = await Promise.all([...new Set(places)].map(async (path) => await installedAt(machine, path)))
  return found.flatMap((one) => one ?? [])
}

/** The OpenClaw package in a folder, or `null` when there is none. */
export async function installedAt(machine: Machine, path: string): Promise<Installed | null> {
  const file = posix.join(path, 'package.json')
  const text = await machine.text(file).catch(() => null)
  if (text === null || !packageNames.includes(textIn(text, 'name') ?? '')) return null
  const version = textIn(text, 'version')
  if (version === null) return null
  // The folder is replaced by an update even where the package manager keeps the times of the files.
  const times = await Promise.all([file, path].map(async (name) => (await machine.status(name))?.modifiedMs ?? 0))
  return { path, version, changedMs: Math.max(...times), global: posix.basename(posix.dirname(path)) === 'node_modules' && posix.basename(posix.dirname(posix.dirname(path))) === 'lib' }
}

async function versionedRoots(machine: Machine): Promise<string[]> {
  const roots = await Promise.all(
    versionFolders.map(async (folder) => {
      const path = posix.join(machine.home, folder)
      const versions = await machine.names(path).catch(() => null)
      return (versions ?? []).flatMap((version) => [posix.join(path, version, 'lib/node_modules'), posix.join(path, version, 'installation/lib/node_modules')])
    }),
  )
  return roots.flat()
}
