import type { Change } from './change.ts'
import { defineCheck, type Check, type Severity } from './check.ts'
import { exampleServer, listening, ufwOn } from './example-network.ts'
import type { Facts } from './facts.ts'
import { isLoopback, type OwnedSocket } from './facts/sockets.ts'
import { denyByDefault, opens, removeRules } from './ufw-plan.ts'

/** A question whether something that belongs on this machine only can be reached from outside. */
export interface ExposedRule {
  id: `network.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  /** Ports that mean it, with the name of what listens there. */
  ports: Readonly<Record<number, string>>
  /** Programs that mean it on whatever port. */
  programs?: RegExp
}

type Needs = Pick<Facts, 'sockets' | 'firewall' | 'firewallRules' | 'remoteAccess'>

/** Reachable is: not on loopback, and nothing between that denies it. Mended by the firewall, whoever listens. */
export function exposedCheck({ ports, programs, ...about }: ExposedRule): Check {
  const open = (facts: Needs): readonly OwnedSocket[] => facts.sockets.listening.filter((socket) => (socket.port in ports || programs?.test(socket.program ?? '')) && isReachable(socket, facts))
  const [port] = Object.keys(ports)
  const private_ = { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', `127.0.0.1:${port}`) }
  const public_ = { ...exampleServer, '/proc/net/tcp': listening('0.0.0.0:22', `0.0.0.0:${port}`) }
  return defineCheck({
    ...about,
    needs: ['sockets', 'firewall', 'firewallRules', 'remoteAccess'],
    judge: (facts) => open(facts).map((socket) => ({ at: `${socket.address}:${socket.port}`, saw: `${socket.program ?? ports[socket.port]} answers everybody`, want: 'on 127.0.0.1, or closed by the firewall' })),
    fix: { risk: 'lockout', part: 'firewall', plan: (facts) => closed(open(facts), facts) },
    examples: {
      pass: { loopback: { files: private_ }, 'behind a firewall': { files: { ...public_, ...ufwOn('allow tcp 22') } } },
      fail: {
        'no firewall': { files: public_, fixedFiles: ufwOn('allow tcp 22') },
        'let in by name': { files: { ...public_, ...ufwOn('allow tcp 22', `allow tcp ${port}`) }, fixedFiles: ufwOn('allow tcp 22') },
      },
    },
  })
}

/** Can somebody on the network reach it? */
export function isReachable({ address, port, program }: OwnedSocket, { firewall, firewallRules }: Needs): boolean {
  if (isLoopback(address)) return false
  // Docker's own rules come before those of ufw: what it publishes is open whatever ufw says.
  if (program === 'docker-proxy' || firewall.inbound === 'allow') return true
  return firewallRules.some((rule) => rule.from === null && opens(rule, port))
}

function closed(open: readonly OwnedSocket[], { firewall, firewallRules, remoteAccess }: Needs): readonly Change[] {
  const mendable = open.filter(({ program }) => program !== 'docker-proxy')
  if (mendable.length === 0) return []
  if (firewall.inbound === 'allow') return denyByDefault(firewall, remoteAccess)
  return removeRules(firewallRules.filter((rule) => rule.from === null && rule.ports !== null && mendable.some(({ port }) => opens(rule, port))), { firewallRules, remoteAccess })
}
