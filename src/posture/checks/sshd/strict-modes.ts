import { sshdCheck } from '../../sshd-settings.ts'

export default sshdCheck({
  id: 'sshd.strict-modes',
  title: 'key files that others may write are ignored',
  severity: 'high',
  why: 'whoever can write an authorized_keys file logs in as its owner',
  source: 'sshd_config(5)',
  keyword: 'StrictModes',
  good: (value) => value === 'yes',
  want: 'yes',
  to: 'yes',
  bad: 'no',
  risk: 'lockout',
})
