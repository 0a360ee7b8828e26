import { unwantedCheck } from '../../unwanted-services.ts'

export default unwantedCheck({
  id: 'services.no-desktop-services',
  title: 'services of a desktop do not run',
  severity: 'low',
  why: 'printing, discovery and modems listen for everybody and serve nobody here',
  source: 'OpenClaw security guide: remove unnecessary services; CVE-2024-47176 (cups-browsed)',
  units: ['cups.service', 'cups-browsed.service', 'bluetooth.service', 'ModemManager.service', 'avahi-daemon.service', 'xrdp.service'],
})
