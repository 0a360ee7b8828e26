import { posix } from 'node:path'
import type { CommandChange } from '../change.ts'
import type { RunningVersionsFacts } from '../facts/running-versions.ts'
import type { RunningGateway } from './gateway-processes.ts'
import type { Installed } from './installed.ts'

/** One OpenClaw to judge: a process, or a package no process was started from. */
export interface JudgedOpenclaw {
  /** `process 812` or the folder. */
  at: string
  /** `null`: its package was replaced since it started, or nobody knows where that is. */
  version: string | null
  package: Installed | null
}

// The start of a process is known to a hundredth of a second, the start of the machine to a second.
const toleranceMs = 2000

/** Whether what lies on the disk came there after the gateway had started: then it runs something else. Pure. */
export function isReplaced({ package: installed, startedMs }: RunningGateway): boolean {
  return installed !== null && installed.changedMs > startedMs + toleranceMs
}

/** What runs, and what is installed beside it. @throws Error when there is no OpenClaw to be seen. Pure. */
export function openclawsOf({ gateways, installed, configVersion }: RunningVersionsFacts): readonly JudgedOpenclaw[] {
  const running = (gateways ?? []).map((gateway) => ({
    at: `process ${gateway.pid}`,
    version: gateway.package === null || isReplaced(gateway) ? null : gateway.package.version,
    package: gateway.package,
  }))
  const idle = installed.filter(({ path }) => !running.some((one) => one.version !== null && one.package?.path === path))
  const all = [...running, ...idle.map((one) => ({ at: one.path, version: one.version, package: one }))]
  if (all.length > 0) return all
  throw new Error(configVersion === null ? 'no OpenClaw is to be found here' : `no OpenClaw is to be found here; its configuration was last written by ${configVersion}`)
}

/** Puts another version in the place of one that npm installed for everybody; `null` for checkouts and other package managers. Pure. */
export function npmInstall({ path, version, global }: Installed, wanted: string): CommandChange | null {
  if (!global) return null
  const prefix = posix.resolve(path, '../../..')
  const install = (one: string): string[] => ['npm', 'install', '--global', '--prefix', prefix, `${posix.basename(path)}@${one}`]
  return { kind: 'command', do: install(wanted), undo: install(version), means: `puts OpenClaw ${wanted} in the place of ${version} in ${prefix}` }
}
