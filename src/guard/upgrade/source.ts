import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { HardshellError, messageOf } from '../../base/index.ts'

const run = promisify(execFile)

/** Where the new version is from. */
export type Source = { kind: 'registry'; version: string } | { kind: 'tarball'; path: string; version: string } | { kind: 'folder'; path: string; version: string }

/** What the command line named: a version, or something on the disk. Reads, fetches nothing. @throws HardshellError `guard.upgrade-refused` */
export async function sourceOf({ to, from, cwd }: { to: string | undefined; from: string | undefined; cwd: string }): Promise<Source> {
  if ((to === undefined) === (from === undefined)) throw refused('name one: --to VERSION or --from PATH', 'hardshell upgrade --to 2026.9.7 --dry-run')
  if (to !== undefined) {
    // A tag such as "latest" is somebody else's choice, at another time another one.
    if (!/^\d{4}\.\d{1,2}\.\d{1,3}(-[0-9A-Za-z.-]{1,40})?$/.test(to)) throw refused(`--to ${to} is no version of OpenClaw`, 'a version is written 2026.9.7; a tag such as latest is not taken')
    return { kind: 'registry', version: to }
  }
  const path = isAbsolute(from!) ? from! : resolve(cwd, from!)
  if (!existsSync(path)) throw refused(`${path} is not there`)
  return statSync(path).isDirectory() ? fromFolder(path) : await fromTarball(path)
}

function fromFolder(path: string): Source {
  const inside = join(path, 'node_modules', 'openclaw')
  const root = realpathSync(existsSync(inside) ? inside : path)
  const manifest = join(root, 'package.json')
  if (!existsSync(manifest)) throw refused(`${path} holds no package of OpenClaw`)
  return { kind: 'folder', path: root, version: versionIn(readFileSync(manifest, 'utf8'), root) }
}

async function fromTarball(path: string): Promise<Source> {
  // npm's own layout: everything below `package/`.
  const read = await run('tar', ['-xzOf', path, 'package/package.json'], { maxBuffer: 4 * 1024 * 1024, timeout: 60_000 }).catch((cause: unknown) => {
    throw refused(`${path} is no package that npm packed: ${messageOf(cause).slice(0, 200)}`, 'npm pack openclaw@VERSION makes one')
  })
  return { kind: 'tarball', path, version: versionIn(read.stdout, path) }
}

function versionIn(text: string, where: string): string {
  try {
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown }
    if (name === 'openclaw' && typeof version === 'string' && /^[\w.+-]{1,60}$/.test(version)) return version
  } catch {
    throw refused(`the package.json of ${where} is no JSON`)
  }
  throw refused(`${where} is no package of OpenClaw`)
}

function refused(what: string, hint?: string): HardshellError {
  return new HardshellError('guard.upgrade-refused', what, hint === undefined ? {} : { hint })
}
