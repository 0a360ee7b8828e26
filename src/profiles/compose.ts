import { stringify } from 'yaml'
import { bridgeAddresses, containerGatewayConfig, containers, filterFile, healthCommand, noIpv6, type Container } from './containers.ts'
import { imageFiles, imageNotes } from './containerfile.ts'
import type { InstallationFacts } from './facts.ts'
import { modelTokenNotes } from './notes.ts'
import type { Profile } from './profile.ts'
import { composeText } from './quoting.ts'

/** Docker Compose, read by `docker compose`, docker-compose 1.29 and podman-compose. */
export const compose: Profile = {
  name: 'compose',
  title: 'Docker Compose: three proxies and OpenClaw, which is on a network without a way out',
  files: (facts) => [
    { path: 'compose.yaml', text: composeFile(facts), mode: 0o644 },
    { path: 'openclaw.json', text: containerGatewayConfig(facts, bridgeAddresses(facts)), mode: 0o644 },
    filterFile,
    ...imageFiles(facts),
  ],
  notes: (facts) => [
    ...imageNotes,
    // docker-compose 1.29 looks for seccomp.json in the folder it is started in, and goes no further without it.
    'start it in its folder: docker compose up -d',
    // Compose lays a file down as it is, and two users read the same one; who may read which is said by the services.
    `secrets: one file each in ./secrets: ${secretNames(facts).join(', ')}; 0444, in a folder that is yours alone (install -d -m 0700 secrets): the services run as 10001 and 10002`,
    ...modelTokenNotes(facts),
    ...diskNotes(facts),
    'not part of this shape: the plugin that asks before each tool call, the kill switch, the proofs; `generate systemd` has them',
  ],
}

export function diskNotes({ containers: { storageQuota } }: InstallationFacts): string[] {
  if (storageQuota) return ['disk limits are written: the engine refuses to start where the file system has no project quotas']
  return ['disk: no limit is written, for most file systems have none to offer (`profiles.containers.storage_quota: true` writes it); the root is read-only and only the state volume grows']
}

function composeFile(facts: InstallationFacts): string {
  const all = containers(facts, bridgeAddresses(facts))
  const document = {
    services: Object.fromEntries(all.map((container) => [container.name, service(container, facts)])),
    networks: {
      // Docker gives the host an address on it, internal or not: services of the host would listen there.
      inside: { driver: 'bridge', internal: true, driver_opts: { 'com.docker.network.bridge.inhibit_ipv4': 'true' }, ipam: { config: [{ subnet: `${facts.containers.subnet}.0/28` }] } },
      outside: { driver: 'bridge' },
    },
    volumes: Object.fromEntries(all.map(({ volume, limits }) => [volume.name, quota(facts, limits.diskBytes)])),
    secrets: Object.fromEntries(secretNames(facts).map((name) => [name, { file: `./secrets/${name}` }])),
  }
  return `# Judge it: docker compose config\n${stringify(escaped(document), { lineWidth: 0 })}`
}

function quota({ containers: { storageQuota } }: InstallationFacts, bytes: number | null): object {
  return storageQuota && bytes !== null ? { driver_opts: { o: `size=${bytes}` } } : {}
}

function service(container: Container, facts: InstallationFacts): object {
  const { limits } = container
  return {
    image: `hardshell-${container.image}:local`,
    build: { context: '.', dockerfile: 'Containerfile', target: container.image, args: { NODE_IMAGE: pinnedImage } },
    command: container.command,
    // The same name each time: a log that was left locked by a container that was killed is taken over by its successor only.
    hostname: `hardshell-${container.name}`,
    environment: container.environment,
    user: `${container.uid}:${container.uid}`,
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true', `seccomp:./${filterFile.path}`],
    init: true,
    cpus: limits.cpus,
    mem_limit: limits.memoryBytes,
    memswap_limit: limits.memoryBytes,
    pids_limit: limits.pids,
    ulimits: { nofile: { soft: 8192, hard: 8192 }, core: 0 },
    ...(facts.containers.storageQuota && limits.diskBytes !== null ? { storage_opt: { size: String(limits.diskBytes) } } : {}),
    tmpfs: Object.entries(container.scratch).map(([path, bytes]) => `${path}:rw,noexec,nosuid,nodev,size=${bytes},uid=${container.uid},gid=${container.uid},mode=0700`),
    volumes: [
      ...container.mounts.map(({ from, to }) => ({ type: 'bind', source: from, target: to, read_only: true })),
      { type: 'volume', source: container.volume.name, target: container.volume.at },
    ],
    secrets: container.secrets,
    networks: { inside: { ipv4_address: container.address }, ...(container.outside ? { outside: {} } : {}) },
    // Names of the world are none of OpenClaw's business: the engine's resolver would carry them out (CVE-2024-29018).
    ...(container.outside ? {} : { dns: ['127.0.0.1'], sysctls: noIpv6 }),
    ...(container.publish === null ? {} : { ports: [`127.0.0.1:${container.publish}:${container.publish}`] }),
    ...(container.name === 'openclaw' ? { depends_on: ['egress', 'model'] } : {}),
    // The gateway takes 12 to 45 s to start.
    healthcheck: { test: ['CMD', ...healthCommand(container)], interval: '30s', timeout: '5s', retries: 3, start_period: '120s' },
    restart: 'unless-stopped',
    stop_grace_period: '20s',
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
  }
}

// Compose stops with this sentence when the variable is not set.
const pinnedImage = '${NODE_IMAGE:?a Node 24 image pinned by its digest, name@sha256:…}'

function secretNames(facts: InstallationFacts): string[] {
  return ['openclaw_gateway_token', 'openclaw_model_token', ...facts.keyFiles]
}

/** Every text but the one that is meant to be interpolated. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value === pinnedImage ? value : composeText(value)
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]))
}
