import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { parseVersion } from './version.ts'

/** A Node and where its version was read. */
export interface NodeVersion {
  version: string
  /** Path of the program. */
  program: string
}

/**
 * The version of a Node program, from the files beside it: a process names its own program, and running what an
 * attacker may have put there, perhaps as root, is not worth a number. `null`: nothing beside it says.
 */
export async function nodeVersionOf(machine: Machine, program: string): Promise<NodeVersion | null> {
  const prefix = posix.dirname(posix.dirname(program))
  const header = await machine.text(posix.join(prefix, 'include/node/node_version.h')).catch(() => null)
  const version = versionInHeader(header) ?? versionInPath(program) ?? (program === '/usr/bin/node' ? await versionOfPackage(machine) : null)
  return version === null ? null : { version, program }
}

/** The Node people get when they type `node`, asked itself where that is possible. */
export async function systemNode(machine: Machine): Promise<NodeVersion | null> {
  for (const program of ['/usr/local/bin/node', '/usr/bin/node', '/opt/homebrew/bin/node']) {
    if ((await machine.status(program).catch(() => null)) === null) continue
    const found = await nodeVersionOf(machine, program)
    if (found) return found
  }
  if (!machine.live) return null
  const ran = await machine.run(['node', '--version']).catch(() => null)
  const version = ran?.status === 0 ? ran.out.trim() : ''
  return parseVersion(version) === null ? null : { version: version.replace(/^v/, ''), program: 'node' }
}

function versionInHeader(text: string | null): string | null {
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map((part) => (text === null ? undefined : new RegExp(`^#define NODE_${part}_VERSION (\\d+)`, 'm').exec(text)?.[1]))
  return parts.every((part) => part !== undefined) ? parts.join('.') : null
}

/** nvm, fnm, Volta and asdf keep each version in a folder of its name. */
function versionInPath(program: string): string | null {
  return /\/v?(\d+\.\d+\.\d+)\/(?:installation\/)?bin\/node$/.exec(program)?.[1] ?? null
}

/** What dpkg says is installed. */
async function versionOfPackage(machine: Machine): Promise<string | null> {
  // The list of a desktop with 4,000 packages is about 6 MB.
  const status = await machine.text('/var/lib/dpkg/status', 32 * 1024 * 1024).catch(() => null)
  const entry = status?.split('\n\n').find((one) => /^Package: nodejs$/m.test(one) && /^Status: .* installed$/m.test(one))
  return entry === undefined ? null : (/^Version: (?:\d+:)?(\d+\.\d+\.\d+)/m.exec(entry)?.[1] ?? null)
}
