import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { answeredByAll } from '../../login-keys.ts'
import { looseModes, tightened, writableByOthers } from '../../loose-modes.ts'

const sshd = { '/etc/ssh/sshd_config': 'UsePAM yes\n' }
const keys = { '~/.ssh/authorized_keys': { text: examplePeople['~/.ssh/authorized_keys'], mode: 0o664 } }

export default defineCheck({
  id: 'sshd.key-files-private',
  title: 'nobody else can write an authorized_keys file',
  severity: 'high',
  why: 'one more line in it is a way in that survives every password change; with StrictModes on, sshd ignores the file and its owner is locked out',
  source: 'sshd(8), AUTHORIZED_KEYS FILE FORMAT',
  needs: ['authorizedKeys'],
  judge: ({ authorizedKeys }) => answeredByAll(authorizedKeys, looseModes(authorizedKeys.files, writableByOthers)),
  fix: { risk: 'safe', part: 'files', plan: ({ authorizedKeys }) => tightened(authorizedKeys.files, writableByOthers) },
  examples: {
    pass: { private: { files: { ...sshd, ...examplePeople } } },
    fail: { group: { files: { ...sshd, ...examplePeople, ...keys } } },
  },
})
