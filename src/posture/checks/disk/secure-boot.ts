import { defineCheck } from '../../check.ts'

const variable = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'
const mounts = { '/proc/mounts': '/dev/vda1 / ext4 rw,relatime 0 0\n' }

export default defineCheck({
  id: 'disk.secure-boot',
  title: 'the firmware starts signed kernels only',
  severity: 'info',
  why: 'whoever was root once could otherwise leave a kernel behind that lies to every check',
  source: 'OpenClaw security guides: secure boot features where available; UEFI specification, 32',
  needs: ['disk'],
  applies: ({ disk }) => disk.secureBoot !== null,
  judge: ({ disk }) => (disk.secureBoot === true ? [] : [{ at: 'firmware', saw: 'secure boot is off', want: 'on' }]),
  manual: 'switch Secure Boot on in the firmware or in the panel of your provider, after mokutil --sb-state and a look that shim-signed is installed',
  examples: { pass: { on: { files: { ...mounts, [variable]: '\u0006\0\0\0\u0001' } } }, fail: { off: { files: { ...mounts, [variable]: '\u0006\0\0\0\0' } } } },
})
