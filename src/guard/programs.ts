import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { HardshellError, messageOf } from '../base/index.ts'
import { pinnedOpenClaw, type OpenClaw } from '../openclaw/index.ts'
import { othersCanRead } from './gateway-user.ts'

const run = promisify(execFile)

/** Node and OpenClaw as the gateway's user can run them. */
export interface Programs {
  node: string
  openclaw: OpenClaw
}

/** Installs the pinned OpenClaw into the state folder, for a published Hardshell that finds none. A clone brings its own. */
export async function installOpenClaw(runtime: string, env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  say(`no OpenClaw here: installing ${pinnedOpenClaw} into ${runtime} (about 650 MB, one to three minutes, once)`)
  await mkdir(runtime, { recursive: true, mode: 0o755 })
  const args = ['install', '--prefix', runtime, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `openclaw@${pinnedOpenClaw}`]
  try {
    await run('npm', args, { env: npmEnvironment(env, runtime), timeout: 900_000 })
  } catch (error) {
    throw new HardshellError('openclaw.not-found', `npm could not install openclaw: ${messageOf(error).slice(0, 500)}`, {
      hint: `npm install openclaw@${pinnedOpenClaw}, then the same command again`,
      cause: error,
    })
  }
}

// How the operator reaches a registry: npm's own settings, a proxy on the way, authorities a company adds.
const wayToRegistry = /^(npm_config_.*|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i

/** What npm gets of the caller's environment, and no more. @param home where there is none */
export function npmEnvironment(env: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const way = Object.fromEntries(Object.entries(env).filter(([name]) => wayToRegistry.test(name)))
  return { ...way, PATH: env['PATH'] ?? '/usr/bin:/bin', HOME: env['HOME'] ?? home }
}

/**
 * Finishes what OpenClaw's own install script would have done: lifecycle scripts of dependencies stay off here, and
 * OpenClaw completes its own on the first run as the owner of its files (docs/decisions/0003).
 */
export async function finishInstall(programs: Programs, scratchHome: string): Promise<void> {
  const pending = [join(programs.openclaw.packageRoot, '.openclaw-lifecycle-pending'), join(programs.openclaw.packageRoot, 'dist', 'openclaw-install-guard')]
  if (!pending.some((path) => existsSync(path))) return
  try {
    await run(programs.node, [programs.openclaw.entry, '--version'], { env: { HOME: scratchHome, PATH: '/usr/bin:/bin', NODE_DISABLE_COMPILE_CACHE: '1' }, timeout: 60_000 })
  } catch (error) {
    throw new HardshellError('openclaw.not-found', `openclaw could not finish its installation: ${messageOf(error)}`, {
      hint: `run once as the owner of ${programs.openclaw.packageRoot}: openclaw --version`,
    })
  }
}

/**
 * Makes sure that the gateway's user can reach its programs. Where it cannot (a clone below /root, say), a copy is
 * laid into the state folder: hard links where the file system allows, so it costs seconds and hardly any space.
 */
export async function stageFor(programs: Programs, runtime: string, say: (line: string) => void): Promise<Programs> {
  const { openclaw } = programs
  const node = othersCanRead(programs.node) ? programs.node : await stageNode(programs.node, runtime)
  if (othersCanRead(openclaw.entry)) return { node, openclaw }
  const modules = openclaw.packageRoot.slice(0, openclaw.packageRoot.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length)
  const copy = join(runtime, `openclaw-${openclaw.version}`)
  if (!existsSync(join(copy, 'complete'))) {
    say('copying OpenClaw to where its own user can read it')
    await copyTree(modules, join(copy, basename(modules)))
    await writeFile(join(copy, 'complete'), '')
  }
  const packageRoot = join(copy, basename(modules), openclaw.packageRoot.slice(modules.length))
  return { node, openclaw: { ...openclaw, packageRoot, entry: join(packageRoot, 'openclaw.mjs') } }
}

/** The Node the gateway's user can run: ours, or a copy in the state folder. */
export async function nodeFor(ownUser: boolean, runtime: string): Promise<string> {
  return !ownUser || othersCanRead(process.execPath) ? process.execPath : await stageNode(process.execPath, runtime)
}

async function stageNode(node: string, runtime: string): Promise<string> {
  const target = join(runtime, `node-${process.versions.node}`, 'node')
  if (!existsSync(target)) {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 })
    await run('cp', [node, `${target}.part`])
    await run('chmod', ['755', `${target}.part`])
    await rename(`${target}.part`, target)
  }
  return target
}

async function copyTree(from: string, to: string): Promise<void> {
  await rm(dirname(to), { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  try {
    await run('cp', ['-al', from, to])
  } catch {
    await rm(to, { recursive: true, force: true }) // another file system: a real copy
  }
  if (existsSync(to) && othersCanRead(join(to, 'openclaw', 'openclaw.mjs'))) return
  // Files made under a strict umask stay unreadable through a link: copy, and open the copy.
  await rm(to, { recursive: true, force: true })
  await run('cp', ['-a', from, to])
  await run('chmod', ['-R', 'a+rX', to])
}
