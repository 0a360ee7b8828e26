import { defineCheck } from '../../check.ts'

const plain = { '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0\n' }
const luks = { '/proc/mounts': '/dev/mapper/root / ext4 rw,relatime 0 0\n', '/sys/block/dm-0/dm/uuid': 'CRYPT-LUKS2-0a1b-root\n', '/sys/block/dm-0/dm/name': 'root\n' }

export default defineCheck({
  id: 'disk.state-encrypted',
  title: 'the disk that holds the state is encrypted',
  severity: 'low',
  why: 'keys, memory and transcripts lie in clear text on it, for whoever gets the disk or a snapshot of it',
  source: 'OpenClaw security guides: enable full-disk encryption where available; cryptsetup(8)',
  needs: ['disk'],
  // In a container the disk is its host's.
  applies: ({ disk }) => !disk.opaque,
  judge: ({ disk: { encrypted, state } }) => (encrypted ? [] : [{ at: state.device, saw: `${state.type} at ${state.point}, no encryption under it that this machine can see`, want: 'LUKS, or the encrypted volumes of your provider' }]),
  manual: 'a disk in use cannot be encrypted in place: back up, set the machine up on LUKS (or on an encrypted volume of your provider), and restore',
  examples: {
    pass: { luks: { files: luks }, 'lvm on luks': { files: { '/proc/mounts': '/dev/mapper/vg-root / ext4 rw 0 0\n', '/sys/block/dm-0/dm/uuid': 'CRYPT-LUKS2-0a1b-disk\n', '/sys/block/dm-1/dm/uuid': 'LVM-abc\n', '/sys/block/dm-1/dm/name': 'vg-root\n', '/sys/block/dm-1/slaves/dm-0': '' } } },
    fail: { plain: { files: plain }, 'lvm alone': { files: { '/proc/mounts': '/dev/mapper/vg-root / ext4 rw 0 0\n', '/sys/block/dm-0/dm/uuid': 'LVM-abc\n', '/sys/block/dm-0/dm/name': 'vg-root\n' } } },
  },
})
