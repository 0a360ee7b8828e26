import { defineCheck } from '../../check.ts'
import { exampleServer } from '../../example-network.ts'
import { disableUnits } from '../../unit-plan.ts'
import type { Facts } from '../../facts.ts'

const mdnsPort = 5353
const unit = 'avahi-daemon.service'
const socket = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n  1: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000   108        0 9001 2\n'

export default defineCheck({
  id: 'network.no-name-broadcast',
  title: 'the machine does not announce itself on its network',
  severity: 'low',
  why: 'mDNS tells every neighbour name, addresses and services, the gateway of OpenClaw among them',
  source: 'OpenClaw docs, gateway/bonjour; RFC 6762',
  needs: ['sockets', 'services'],
  judge: ({ sockets, services }) => (announces({ sockets, services }) ? [{ at: `udp ${mdnsPort}`, saw: unit, want: 'off on a server' }] : []),
  fix: { risk: 'restart', part: 'systemd', plan: (facts) => (announces(facts) ? disableUnits(facts.services.enabled, [unit]) : []) },
  examples: {
    pass: { quiet: { files: exampleServer } },
    fail: {
      avahi: {
        files: { ...exampleServer, '/proc/net/udp': socket, '/etc/systemd/system/multi-user.target.wants/avahi-daemon.service': '' },
        fixedFiles: { '/proc/net/udp': '', '/etc/systemd/system/avahi-daemon.service': { kind: 'link', target: '/dev/null' } },
      },
    },
  },
})

function announces({ sockets, services }: Pick<Facts, 'sockets' | 'services'>): boolean {
  return sockets.listening.some(({ protocol, port }) => protocol === 'udp' && port === mdnsPort) && services.enabled.includes(unit)
}
