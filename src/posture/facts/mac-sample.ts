import type { Example } from '../example.ts'

/**
 * A Mac that is well set up, for the examples: written from the manual pages and Apple's documentation (fdesetup(8),
 * spctl(8), csrutil(8), systemsetup(8), sysadminctl -h, pmset(1), dscl(1)). What others recorded on theirs is in mac.test.ts.
 */
const healthy: Readonly<Record<string, string | { out: string; err?: string; status: number }>> = {
  'fdesetup status': 'FileVault is On.\n',
  'spctl --status': 'assessments enabled\n',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate': 'Firewall is enabled. (State = 1)\n',
  '/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode': 'Firewall stealth mode is on\n',
  'csrutil status': 'System Integrity Protection status: enabled.\n',
  'defaults read /Library/Preferences/com.apple.SoftwareUpdate': '{\n    AutomaticCheckEnabled = 1;\n    AutomaticDownload = 1;\n    AutomaticallyInstallMacOSUpdates = 1;\n    ConfigDataInstall = 1;\n    CriticalUpdateInstall = 1;\n    LastSuccessfulDate = "2026-11-20 03:12:00 +0000";\n}\n',
  'defaults read /Library/Managed Preferences/com.apple.SoftwareUpdate': { out: '', err: 'Domain /Library/Managed Preferences/com.apple.SoftwareUpdate does not exist\n', status: 1 },
  'defaults read /Library/Preferences/com.apple.loginwindow autoLoginUser': { out: '', err: 'The domain/default pair of (/Library/Preferences/com.apple.loginwindow, autoLoginUser) does not exist\n', status: 1 },
  'systemsetup -getremotelogin': 'Remote Login: Off\n',
  'sysadminctl -guestAccount status': { out: '', err: '2026-11-21 12:00:00.000 sysadminctl[812:9000] Guest account disabled.\n', status: 0 },
  'sysadminctl -screenLock status': { out: '', err: '2026-11-21 12:00:00.000 sysadminctl[813:9001] screenLock delay is immediate\n', status: 0 },
  'pmset -g': 'System-wide power settings:\nCurrently in use:\n standby              1\n sleep                0 (sleep prevented by powerd)\n displaysleep         10\n',
  'dscl . -list /Users UniqueID': '_spotlight              89\nclaw                    1000\nadmin                   501\nroot                    0\n',
  'dscl . -read /Groups/admin GroupMembership': 'GroupMembership: root admin\n',
  "sqlite3 -readonly /Library/Application Support/com.apple.TCC/TCC.db select client from access where service = 'kTCCServiceAccessibility' and auth_value = 2": 'com.apple.Terminal\n',
}

/** That Mac with some answers and files changed. */
export function macWith(runs: NonNullable<Example['runs']> = {}, files: NonNullable<Example['files']> = {}): Example {
  return { platform: 'darwin', config: {}, runs: { ...healthy, ...runs }, files, fixedRuns: healthy }
}

/** A job of launchd as OpenClaw installs it. */
export function launchdJob(more: { user?: string; environment?: Readonly<Record<string, string>> } = {}): string {
  const pairs = Object.entries(more.environment ?? {}).map(([name, value]) => `    <key>${name}</key><string>${value}</string>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>ai.openclaw.gateway</string>
  <key>ProgramArguments</key>
  <array><string>/usr/local/bin/node</string><string>/usr/local/lib/node_modules/openclaw/dist/index.js</string><string>gateway</string></array>
  <key>RunAtLoad</key><true/>
${more.user === undefined ? '' : `  <key>UserName</key><string>${more.user}</string>\n`}  <key>EnvironmentVariables</key>
  <dict>
${pairs.join('')}  </dict>
</dict>
</plist>
`
}

/** The same job without an environment in the binary form, one character for each byte (plistlib of Python 3.11). */
export const binaryLaunchdJob = Buffer.from(
  'YnBsaXN0MDDTAQIDBAUJVUxhYmVsXxAQUHJvZ3JhbUFyZ3VtZW50c1lSdW5BdExvYWRfEBNhaS5vcGVuY2xhdy5nYXRld2F5owYHCF8QEy91c3IvbG9jYWwvYmluL25vZGVfEDIvdXNyL2xvY2FsL2xpYi9ub2RlX21vZHVsZXMvb3BlbmNsYXcvZGlzdC9pbmRleC5qc1dnYXRld2F5CQgPFSgySExil58AAAAAAAABAQAAAAAAAAAKAAAAAAAAAAAAAAAAAAAAoA==',
  'base64',
).toString('latin1')
