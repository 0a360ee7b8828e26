import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'

const installed = (version: string): Record<string, string> => ({ '/var/lib/dpkg/status': `Package: openssl\nStatus: install ok installed\nVersion: ${version}\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1.0\n` })
const list = { '/var/lib/apt/lists/security.example_dists_bookworm-security_main_binary-amd64_Packages': 'Package: openssl\nVersion: 3.0.17-1~deb12u3\n\nPackage: gone\nVersion: 2.0\n\nPackage: absent\nVersion: 1:9\n' }

export default defineCheck({
  id: 'updates.none-pending',
  title: 'no security fix waits to be installed',
  severity: 'high',
  why: 'what the fix closes is public from the day it is out',
  source: 'OpenClaw hardening checklist: keep your operating system and all installed packages up to date',
  needs: ['pendingUpdates'],
  judge: ({ pendingUpdates }) => (pendingUpdates.length === 0 ? [] : [{ at: 'apt', saw: `${pendingUpdates.length} security update${pendingUpdates.length === 1 ? '' : 's'}: ${pendingUpdates.slice(0, 5).join(', ')}`, want: 'none' }]),
  fix: { risk: 'restart', part: 'apt', plan: ({ pendingUpdates }) => (pendingUpdates.length === 0 ? [] : [command(['apt-get', 'install', '-y', '--only-upgrade', ...pendingUpdates], null, 'installs the security fixes; packages do not go back by themselves')]) },
  examples: {
    pass: { same: { files: { ...installed('3.0.17-1~deb12u3'), ...list } }, newer: { files: { ...installed('3.1.0-1~bpo12+1'), ...list } } },
    fail: { openssl: { files: { ...installed('3.0.17-1~deb12u2'), ...list }, fixedFiles: installed('3.0.17-1~deb12u3') } },
  },
})
