import { defineCheck } from '../../check.ts'
import { examplePeople } from '../../example-people.ts'
import { looseModes, tightened } from '../../loose-modes.ts'

// Others nothing, the group no writing: useradd's own 0750 stays.
const forbidden = 0o027

export default defineCheck({
  id: 'accounts.private-homes',
  title: 'homes are closed to other accounts',
  severity: 'medium',
  why: 'whatever runs under any account reads histories, keys and the state of OpenClaw in the others',
  source: 'CIS Debian Linux 12 Benchmark, 7.2.9 (local interactive user home directories); OpenClaw docs: file permissions',
  needs: ['accounts'],
  judge({ accounts: { homes, areHomesHere } }) {
    if (!areHomesHere) throw new Error('no home is among the files that are here')
    return looseModes(homes, forbidden)
  },
  fix: { risk: 'safe', part: 'files', plan: ({ accounts }) => tightened(accounts.homes, forbidden) },
  examples: {
    pass: { closed: { files: { ...examplePeople, '~': { kind: 'folder', mode: 0o750 }, '/root': { kind: 'folder', mode: 0o700 } } } },
    fail: { open: { files: { ...examplePeople, '~': { kind: 'folder', mode: 0o755 } } } },
  },
})
