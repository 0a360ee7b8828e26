import type { InstallationFacts } from './facts.ts'

/** Who may speak to whom: nobody, then three exceptions. */
export function policies({ ports }: InstallationFacts): object[] {
  const guardPorts = [port(ports.model), port(ports.egress)]
  return [
    policy('nobody', {}),
    policy('openclaw', { app: 'openclaw' }, {
      ingress: [{ from: [peer('guard')], ports: [port(ports.gateway)] }],
      egress: [{ to: [peer('guard')], ports: guardPorts }],
    }),
    policy('guard', { app: 'guard' }, {
      ingress: [{ from: [peer('openclaw')], ports: guardPorts }],
      egress: [
        { to: [peer('openclaw')], ports: [port(ports.gateway)] },
        { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [port(53), { port: 53, protocol: 'UDP' }] },
        { to: world, ports: [port(443), port(80)] },
      ],
    }),
  ]
}

// The internet without what is private: other pods, the nodes, metadata services. The egress proxy refuses the same
// (RFC 6890, special-purpose addresses); a provider in a private network needs its range added here.
const world = [
  { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4'] } },
  { ipBlock: { cidr: '::/0', except: ['::1/128', '64:ff9b::/96', 'fc00::/7', 'fe80::/10', 'ff00::/8'] } },
]

const port = (number: number): object => ({ port: number, protocol: 'TCP' })

const peer = (app: string): object => ({ podSelector: { matchLabels: { app } } })

function policy(name: string, labels: object, rules: { ingress?: object[]; egress?: object[] } = {}): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'hardshell' },
    spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress', 'Egress'], ...rules },
  }
}
