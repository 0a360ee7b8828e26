import type { ProfileFile } from './profile.ts'
import { denied, small } from './systemd-hardening.ts'
import { unit } from './unit.ts'

/**
 * A limit of disk space, which systemd itself has not got: OpenClaw's state is a file system in one file of that size,
 * made on the first start. What fills it is OpenClaw's own loss, not the machine's.
 */
export function diskUnits(bytes: number): ProfileFile[] {
  return [
    { path: 'openclaw-disk.service', text: maker(bytes), mode: 0o644 },
    { path: 'var-lib-openclaw.mount', text: mount, mode: 0o644 },
  ]
}

const image = '/var/lib/openclaw.img'

function maker(bytes: number): string {
  return unit({
    Unit: [
      ['Description', "Make the file system of OpenClaw's state"],
      ['DefaultDependencies', false],
      ['RequiresMountsFor', '/var/lib'],
      ['ConditionPathExists', `!${image}`],
      ['Before', 'var-lib-openclaw.mount'],
    ],
    Service: [
      ['Type', 'oneshot'],
      // Named in the end only when it is whole: a start that is interrupted makes it anew.
      ['ExecStart', [`/usr/bin/truncate --size=${bytes} ${image}.part`, `/usr/sbin/mkfs.ext4 -q -F -m 0 ${image}.part`, `/usr/bin/mv ${image}.part ${image}`]],
      ['ReadWritePaths', '/var/lib'],
      ...denied,
      ...small,
      ['CapabilityBoundingSet', ''],
      ['RestrictAddressFamilies', 'none'],
    ],
  })
}

const mount = unit({
  Unit: [
    ['Description', "OpenClaw's state"],
    ['Requires', 'openclaw-disk.service'],
    ['After', 'openclaw-disk.service'],
  ],
  Mount: [
    ['What', image],
    ['Where', '/var/lib/openclaw'],
    ['Type', 'ext4'],
    ['Options', 'loop,nosuid,nodev,discard'],
  ],
})
