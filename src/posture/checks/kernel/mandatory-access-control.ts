import { defineCheck } from '../../check.ts'

const confining = ['apparmor', 'selinux', 'tomoyo', 'smack']

export default defineCheck({
  id: 'kernel.mandatory-access-control',
  title: 'a security module confines programs',
  severity: 'low',
  why: 'AppArmor or SELinux limits what a program may do even after it was taken over',
  source: 'OpenClaw hardening guide, Linux: SELinux or AppArmor; docs.kernel.org, admin-guide/LSM',
  needs: ['kernel'],
  // A copy of a machine, and a container, do not show what the kernel runs.
  applies: ({ kernel }) => kernel.modules !== null,
  judge: ({ kernel }) => (kernel.modules!.some((name) => confining.includes(name)) ? [] : [{ at: '/sys/kernel/security/lsm', saw: kernel.modules!.join(', ') || 'nothing', want: 'apparmor or selinux' }]),
  manual: 'install apparmor, add "lsm=landlock,lockdown,yama,integrity,apparmor" to GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub and start the machine again',
  examples: {
    pass: { apparmor: { files: { '/sys/kernel/security/lsm': 'lockdown,capability,landlock,yama,apparmor' } } },
    fail: { none: { files: { '/sys/kernel/security/lsm': 'lockdown,capability,yama' } } },
  },
})
