import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { ownAptConf, requireHere, type UpdatesFacts } from '../../facts/updates.ts'

const keys = ['APT::Periodic::Update-Package-Lists', 'APT::Periodic::Unattended-Upgrade']
const off = ['0', 'false', 'no']
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
  judge(facts) {
    const updates = facts.updates.manager === 'apt' ? requireHere(facts.updates, '/etc/apt/apt.conf.d') : facts.updates
    if (isOn(updates)) return []
    // Without the programs only a plain no counts; "1" may be about one that is not there.
    if (updates.installed === null && !isSwitchedOff(updates)) throw new Error('the programs of the machine are not here')
    const [at, want] = updates.manager === 'dnf' ? ['/etc/dnf/automatic.conf', 'dnf-automatic with apply_updates = yes'] as const : ['/etc/apt/apt.conf.d', 'unattended-upgrades, every day'] as const
    return [{ at, saw: updates.installed === false ? 'no program that does it' : 'installed, not switched on', want }]
  },
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

function isSwitchedOff({ manager, settings }: UpdatesFacts): boolean {
  return manager === 'apt' && keys.some((key) => off.includes(settings[key.toLowerCase()]?.at(-1) ?? ''))
}

function isOn({ manager, installed, settings, dnfApplies }: UpdatesFacts): boolean {
  if (manager === 'dnf') return installed === true && dnfApplies
  return installed === true && keys.every((key) => ![...off, undefined].includes(settings[key.toLowerCase()]?.at(-1)))
}

function switchOn({ installed, own: from }: UpdatesFacts): readonly Change[] {
  const install = command(['apt-get', 'install', '-y', 'unattended-upgrades'], ['apt-get', 'remove', '-y', 'unattended-upgrades'], 'installs unattended-upgrades')
  return [...(installed === true ? [] : [install]), { kind: 'file', path: ownAptConf, from, to: `${from ?? ''}${own}`, mode: 0o644 }]
}
