import { defineCheck } from '../../check.ts'
import { looseModes, tightened } from '../../loose-modes.ts'
import type { DiskFacts } from '../../facts/disk.ts'

const othersWrite = 0o002
const sticky = 0o1000
const mounts = { '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0\n', '$STATE/openclaw.json': '{}' }

export default defineCheck({
  id: 'disk.state-below-private-folders',
  title: 'no folder above the state can be written by everybody',
  severity: 'high',
  why: 'whoever can rename a folder on the way puts his own configuration in its place',
  source: 'OpenClaw docs, gateway/security (file permissions); path_resolution(7)',
  needs: ['disk'],
  judge: ({ disk }) => looseModes(open(disk), othersWrite),
  fix: { risk: 'safe', part: 'files', plan: ({ disk }) => tightened(open(disk), othersWrite) },
  examples: {
    pass: { private: { files: mounts } },
    fail: { home: { files: { ...mounts, '~': { kind: 'folder', mode: 0o777 } } }, state: { files: { ...mounts, $STATE: { kind: 'folder', mode: 0o707 } } } },
  },
})

function open({ folders }: DiskFacts): DiskFacts['folders'] {
  return folders.filter(({ mode }) => (mode & sticky) === 0)
}
