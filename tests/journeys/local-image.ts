import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findProgram, runProgram } from '../../src/host/index.ts'

/** What the image of a tool sandbox needs: a shell, its usual programs, and Python for OpenClaw's file tools. */
export const toolPrograms = ['sh', 'bash', 'cat', 'ls', 'id', 'sleep', 'touch', 'mkdir', 'rm', 'mv', 'ln', 'stat', 'head', 'wc', 'grep', 'find', 'readlink', 'realpath', 'dirname', 'basename', 'mktemp', 'chmod', 'sha256sum', 'env', 'test', 'printf', 'tr', 'sort', 'cut', 'sed', 'seq', 'unshare', 'mount', 'python3']

/**
 * The files of an image, put together from programs of this machine and their libraries: there is no registry to ask.
 * @returns path of a tar that `docker import` and `podman import` take
 */
export async function localImage(folder: string, programs: readonly string[], more: readonly (readonly [from: string, to: string])[] = []): Promise<string> {
  const tree = join(folder, 'tree')
  const found = [...programs.map((name) => findProgram(name) ?? fail(name)).map((path) => [path, `/usr/bin/${basename(path)}`] as const), ...more]
  const extensions = programs.includes('python3') ? readdirSync(join(standardLibrary(), 'lib-dynload')).map((name) => join(standardLibrary(), 'lib-dynload', name)) : []
  for (const [from, to] of [...found, ...(await libraries([...found.map(([path]) => path), ...extensions]))]) place(from, join(tree, to))
  if (extensions.length > 0) cpSync(standardLibrary(), join(tree, standardLibrary()), { recursive: true, filter: (path) => !/\/(?:test|config-.*|__pycache__|lib2to3|idlelib)$/.test(path) })
  for (const path of ['tmp', 'var/tmp', 'run', 'dev', 'proc', 'sys', 'etc', 'workspace']) mkdirSync(join(tree, path), { recursive: true })
  for (const path of ['tmp', 'var/tmp']) chmodSync(join(tree, path), 0o1777)
  if (!existsSync(join(tree, 'bin'))) symlinkSync('usr/bin', join(tree, 'bin'))
  writeFileSync(join(tree, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n')
  const tar = join(folder, 'image.tar')
  const { status, err } = await runProgram(['tar', '-C', tree, '-cf', tar, '.'])
  if (status !== 0) throw new Error(err)
  return tar
}

async function libraries(programs: readonly string[]): Promise<[string, string][]> {
  const { out } = await runProgram(['ldd', ...programs])
  return [...new Set([...out.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!))].map((path) => [path, path])
}

function standardLibrary(): string {
  return join('/usr/lib', basename(realpathSync('/usr/bin/python3')))
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  if (!existsSync(to)) copyFileSync(realpathSync(from), to)
}

function fail(name: string): never {
  throw new Error(`${name} is not on this machine: no image can be made`)
}
