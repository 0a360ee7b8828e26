import { healthCommand, inside, type Container } from './containers.ts'

/** The specification of a pod that the `restricted` standard admits (Kubernetes docs, Pod Security Standards). */
export function pod(name: string, containers: readonly Container[]): object {
  const { uid } = containers[0]!
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
    // OpenClaw is given no resolver at all: a name it could look up would carry words out.
    ...(name === 'openclaw' ? { dnsPolicy: 'None', dnsConfig: { nameservers: ['127.0.0.1'] } } : {}),
    terminationGracePeriodSeconds: 20,
    securityContext: { runAsNonRoot: true, runAsUser: uid, runAsGroup: uid, fsGroup: uid, fsGroupChangePolicy: 'OnRootMismatch', seccompProfile: { type: 'RuntimeDefault' } },
    containers: containers.map((one) => container(one)),
    volumes: [...containers.flatMap(volumesOf), { name: 'state', persistentVolumeClaim: { claimName: `${name}-state` } }],
  }
}

function container(one: Container): object {
  const { limits } = one
  const probe = { exec: { command: healthCommand(one) }, periodSeconds: 30, timeoutSeconds: 5 }
  // One figure for both: what is promised is what is allowed, and nobody is evicted for a neighbour's burst.
  const resources = { cpu: String(limits.cpus), memory: String(limits.memoryBytes), 'ephemeral-storage': '512M' }
  return {
    name: one.name,
    image: `hardshell-${one.image}:local`,
    imagePullPolicy: 'IfNotPresent',
    command: one.command.map(literal),
    env: Object.entries(one.environment).map(([name, value]) => ({ name, value: literal(value) })),
    ports: one.listens.host === '127.0.0.1' && one.name !== 'openclaw' ? [] : [{ containerPort: one.listens.port, protocol: 'TCP' }],
    securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } },
    resources: { requests: resources, limits: resources },
    // The gateway takes 12 to 45 s to start.
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 36 },
    livenessProbe: probe,
    volumeMounts: mountsOf(one),
  }
}

function mountsOf({ name, volume, scratch, secrets, mounts }: Container): object[] {
  return [
    { name: 'state', mountPath: volume.at, subPath: name },
    ...Object.keys(scratch).map((path) => ({ name: scratchName(name, path), mountPath: path })),
    ...(secrets.length === 0 ? [] : [{ name: `${name}-secrets`, mountPath: '/run/secrets', readOnly: true }]),
    ...mounts.map(({ to }) => ({ name: `${name}-settings`, mountPath: to, readOnly: true, ...(to === inside.openclawConfig ? { subPath: 'openclaw.json' } : {}) })),
  ]
}

function volumesOf({ name, scratch, secrets, mounts }: Container): object[] {
  const items = secrets.map((key) => ({ key, path: key }))
  return [
    ...Object.entries(scratch).map(([path, bytes]) => ({ name: scratchName(name, path), emptyDir: { medium: 'Memory', sizeLimit: String(bytes) } })),
    ...(secrets.length === 0 ? [] : [{ name: `${name}-secrets`, secret: { secretName: 'hardshell-secrets', optional: false, defaultMode: 0o440, items } }]),
    ...mounts.map(() => ({ name: `${name}-settings`, configMap: { name: name === 'openclaw' ? 'openclaw-config' : 'hardshell-config', optional: false } })),
  ]
}

/** Kubernetes expands `$(NAME)` in commands and variables; `$$` stands for `$` there. */
const literal = (text: string): string => text.replaceAll('$(', '$$$$(')

const scratchName = (name: string, path: string): string => `${name}${path.replaceAll('/', '-')}`
