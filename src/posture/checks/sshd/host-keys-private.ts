import { defineCheck } from '../../check.ts'
import { looseModes, tightened } from '../../loose-modes.ts'

// Some distributions let the group ssh_keys read them for host-based login; others never.
const forbidden = 0o037

export default defineCheck({
  id: 'sshd.host-keys-private',
  title: 'private host keys are readable by root only',
  severity: 'high',
  why: 'whoever has one can stand in for this machine and take what operators type',
  source: 'CIS Debian Linux 12 Benchmark, 5.1.2 (permissions on SSH private host key files)',
  needs: ['sshFiles'],
  judge: ({ sshFiles }) => looseModes(sshFiles.hostKeys, forbidden),
  fix: { risk: 'safe', part: 'files', plan: ({ sshFiles }) => tightened(sshFiles.hostKeys, forbidden) },
  examples: {
    pass: { private: { files: { '/etc/ssh/sshd_config': 'UsePAM yes\n', '/etc/ssh/ssh_host_ed25519_key': { text: '', mode: 0o600 }, '/etc/ssh/ssh_host_ed25519_key.pub': { text: '', mode: 0o644 } } } },
    fail: { world: { files: { '/etc/ssh/sshd_config': 'UsePAM yes\n', '/etc/ssh/ssh_host_ed25519_key': { text: '', mode: 0o644 } } } },
  },
})
