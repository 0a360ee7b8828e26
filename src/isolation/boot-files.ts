import { mkdirSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readIfThere, writeFileAtomic } from '../base/index.ts'
import { findProgram } from '../host/index.ts'
import type { Confinement } from './confinement.ts'

/** A file that keeps an isolation over a restart of the machine. */
export interface BootFile {
  path: string
  text: string
}

/** The table and a unit that loads it before there is a network. @param etc `/etc`, or another root of configuration */
export function bootFiles({ name }: Pick<Confinement, 'name'>, ruleset: string, etc: string): BootFile[] {
  const rules = `${etc}/hardshell/${name}.nft`
  return [
    { path: rules, text: `# Written by hardshell isolate confirm; taken away by hardshell isolate undo.\n${ruleset}` },
    { path: `${etc}/systemd/system/${unitFor(name)}`, text: unit(name, rules) },
  ]
}

export function unitFor(name: string): string {
  return `hardshell-isolation-${name}.service`
}

function unit(name: string, rules: string): string {
  const nft = findProgram('nft') ?? '/usr/sbin/nft'
  return `[Unit]
Description=Hardshell: OpenClaw reaches nothing but the guard (${name})
Documentation=man:nft(8)
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=local-fs.target nftables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${nft} -f ${rules}
ExecReload=${nft} -f ${rules}
${confined.join('\n')}

[Install]
WantedBy=sysinit.target
`
}

// It speaks to the packet filter and to nobody else. No PrivateTmp: that would wait for file systems.
const confined = [
  'CapabilityBoundingSet=CAP_NET_ADMIN',
  'RestrictAddressFamilies=AF_NETLINK',
  'IPAddressDeny=any',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
  'SystemCallArchitectures=native',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'ProtectProc=invisible',
  'ProcSubset=pid',
  'DevicePolicy=closed',
  'UMask=0077',
  ...['NoNewPrivileges', 'PrivateDevices', 'PrivateIPC', 'PrivateMounts', 'ProtectClock', 'ProtectHostname', 'ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables', 'ProtectControlGroups', 'RestrictNamespaces', 'RestrictRealtime', 'RestrictSUIDSGID', 'LockPersonality', 'MemoryDenyWriteExecute'].map((name) => `${name}=yes`),
]

/** Writes them. @returns what each held before, to be put back */
export async function writeBootFiles(files: readonly BootFile[]): Promise<{ path: string; before: string | null }[]> {
  const before: { path: string; before: string | null }[] = []
  for (const { path } of files) before.push({ path, before: await readIfThere(path) })
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    await writeFileAtomic(path, text, { mode: 0o644 })
  }
  return before
}

/** Puts back what was there, byte for byte; what switches the unit on, and a folder nobody else uses, go with it. */
export async function restoreFiles(files: readonly { path: string; before: string | null }[]): Promise<void> {
  for (const { path, before } of files) {
    if (before !== null) await writeFileAtomic(path, before, { mode: 0o644 })
    else {
      await rm(path, { force: true })
      await rm(join(dirname(path), 'sysinit.target.wants', basename(path)), { force: true })
      if (basename(dirname(path)) === 'hardshell') await rmdir(dirname(path)).catch(() => undefined) // not empty: somebody's
    }
  }
}
