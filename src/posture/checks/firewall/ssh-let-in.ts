import { defineCheck } from '../../check.ts'
import { command } from '../../command-change.ts'
import { exampleServer, ufwOn } from '../../example-network.ts'
import { opens } from '../../ufw-plan.ts'

export default defineCheck({
  id: 'firewall.ssh-let-in',
  title: 'the firewall lets the port of SSH in',
  severity: 'medium',
  why: 'the connection that is open now survives, the next one does not: you find out when you need it',
  source: 'ufw(8), REMOTE MANAGEMENT',
  needs: ['firewall', 'firewallRules', 'remoteAccess'],
  applies: ({ firewall, remoteAccess }) => firewall.manager === 'ufw' && remoteAccess.sshPorts.length > 0,
  judge: ({ firewall, firewallRules, remoteAccess }) => (firewall.inbound === 'allow' || remoteAccess.sshPorts.some((port) => firewallRules.some((rule) => opens(rule, port))) ? [] : [{ at: '/etc/ufw/user.rules', saw: `no rule for port ${remoteAccess.sshPorts.join(', ')}`, want: 'a rule that lets SSH in' }]),
  fix: { risk: 'safe', part: 'firewall', plan: ({ remoteAccess, firewallRules }) => remoteAccess.sshPorts.filter((port) => !firewallRules.some((rule) => opens(rule, port))).map((port) => command(['ufw', 'allow', `${port}/tcp`], ['ufw', 'delete', 'allow', `${port}/tcp`], 'lets SSH in')) },
  examples: {
    pass: { named: { files: { ...exampleServer, ...ufwOn('limit tcp 22') } }, 'one network': { files: { ...exampleServer, ...ufwOn('allow tcp 22 10.8.0.0/24') } } },
    fail: { moved: { files: { ...exampleServer, '/etc/ssh/sshd_config': 'Port 22022\n', ...ufwOn('allow tcp 22') }, fixedFiles: ufwOn('allow tcp 22', 'allow tcp 22022') } },
  },
})
