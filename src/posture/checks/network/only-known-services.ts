import { defineCheck } from '../../check.ts'
import { exampleServer, listening, ufwOn } from '../../example-network.ts'
import { isReachable } from '../../exposed-ports.ts'
import type { Facts } from '../../facts.ts'
import type { OwnedSocket } from '../../facts/sockets.ts'
import { denyByDefault } from '../../ufw-plan.ts'

type Needs = Pick<Facts, 'sockets' | 'firewall' | 'firewallRules' | 'remoteAccess'>

// The web, and DHCP, without whose answer the machine has no address.
const expected = [80, 443, 68, 546]
// Above it the kernel gives ports away by chance to programs that ask somebody (ip_local_port_range).
const firstByChance = 32_768

export default defineCheck({
  id: 'network.only-known-services',
  title: 'only SSH and the web are reachable without a rule that says so',
  severity: 'low',
  why: 'a service nobody decided to publish is one nobody updates',
  source: 'OpenClaw security guide: remove unnecessary services and block inbound ports by default; ss -tulpn',
  needs: ['sockets', 'firewall', 'firewallRules', 'remoteAccess'],
  judge: (facts) => unknown(facts).map(({ protocol, address, port, program }) => ({ at: `${protocol} ${address}:${port}`, saw: program ?? 'a service', want: 'on 127.0.0.1, behind a firewall, or with a rule of its own' })),
  fix: { risk: 'lockout', part: 'firewall', plan: (facts) => (unknown(facts).length > 0 ? denyByDefault(facts.firewall, facts.remoteAccess) : []) },
  examples: {
    pass: { usual: { files: { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', '0.0.0.0:443', '127.0.0.1:5000') } }, 'with a rule': { files: { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', '0.0.0.0:25'), ...ufwOn('allow tcp 22', 'allow tcp 25') } } },
    fail: { unknown: { files: { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', '0.0.0.0:8000') }, fixedFiles: ufwOn('allow tcp 22') } },
  },
})

/** Where incoming is denied, whatever is reachable has a rule: somebody decided it. */
function unknown(facts: Needs): readonly OwnedSocket[] {
  if (facts.firewall.inbound === 'deny') return []
  const known = [...expected, ...facts.remoteAccess.sshPorts]
  return facts.sockets.listening.filter((socket) => isReachable(socket, facts) && !known.includes(socket.port) && (socket.protocol === 'tcp' || socket.port < firstByChance))
}
