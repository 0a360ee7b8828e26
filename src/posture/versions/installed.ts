import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { fromHome } from '../home-folder.ts'
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
const rootsOfHome = ['.openclaw/lib/node_modules', '.config/yarn/global/node_modules', '.volta/tools/image/packages/openclaw/lib/node_modules', '.npm-global/lib/node_modules', '.local/lib/node_modules', '.bun/install/global/node_modules', '.local/share/pnpm/global/5/node_modules', 'Library/pnpm/global/5/node_modules']
const versionFolders = ['.nvm/versions/node', '.local/share/fnm/node-versions', '.volta/tools/image/node', '.asdf/installs/nodejs', '.local/share/mise/installs/node']
// A checkout (OpenClaw docs, install/installer) and the folder of its container image.
const checkouts = ['/opt/openclaw', '/app']
const programFolders = ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']
const programFoldersOfHome = ['.local/bin', 'bin', '.npm-global/bin', '.bun/bin', '.openclaw/bin', '.local/share/pnpm']

/** Every OpenClaw that is installed in a place the usual package managers use, in their order. */
export async function findInstalled(machine: Machine, more: readonly string[] = []): Promise<readonly Installed[]> {
  const [prefixes, linked] = await Promise.all([npmPrefixes(machine), linkedPackages(machine)])
  const roots = [...globalRoots, ...prefixes.map((prefix) => posix.join(prefix, 'lib/node_modules')), ...rootsOfHome.map((root) => posix.join(machine.home, root)), ...(await versionedRoots(machine))]
  const places = [...more, ...roots.flatMap((root) => packageNames.map((name) => posix.join(root, name))), ...linked, posix.join(machine.home, 'openclaw'), ...checkouts]
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

/** Where npm puts what is installed for everybody, if somebody chose another place (npm docs, config `prefix`). */
async function npmPrefixes(machine: Machine): Promise<string[]> {
  const files = [posix.join(machine.home, '.npmrc'), '/etc/npmrc', '/usr/local/etc/npmrc']
  const texts = await Promise.all(files.map(async (file) => await machine.text(file).catch(() => null)))
  const written = texts.map((text) => /^\s*prefix\s*=\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(text ?? '')?.[1])
  const { NPM_CONFIG_PREFIX: upper, npm_config_prefix: lower } = machine.env
  return [upper, lower, ...written].flatMap((prefix) => {
    const path = fromHome((prefix ?? '').replace(/^\$\{HOME\}/, '~'), machine.home)
    return posix.isAbsolute(path) ? [path] : []
  })
}

/** The packages that links named `openclaw` in folders of programs lead to. */
async function linkedPackages(machine: Machine): Promise<string[]> {
  const named = machine.live ? (machine.env['PATH'] ?? '').split(':').filter((folder) => posix.isAbsolute(folder)) : []
  const folders = new Set([...programFolders, ...programFoldersOfHome.map((folder) => posix.join(machine.home, folder)), ...named])
  const links = [...folders].flatMap((folder) => packageNames.map((name) => posix.join(folder, name)))
  const ends = await Promise.all(links.map(async (link) => await endOf(machine, link)))
  return ends.flatMap((end) => (end === null ? [] : [posix.dirname(end)]))
}

// A link to a link of a package manager to the file; more is nobody's installation.
const maxLinks = 5

/** What a link leads to, `null` when it is none. */
async function endOf(machine: Machine, link: string): Promise<string | null> {
  let [at, followed] = [link, 0]
  for (; followed < maxLinks; followed++) {
    const status = await machine.status(at).catch(() => null)
    if (status?.kind !== 'link') break
    at = posix.resolve(posix.dirname(at), status.target!)
  }
  return followed === 0 ? null : at
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
