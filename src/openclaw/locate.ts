import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { HardshellError } from '../base/index.ts'

/** The OpenClaw this release is built and tested against (docs/decisions/0001). */
export const pinnedOpenClaw = '2026.9.6'

/** An OpenClaw program on this machine. */
export interface OpenClaw {
  /** `openclaw.mjs`, to be run by our own Node. */
  entry: string
  packageRoot: string
  version: string
}

/** Where to look: an explicit path, the folders whose `node_modules` may hold it, then `PATH`. */
export interface SearchPlaces {
  explicit?: string | undefined
  folders: readonly string[]
  path?: string | undefined
}

/**
 * Finds OpenClaw.
 * @throws HardshellError `openclaw.not-found` naming every place that was looked at
 */
export function locateOpenClaw(places: SearchPlaces): OpenClaw {
  if (places.explicit !== undefined) return readNamed(places.explicit)
  for (const folder of places.folders) {
    const root = resolvePackage(folder)
    if (root !== null) return readPackage(root)
  }
  for (const folder of (places.path ?? '').split(delimiter).filter(Boolean)) {
    const root = packageBehind(join(folder, 'openclaw'))
    if (root !== null) return readPackage(root)
  }
  throw new HardshellError('openclaw.not-found', `no openclaw in ${places.folders.join(', ')} nor in PATH`, {
    hint: `npm install openclaw@${pinnedOpenClaw}`,
  })
}

function readNamed(path: string): OpenClaw {
  if (!existsSync(path)) throw new HardshellError('openclaw.not-found', `there is nothing at ${path}`, { hint: 'command -v openclaw says where it is; ls -l shows where a link leads' })
  const root = packageBehind(path)
  if (root === null) throw new HardshellError('openclaw.not-found', `${path} is not an openclaw package, nor a program of one`, { hint: `npm root -g names the folder of the package; or npm install openclaw@${pinnedOpenClaw}` })
  return readPackage(root)
}

/**
 * The package folder of a program, of a link to it, or the folder itself; `null` when there is none. Some package managers
 * put a script there instead of a link: the package then lies where npm's prefix has it.
 */
function packageBehind(path: string): string | null {
  if (!existsSync(path)) return null
  const real = realpathSync(path)
  const prefix = dirname(dirname(path))
  const places = [real, dirname(real), join(prefix, 'lib', 'node_modules', 'openclaw'), join(prefix, 'node_modules', 'openclaw')]
  return places.find((place) => existsSync(join(place, 'openclaw.mjs')) && existsSync(join(place, 'package.json'))) ?? null
}

// Not `require.resolve`: the package exports neither its manifest nor its program.
function resolvePackage(folder: string): string | null {
  for (let here = folder; ; here = dirname(here)) {
    const candidate = join(here, 'node_modules', 'openclaw')
    if (existsSync(join(candidate, 'openclaw.mjs'))) return candidate
    if (here === dirname(here)) return null
  }
}

function readPackage(packageRoot: string): OpenClaw {
  const manifest = join(packageRoot, 'package.json')
  const entry = join(packageRoot, 'openclaw.mjs')
  if (!existsSync(manifest) || !existsSync(entry)) {
    throw new HardshellError('openclaw.not-found', `${packageRoot} is not an openclaw package`, {
      hint: `npm install openclaw@${pinnedOpenClaw}`,
    })
  }
  refuseForeign(packageRoot)
  refuseForeign(entry)
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown; version?: unknown }
  if (name !== 'openclaw' || typeof version !== 'string') {
    throw new HardshellError('openclaw.not-found', `${manifest} does not describe openclaw`)
  }
  return { entry, packageRoot, version }
}

// We run it, as ourselves where its installation has to be finished: nobody else may have laid it there.
function refuseForeign(path: string): void {
  if (!process.getuid) return
  const { uid, mode } = statSync(path)
  if ((uid === 0 || uid === process.getuid()) && (mode & 0o022) === 0) return
  throw new HardshellError('openclaw.not-found', `${path} can be changed by others (owner ${uid}, mode ${(mode & 0o777).toString(8)})`, {
    hint: `chown -R ${process.getuid()} ${path} && chmod -R go-w ${path}, or name another with --openclaw`,
  })
}
