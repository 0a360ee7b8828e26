import { command } from '../../command-change.ts'
import { defineCheck } from '../../check.ts'
import type { Example } from '../../example.ts'
import { reg, type AutostartEntry } from '../../facts/windows-registry.ts'
import { registryRuns } from '../../facts/windows-sample.ts'

// Folders every program of the person writes, and everybody's.
const folders = /\\(?:AppData\\Local\\Temp|Windows\\Temp|Users\\Public|ProgramData\\Temp|Downloads)\\|%te?mp%|%public%/i
// A command line that hides what it does, or fetches it first.
const hides = /\b(?:powershell|pwsh)(?:\.exe)?\b.*\s-(?:e|ec|enc|encodedcommand|w(?:indowstyle)?\s+h)\b|\bmshta(?:\.exe)?\b|\b(?:wscript|cscript)(?:\.exe)?\b.*\.(?:js|vbs|jse|vbe)\b|\b(?:curl|iwr|irm|invoke-webrequest|bitsadmin|certutil)\b.*https?:/i

export default defineCheck({
  id: 'windows.autostart-trusted',
  title: 'nothing that starts with a login comes from a temporary folder or hides what it does',
  severity: 'high',
  why: 'a skill that ran once comes back with every login that way, also after it was taken out',
  source: 'MITRE ATT&CK T1547.001 (Registry Run Keys); Microsoft Learn, Run and RunOnce Registry Keys',
  needs: ['windowsRegistry'],
  judge: ({ windowsRegistry }) => windowsRegistry.autostart.flatMap((entry) => {
    const saw = whyNot(entry)
    return saw === null ? [] : [{ at: `${entry.key}: ${entry.name}`, saw, want: 'a program in its own folder, or no such value; then hardshell compromise assess' }]
  }),
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ windowsRegistry }) => windowsRegistry.autostart.filter((entry) => whyNot(entry) !== null).map(({ key, name, type, command: data }) =>
      command([reg, 'delete', key, '/v', name, '/f'], [reg, 'add', key, '/v', name, '/t', type, '/d', data, '/f'], `takes ${name} out of what a login starts; the program itself stays where it is`)),
  },
  examples: {
    pass: { usual: registryWith('    OneDrive    REG_SZ    "C:\\Users\\ann\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe" /background'), none: registryWith() },
    fail: {
      'out of a temporary folder': failing('    Updater    REG_SZ    C:\\Users\\ann\\AppData\\Local\\Temp\\upd.exe'),
      'an encoded command': failing('    Sync    REG_EXPAND_SZ    powershell.exe -NoP -W Hidden -Enc SQBFAFgA'),
    },
  },
})

function whyNot({ command: line }: AutostartEntry): string | null {
  return folders.test(line) ? 'a program out of a folder everything writes to' : hides.test(line) ? 'a command line that hides or fetches what it runs' : null
}

function registryWith(...values: readonly string[]): Example {
  return { platform: 'win32', runs: registryRuns(...values) }
}

function failing(value: string): Example {
  return { ...registryWith(value), fixedRuns: registryWith().runs! }
}
