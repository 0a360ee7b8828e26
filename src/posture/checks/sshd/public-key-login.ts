import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.public-key-login',
  title: 'login by public key is on',
  severity: 'medium',
  why: 'without it everybody is left with passwords, which are guessed all day long',
  source: 'OpenClaw hardening checklist: PubkeyAuthentication yes; sshd_config(5)',
  keyword: 'PubkeyAuthentication',
  good: (value) => value === 'yes',
  want: 'yes',
  to: 'yes',
  bad: 'no',
})
