/**
 * What Windows is asked, in one PowerShell: each start of it takes half a second. Every part answers for itself,
 * `{"value": …}` or `{"error": "…"}`, since half of them want an elevated session. Words of enumerations are asked for
 * as text and people as SIDs, both of which no display language changes.
 */
const parts: Readonly<Record<string, string>> = {
  defender: 'Get-MpComputerStatus | Select-Object AMRunningMode,AntivirusEnabled,RealTimeProtectionEnabled,IsTamperProtected,AntivirusSignatureAge',
  firewall: "@(Get-NetFirewallProfile | Select-Object Name,@{n='Enabled';e={\"$($_.Enabled)\"}},@{n='Inbound';e={\"$($_.DefaultInboundAction)\"}})",
  bitLocker: '"$((Get-BitLockerVolume -MountPoint $env:SystemDrive).ProtectionStatus)"',
  user: '$me = [Security.Principal.WindowsIdentity]::GetCurrent(); @{ Name = $me.Name; IsAdmin = @(Get-LocalGroupMember -SID S-1-5-32-544 | ForEach-Object { $_.SID.Value }) -contains $me.User.Value }',
  tasks: "@(Get-ScheduledTask | Where-Object { $_.TaskName -match 'openclaw|moltbot|clawdbot' } | Select-Object TaskName,@{n='User';e={$_.Principal.UserId}},@{n='RunLevel';e={\"$($_.Principal.RunLevel)\"}})",
  services: "@(Get-CimInstance Win32_Service | Where-Object { $_.PathName -match 'openclaw|moltbot|clawdbot' } | Select-Object Name,StartName)",
  updateService: "\"$((Get-Service wuauserv).StartType)\"",
  lastUpdate: "(Get-HotFix | Where-Object InstalledOn | Sort-Object InstalledOn | Select-Object -Last 1).InstalledOn.ToString('yyyy-MM-dd')",
  uac: "(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System').EnableLUA",
  remoteDesktop: "@{ Denied = (Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server').fDenyTSConnections; NeedsLogin = (Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp').UserAuthentication }",
  smb1: '(Get-SmbServerConfiguration).EnableSMB1Protocol',
}

// `findProgram` takes a path with a slash as it stands; PowerShell 5.1 is in this place on every Windows since 7.
export const powershell = 'C:/Windows/System32/WindowsPowerShell/v1.0/powershell.exe'

/** The command for everything but the state folder. */
export const askWindows: readonly string[] = [powershell, '-NoProfile', '-NonInteractive', '-Command', script(parts)]

/** The command for who may do what in a folder. */
export function askAccess(folder: string): readonly string[] {
  const access = `@((Get-Acl -LiteralPath ${quoted(folder)}).Access | Select-Object @{n='Sid';e={$_.IdentityReference.Translate([Security.Principal.SecurityIdentifier]).Value}},@{n='Name';e={"$($_.IdentityReference)"}},@{n='Rights';e={"$($_.FileSystemRights)"}},@{n='Type';e={"$($_.AccessControlType)"}})`
  return [powershell, '-NoProfile', '-NonInteractive', '-Command', script({ access })]
}

function script(named: Readonly<Record<string, string>>): string {
  const each = Object.entries(named).map(([name, code]) => `try { $r['${name}'] = @{ value = $(${code}) } } catch { $r['${name}'] = @{ error = "$_" } }`)
  return ["$ErrorActionPreference = 'Stop'", '$r = @{}', ...each, 'ConvertTo-Json -Compress -Depth 4 $r'].join('; ')
}

/** A text as PowerShell takes it, whatever is in it. The typographic quotes end a text as well as the plain one does; doubled, each is a letter. */
export function quoted(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`
}
