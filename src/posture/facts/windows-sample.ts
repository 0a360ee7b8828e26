import type { Example } from '../example.ts'
import { askAccess, askWindows } from './windows-query.ts'
import { autostartParents, reg } from './windows-registry.ts'

/**
 * A Windows that is well set up, for the examples: shapes written from Microsoft's documentation of each cmdlet
 * (Get-MpComputerStatus, Get-NetFirewallProfile, Get-BitLockerVolume, Get-ScheduledTask, Get-Acl …), not recorded on a
 * machine.
 */
const healthy = {
  defender: { value: { AMRunningMode: 'Normal', AntivirusEnabled: true, RealTimeProtectionEnabled: true, IsTamperProtected: true, AntivirusSignatureAge: 1 } },
  firewall: { value: ['Domain', 'Private', 'Public'].map((Name) => ({ Name, Enabled: 'True', Inbound: 'Block' })) },
  bitLocker: { value: 'On' },
  user: { value: { Name: 'DESK\\claw', IsAdmin: false } },
  tasks: { value: { TaskName: 'OpenClaw Gateway', User: 'claw', RunLevel: 'Limited' } },
  services: { value: {} },
  updateService: { value: 'Manual' },
  lastUpdate: { value: '2026-11-12' },
  uac: { value: 1 },
  remoteDesktop: { value: { Denied: 1, NeedsLogin: 1 } },
  smb1: { value: false },
}
// SIDs: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
const owned = [
  { Sid: 'S-1-5-18', Name: 'NT AUTHORITY\\SYSTEM', Rights: 'FullControl', Type: 'Allow' },
  { Sid: 'S-1-5-32-544', Name: 'BUILTIN\\Administrators', Rights: 'FullControl', Type: 'Allow' },
  { Sid: 'S-1-5-21-1-2-3-1001', Name: 'DESK\\claw', Rights: 'FullControl', Type: 'Allow' },
]
const stateDir = '/home/claw/.openclaw'

/** That Windows with some answers changed; `access` adds an entry to the list of the state folder. */
export function windowsWith(answers: Partial<Record<keyof typeof healthy, { value: unknown } | { error: string }>> = {}, access: readonly { Sid: string; Name: string; Rights: string; Type: string }[] = []): Example {
  const runs = (told: object, list: readonly object[]): NonNullable<Example['runs']> => ({
    [askWindows.join(' ')]: JSON.stringify(told),
    [askAccess(stateDir).join(' ')]: JSON.stringify({ access: { value: list } }),
    ...registryRuns(),
  })
  return { platform: 'win32', config: {}, runs: runs({ ...healthy, ...answers }, [...owned, ...access]), fixedRuns: runs(healthy, owned) }
}

/** What `reg query` prints of what a login starts, with these lines in `Run`, by Microsoft's documentation of it (not recorded on a machine). */
export function registryRuns(...values: readonly string[]): NonNullable<Example['runs']> {
  const [person, everybody, half] = autostartParents
  const hive = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion'
  return {
    [`${reg} query ${person}`]: `\r\n${hive}\r\n    DevicePath    REG_EXPAND_SZ    %SystemRoot%\\inf\r\n\r\n${hive}\\Explorer\r\n${hive}\\Run\r\n`,
    [`${reg} query ${person}\\Run`]: `\r\n${hive}\\Run\r\n${values.join('\r\n')}\r\n\r\n`,
    [`${reg} query ${everybody}`]: '\r\n',
    [`${reg} query ${half}`]: { out: '', err: 'ERROR', status: 1 },
  }
}
