import { told } from '../../answer.ts'
import { defineCheck } from '../../check.ts'
import { macWith } from '../../facts/mac-sample.ts'

// What System Settings calls "Automatic Updates": look, load, install the system, its data files and security responses.
const switches = ['AutomaticCheckEnabled', 'AutomaticDownload', 'AutomaticallyInstallMacOSUpdates', 'ConfigDataInstall', 'CriticalUpdateInstall']
const domain = '/Library/Preferences/com.apple.SoftwareUpdate'

export default defineCheck({
  id: 'mac.updates-automatic',
  title: 'macOS installs its updates by itself',
  severity: 'medium',
  why: 'a Mac in a corner is updated by nobody; holes of its kernel and browser engine stay open',
  source: 'CIS Apple macOS Benchmark; Apple Support, deploy software updates; getprobo/probo#1538 (not set is on)',
  needs: ['mac'],
  judge({ mac }) {
    const set = told(mac.updates)
    // What is not set is on (macOS writes the switch when somebody turns it).
    return switches.filter((name) => set[name] === false).map((name) => ({ at: `${domain} ${name}`, saw: 'off', want: 'on' }))
  },
  fix: {
    risk: 'safe',
    part: 'files',
    plan({ mac }) {
      const set = told(mac.updates)
      return switches.filter((name) => set[name] === false).map((name) => ({
        kind: 'command',
        do: ['defaults', 'write', domain, name, '-bool', 'true'],
        undo: ['defaults', 'write', domain, name, '-bool', 'false'],
        means: `turns ${name} on`,
      }))
    },
  },
  examples: {
    pass: { healthy: macWith(), 'never touched': macWith({ [`defaults read ${domain}`]: '{\n    LastResultCode = 2;\n}\n' }) },
    fail: { 'not installed': macWith({ [`defaults read ${domain}`]: '{\n    AutomaticCheckEnabled = 1;\n    AutomaticDownload = 0;\n    ConfigDataInstall = 1;\n    CriticalUpdateInstall = 1;\n}\n' }) },
  },
})
