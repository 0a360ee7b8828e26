import { chmod, chown, cp, mkdir, rm } from 'node:fs/promises'
import type { StatePaths } from './paths.ts'
import type { UserId } from './gateway-user.ts'

/**
 * Makes the folders of a state, each with the owner and mode that keep guard and gateway apart:
 * what is the guard's nobody else enters, what the gateway must read it cannot write, what it must write is its own.
 */
export async function prepareFolders(paths: StatePaths, user: UserId | null): Promise<void> {
  await folder(paths.root, user ? 0o711 : 0o700) // the gateway passes through, and cannot list
  await folder(paths.guard, 0o700)
  await folder(paths.backups, 0o700)
  await folder(paths.run, user ? 0o710 : 0o700, user && { uid: 0, gid: user.gid })
  await folder(`${paths.root}/openclaw`, user ? 0o711 : 0o700)
  await folder(paths.openclawConfig, user ? 0o750 : 0o700, user && { uid: 0, gid: user.gid })
  for (const own of [paths.openclawState, paths.openclawHome]) await folder(own, 0o700, user)
}

async function folder(path: string, mode: number, owner: UserId | null = null): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  if (owner) await chown(path, owner.uid, owner.gid)
  await chmod(path, mode)
}

/** Puts our plugin where the gateway can read it and nobody but the guard can change it. */
export async function placePlugin(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true })
  await chmod(to, 0o755)
  for (const file of ['index.js', 'guard-line.js', 'package.json', 'openclaw.plugin.json']) await chmod(`${to}/${file}`, 0o644)
}
