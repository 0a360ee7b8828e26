import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'

const mounts = { '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0\n' }
const header = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'

export default defineCheck({
  id: 'disk.swap-encrypted',
  title: 'memory is not written to a disk in clear text',
  severity: 'info',
  why: 'keys that were only ever in memory end on the disk and stay there after the machine is off',
  source: 'crypttab(5), swap; OpenClaw security guides: disk encryption',
  needs: ['disk'],
  judge: ({ disk }) => disk.swaps.filter(({ encrypted }) => !encrypted).map(({ device }) => ({ at: device, saw: 'swap in clear text', want: 'zram, an encrypted swap, or none' })),
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ disk }) => (disk.swaps.some(({ encrypted }) => !encrypted) ? [
      command(['apt-get', 'install', '-y', 'systemd-zram-generator'], ['apt-get', 'remove', '-y', 'systemd-zram-generator'], 'swap goes to compressed memory'),
      ...disk.swaps.filter(({ encrypted }) => !encrypted).map(({ device }) => command(['swapoff', device], ['swapon', device], `no longer swaps to ${device} (take its line out of /etc/fstab as well)`)),
    ] : []),
  },
  examples: {
    pass: { none: { files: { ...mounts, '/proc/swaps': header } }, zram: { files: { ...mounts, '/proc/swaps': `${header}/dev/zram0 partition 1 0 100\n` } } },
    fail: { file: { files: { ...mounts, '/proc/swaps': `${header}/swapfile file 2097148 0 -2\n` }, fixedFiles: { '/proc/swaps': header } } },
  },
})
