import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { ownAptConf, type UpdatesFacts } from '../../facts/updates.ts'

const keys = ['APT::Periodic::Update-Package-Lists', 'APT::Periodic::Unattended-Upgrade']
const own = `// By Hardshell: security fixes are fetched and installed every day.\n${keys.map((key) => `${key} "1";\n`).join('')}`
const there = { '/usr/bin/unattended-upgrade': '', '/etc/apt/apt.conf.d/50unattended-upgrades': 'Unattended-Upgrade::Origins-Pattern {\n  "origin=Debian,codename=${distro_codename}-security"; // fixes\n};\n' }

export default defineCheck({
  id: 'updates.automatic',
  title: 'security fixes install themselves',
  severity: 'high',
  why: 'a fixed hole in OpenSSL or the kernel is attacked within days; nobody logs in every day to close it',
  source: 'OpenClaw hardening checklist: automatic security updates enabled; Debian wiki, UnattendedUpgrades',
  needs: ['updates'],
  applies: ({ updates }) => updates.manager !== null,
  judge: ({ updates }) => (isOn(updates) ? [] : [{ at: updates.manager === 'dnf' ? '/etc/dnf/automatic.conf' : '/etc/apt/apt.conf.d', saw: updates.installed ? 'installed, not switched on' : 'no program that does it', want: updates.manager === 'dnf' ? 'dnf-automatic with apply_updates = yes' : 'unattended-upgrades, every day' }]),
  fix: { risk: 'safe', part: 'apt', plan: ({ updates }) => (isOn(updates) || updates.manager !== 'apt' ? [] : switchOn(updates)) },
  examples: {
    pass: {
      debian: { files: { ...there, '/etc/apt/apt.conf.d/20auto-upgrades': 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' } },
      block: { files: { ...there, '/etc/apt/apt.conf.d/20auto': 'APT { Periodic { Update-Package-Lists "always"; Unattended-Upgrade "7"; }; };\n' } },
      fedora: { files: { '/etc/dnf/automatic.conf': '[commands]\napply_updates = yes\n', '/usr/bin/dnf-automatic': '', '/etc/systemd/system/timers.target.wants/dnf-automatic.timer': '' } },
    },
    fail: {
      'switched off': { files: { ...there, '/etc/apt/apt.conf.d/20auto-upgrades': '# APT::Periodic::Unattended-Upgrade "1";\nAPT::Periodic::Unattended-Upgrade "0";\n' } },
      'not installed': { files: { '/etc/apt/apt.conf.d/00own': 'APT::Install-Recommends "0";\n' }, fixedFiles: there },
    },
  },
})

function isOn({ manager, installed, settings, dnfApplies }: UpdatesFacts): boolean {
  if (manager === 'dnf') return installed && dnfApplies
  return installed && keys.every((key) => !['0', 'false', 'no', undefined].includes(settings[key.toLowerCase()]?.at(-1)))
}

function switchOn({ installed, own: from }: UpdatesFacts): readonly Change[] {
  const install = command(['apt-get', 'install', '-y', 'unattended-upgrades'], ['apt-get', 'remove', '-y', 'unattended-upgrades'], 'installs unattended-upgrades')
  return [...(installed ? [] : [install]), { kind: 'file', path: ownAptConf, from, to: `${from ?? ''}${own}`, mode: 0o644 }]
}
