import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { HardshellError, messageOf, readIfThere } from '../../base/index.ts'
import { locateOpenClaw } from '../../openclaw/index.ts'
import { npmEnvironment } from '../programs.ts'
import type { HowInstalled } from './how-installed.ts'
import type { Exchange } from './run.ts'
import type { Source } from './source.ts'

const run = promisify(execFile)

/** What will be exchanged, and where the new version will be then. Pure. */
export interface Places {
  /** Folder of ours in which the new version is laid and the old one kept: on the file system of what it replaces. */
  staged: string
  packageRoot: string
  exchanges: readonly Exchange[]
}

/** The places of an upgrade of this id. Pure. */
export function placesFor(how: HowInstalled, source: Source, { id, runtime }: { id: string; runtime: string }): Places {
  if (how.kind === 'beside-us') {
    const staged = join(runtime, `upgrade-${id}`)
    return { staged, packageRoot: join(staged, ...(source.kind === 'folder' ? [] : ['lib']), 'node_modules', 'openclaw'), exchanges: [] }
  }
  const home = how.kind === 'global' ? how.lib : how.folder
  const staged = join(home, `.hardshell-upgrade-${id}`)
  const from = how.kind === 'global' ? join(staged, 'lib') : join(staged, 'project')
  const names = how.kind === 'global' ? [join('node_modules', 'openclaw')] : ['node_modules', 'package.json', 'package-lock.json']
  return { staged, packageRoot: join(home, 'node_modules', 'openclaw'), exchanges: names.map((name) => ({ live: join(home, name), fresh: join(from, name), aside: join(staged, 'before', name) })) }
}

/**
 * Lays the new version beside the old one, as it will stand; nothing of the installation is touched. Scripts of
 * packages are not run (docs/decisions/0003).
 * @throws HardshellError `guard.upgrade-refused` when npm cannot, or what came is not what was meant
 */
export async function stage({ how, source, places, env }: { how: HowInstalled; source: Source; places: Places; env: NodeJS.ProcessEnv }): Promise<void> {
  await mkdir(places.staged, { recursive: true, mode: 0o755 })
  if (source.kind === 'folder') await stageFolder(how, source.path, places)
  else if (how.kind === 'project') await stageProject(how.folder, source, places, env)
  else await npm(['install', '--global', '--prefix', places.staged, specOf(source)], env)
  const fresh = places.exchanges[0]?.fresh
  const root = fresh === undefined ? places.packageRoot : how.kind === 'project' ? join(fresh, 'openclaw') : fresh
  const { version } = locateOpenClaw({ explicit: root, folders: [] })
  if (version !== source.version) throw new HardshellError('guard.upgrade-refused', `${root} is OpenClaw ${version}, not ${source.version}`)
}

async function stageFolder(how: HowInstalled, path: string, places: Places): Promise<void> {
  const siblings = basename(dirname(path)) === 'node_modules' ? readdirSync(dirname(path)).filter((name) => name !== 'openclaw' && !name.startsWith('.')) : []
  if (how.kind === 'project' || (how.kind === 'global' && siblings.length > 0)) {
    throw new HardshellError('guard.upgrade-refused', `a copy of ${path} is not a whole package for this place`, { hint: 'npm pack makes a tarball of it: hardshell upgrade --from FILE.tgz' })
  }
  const target = how.kind === 'global' ? places.exchanges[0]!.fresh : places.packageRoot
  const [from, to] = siblings.length > 0 ? [dirname(path), dirname(target)] : [path, target]
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  // Files of our own: whoever made the folder keeps no way into it.
  await run('cp', ['-RP', from, to], { timeout: npmTimeoutMs })
  await run('chmod', ['-R', 'u+rwX,go-w,a+rX', to], { timeout: npmTimeoutMs })
}

async function stageProject(folder: string, source: Exclude<Source, { kind: 'folder' }>, places: Places, env: NodeJS.ProcessEnv): Promise<void> {
  const copy = join(places.staged, 'project')
  await mkdir(copy, { mode: 0o755 })
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) if (existsSync(join(folder, name))) await copyFile(join(folder, name), join(copy, name))
  await npm(['install', '--prefix', copy, '--save-exact', specOf(source)], env)
  if (source.kind === 'tarball') for (const name of ['package.json', 'package-lock.json']) await tellFrom(folder, { file: join(copy, name), tarball: source.path })
}

/** npm writes where a tarball is from the folder it was called for, and these files go two folders up. */
async function tellFrom(folder: string, { file, tarball }: { file: string; tarball: string }): Promise<void> {
  const from = (where: string): string => JSON.stringify(`file:${relative(where, tarball)}`)
  const text = await readIfThere(file)
  // npm looks behind links before it counts folders.
  if (text !== null) await writeFile(file, text.replaceAll(from(realpathSync(dirname(file))), () => from(realpathSync(folder))))
}

function specOf(source: Exclude<Source, { kind: 'folder' }>): string {
  return source.kind === 'registry' ? `openclaw@${source.version}` : source.path
}

// 330 packages took 40 s on a fast line.
const npmTimeoutMs = 900_000

async function npm(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { env: npmEnvironment(env, '/nonexistent'), timeout: npmTimeoutMs, maxBuffer: 16 * 1024 * 1024 })
  } catch (cause) {
    throw new HardshellError('guard.upgrade-refused', `npm could not bring it: ${messageOf(cause).slice(0, 500)}`, { cause, hint: 'without a network: hardshell upgrade --from FILE.tgz, with its dependencies in the cache of npm' })
  }
}
