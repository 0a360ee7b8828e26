import { defineCheck } from '../../check.ts'

// ext4 keeps 5 % for root: beyond this the gateway already fails.
const mostPercent = 90
const table = (percent: number): string => `Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 ${percent} ${100 - percent} ${percent}% /\n`

export default defineCheck({
  id: 'disk.space-left',
  title: 'the disk of the state has room left',
  severity: 'medium',
  why: 'when it is full the log cannot be written, and a guard that cannot log refuses everything',
  source: 'OpenClaw production guide: disk fills from uncontrolled file operations',
  needs: ['fullness'],
  judge: ({ fullness }) => (fullness <= mostPercent ? [] : [{ at: 'file system of the state', saw: `${fullness} % full`, want: `at most ${mostPercent} %` }]),
  manual: 'see what fills it with du -xh / --max-depth=2 | sort -h | tail, and delete or move that',
  examples: { pass: { half: { runs: { 'df -P /': table(50) } } }, fail: { full: { runs: { 'df -P /': table(97) } } } },
})
