import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { HardshellError } from '../../base/index.ts'
import type { OpenClaw } from '../../openclaw/index.ts'
import { ourFolder } from '../our-folder.ts'

/**
 * How an OpenClaw came to where it is. `beside-us`: our own dependency, or one we installed: another one is laid beside
 * it and named. `global`: npm's place for everybody, a package that holds all it needs. `project`: a dependency of
 * somebody's project, whose files say which version.
 */
export type HowInstalled = { kind: 'beside-us' } | { kind: 'global'; lib: string } | { kind: 'project'; folder: string }

/** @throws HardshellError `guard.upgrade-refused` for a checkout, another package manager, or a place others can change */
export function howInstalled(openclaw: OpenClaw, { runtime }: { runtime: string }): HowInstalled {
  const root = realpathSync(openclaw.packageRoot)
  if (root.startsWith(`${existsSync(runtime) ? realpathSync(runtime) : runtime}${sep}`)) return { kind: 'beside-us' }
  const modules = dirname(root)
  const owner = dirname(modules)
  if (basename(modules) !== 'node_modules' || root.includes(`${sep}.pnpm${sep}`)) throw notNpm(root, 'was not put there by npm')
  if (existsSync(ourFolder('node_modules')) && realpathSync(ourFolder('node_modules')) === modules) return { kind: 'beside-us' }
  for (const folder of [modules, owner]) refuseForeign(folder)
  if (!existsSync(join(owner, 'package.json'))) {
    if (basename(owner) === 'lib') return { kind: 'global', lib: owner }
    throw notNpm(root, 'belongs to no package.json and is not in a global folder of npm')
  }
  const foreign = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'].find((name) => existsSync(join(owner, name)))
  if (foreign !== undefined) throw notNpm(root, `belongs to a project with a ${foreign}`)
  const named = dependenciesIn(join(owner, 'package.json'))
  if (!named.has('openclaw')) throw notNpm(root, `is no dependency that ${join(owner, 'package.json')} names`)
  const near = [...named].find(([name, spec]) => name !== 'openclaw' && isFolderNear(spec))
  if (near !== undefined) throw notNpm(root, `belongs to a project that takes ${near[0]} from ${near[1]}, and npm in a copy beside would link that to nowhere`)
  return { kind: 'project', folder: owner }
}

/** Name and what it is taken from; a workspace is a link to a folder as well. */
function dependenciesIn(file: string): ReadonlyMap<string, string> {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>
  const named = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) => Object.entries(manifest[key] ?? {}))
  return new Map([...named, ...(manifest['workspaces'] === undefined ? [] : [['a workspace', 'file:.'] as const])])
}

// What npm takes for a path (npm docs, "package.json: local paths").
function isFolderNear(spec: string): boolean {
  return /^(?:file:|link:|\.{0,2}\/|~\/)/.test(spec)
}

// Folders are exchanged in it, by us: nobody else may lay something there meanwhile.
function refuseForeign(folder: string): void {
  const { uid, mode } = statSync(folder)
  if ((uid === 0 || uid === process.geteuid?.()) && (mode & 0o022) === 0) return
  throw new HardshellError('guard.upgrade-refused', `${folder} can be changed by others (owner ${uid}, mode ${(mode & 0o777).toString(8)})`, { hint: `chown root ${folder} && chmod go-w ${folder}, or upgrade as its owner` })
}

function notNpm(root: string, why: string): HardshellError {
  return new HardshellError('guard.upgrade-refused', `${root} ${why}: what put it there has to exchange it`, {
    hint: 'exchange it by hand, then: hardshell start (it proves everything anew); or name another OpenClaw with --openclaw',
  })
}
