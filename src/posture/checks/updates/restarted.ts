import { defineCheck } from '../../check.ts'
import { requireHere } from '../../facts/updates.ts'

export default defineCheck({
  id: 'updates.restarted',
  title: 'no installed fix waits for a restart',
  severity: 'medium',
  why: 'the old kernel with its hole keeps running until the machine is started again',
  source: 'Debian wiki, reboot-required; update-notifier-common',
  needs: ['updates'],
  judge({ updates }) {
    const { rebootFor } = requireHere(updates, '/run')
    return rebootFor === null ? [] : [{ at: '/run/reboot-required', saw: rebootFor.length === 0 ? 'a restart is asked for' : `waiting: ${rebootFor.slice(0, 5).join(', ')}`, want: 'a restart' }]
  },
  manual: 'stop what must not be interrupted, then run systemctl reboot; Unattended-Upgrade::Automatic-Reboot "true" does it at night',
  examples: { pass: { none: { files: { '/etc/apt/sources.list': '' } } }, fail: { kernel: { files: { '/run/reboot-required': '*** System restart required ***\n', '/run/reboot-required.pkgs': 'linux-image-6.1.0-40-amd64\n' } } } },
})
