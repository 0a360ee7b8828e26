import { stringify } from 'yaml'
import { containerGatewayConfig, containers, type Addresses, type Container } from './containers.ts'
import { imageFiles, imageNotes } from './containerfile.ts'
import type { InstallationFacts } from './facts.ts'
import { policies } from './kubernetes-network.ts'
import { pod } from './kubernetes-pod.ts'
import { modelTokenNotes } from './notes.ts'
import type { Profile } from './profile.ts'

/** Manifests for Kubernetes 1.25 and later, where pods are held to the `restricted` standard by the namespace. */
export const kubernetes: Profile = {
  name: 'kubernetes',
  title: 'Kubernetes: guard and OpenClaw as pods; the guard is the only address OpenClaw may speak to',
  files: (facts) => [{ path: 'kubernetes.yaml', text: manifests(facts), mode: 0o644 }, ...imageFiles(facts)],
  notes: (facts) => [
    ...imageNotes,
    'images: push both to your registry, and put their digests into kubernetes.yaml in place of hardshell-guard:local and hardshell-openclaw:local',
    `secrets: kubectl -n hardshell create secret generic hardshell-secrets ${['openclaw_gateway_token', 'openclaw_model_token', ...facts.keyFiles].map((name) => `--from-file=${name}`).join(' ')}`,
    ...(facts.config === null ? [] : [`settings: kubectl -n hardshell create configmap hardshell-config --from-file=${facts.config}`]),
    ...modelTokenNotes(facts),
    `${facts.containers.clusterAddress} must be free and in the cluster's range of services (profiles.containers.cluster_address); OpenClaw has no resolver`,
    'NetworkPolicy holds only where the network plugin enforces it (Calico, Cilium; not plain Flannel): see that a pod of OpenClaw cannot reach anything else',
    'processes: a pod has no limit of its own; set podPidsLimit of the kubelet',
    'the front door: kubectl -n hardshell port-forward deploy/guard ' + String(facts.ports.ingress),
    'not part of this shape: the plugin that asks before each tool call, the kill switch, the proofs; `generate systemd` has them',
  ],
}

/** All three proxies share a pod, hence one address; OpenClaw is found by the guard under its service's name. */
function clusterAddresses({ containers: { clusterAddress } }: InstallationFacts): Addresses {
  return {
    egress: { address: clusterAddress, listen: '0.0.0.0' },
    model: { address: clusterAddress, listen: '0.0.0.0' },
    openclaw: { address: 'openclaw', listen: '0.0.0.0' },
    ingress: { address: clusterAddress, listen: '127.0.0.1' },
  }
}

function manifests(facts: InstallationFacts): string {
  const addresses = clusterAddresses(facts)
  const all = containers(facts, addresses)
  const guard = all.filter(({ name }) => name !== 'openclaw')
  const openclaw = all.filter(({ name }) => name === 'openclaw')
  const documents = [
    namespace,
    ...policies(facts),
    ...['guard', 'openclaw'].map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name), automountServiceAccountToken: false })),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('openclaw-config'), data: { 'openclaw.json': containerGatewayConfig(facts, addresses) } },
    claim('guard-state', 2_000_000_000),
    claim('openclaw-state', facts.limits.diskBytes),
    service('guard', [facts.ports.model, facts.ports.egress], facts.containers.clusterAddress),
    service('openclaw', [facts.ports.gateway], null),
    deployment('guard', guard),
    deployment('openclaw', openclaw),
  ]
  return documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n')
}

const meta = (name: string): object => ({ name, namespace: 'hardshell', labels: { app: name } })

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'hardshell',
    labels: Object.fromEntries(['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted'])),
  },
}

function claim(name: string, bytes: number): object {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta(name), spec: { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: String(bytes) } } } }
}

function service(name: string, ports: readonly number[], clusterIP: string | null): object {
  const spec = { type: 'ClusterIP', ...(clusterIP === null ? {} : { clusterIP }), selector: { app: name }, ports: ports.map((port) => ({ name: `tcp-${port}`, port, targetPort: port, protocol: 'TCP' })) }
  return { apiVersion: 'v1', kind: 'Service', metadata: meta(name), spec }
}

function deployment(name: string, inPod: readonly Container[]): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta(name),
    spec: {
      replicas: 1,
      // Two at once would write one state.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: pod(name, inPod) },
    },
  }
}
