import { diskNotes } from './compose.ts'
import { bridgeAddresses, containerGatewayConfig, containers, filterFile, healthCommand, noIpv6, type Container } from './containers.ts'
import { imageFiles, imageNotes } from './containerfile.ts'
import type { InstallationFacts } from './facts.ts'
import { modelTokenNotes } from './notes.ts'
import type { Profile } from './profile.ts'
import { shellWord } from './quoting.ts'

/** Podman by its own commands, without a daemon. */
export const podman: Profile = {
  name: 'podman',
  title: 'Podman: the same four containers, by `podman run`',
  files: (facts) => [
    { path: 'podman-up', text: script(facts), mode: 0o755 },
    { path: 'openclaw.json', text: containerGatewayConfig(facts, bridgeAddresses(facts)), mode: 0o644 },
    filterFile,
    ...imageFiles(facts),
  ],
  notes: (facts) => [
    ...imageNotes,
    'images: podman build --build-arg NODE_IMAGE=… --target guard -t hardshell-guard:local . and the same for openclaw',
    `secrets: podman secret create NAME FILE for each of: ${['openclaw_gateway_token', 'openclaw_model_token', ...facts.keyFiles].join(', ')}`,
    ...(facts.config === null ? [] : [`without root: ${facts.config} has to be yours, and readable by all; root's files belong to nobody in there and are refused`]),
    'PODMAN_GLOBAL and PODMAN_EXTRA are added to every call: --runtime runc, say, or --ulimit',
    ...modelTokenNotes(facts),
    ...diskNotes(facts),
    'not part of this shape: the plugin that asks before each tool call, the kill switch, the proofs; `generate systemd` has them',
  ],
}

function script(facts: InstallationFacts): string {
  const all = containers(facts, bridgeAddresses(facts))
  const volumes = all.map(({ volume }) => `have volume ${volume.name} || pod volume create ${volume.name}`)
  return `#!/bin/sh
# Starts what is missing, and leaves alone what is there.
set -eu
cd -- "$(dirname -- "$0")"

# Both may hold several words.
# shellcheck disable=SC2086
pod() { podman \${PODMAN_GLOBAL-} "$@"; }
# shellcheck disable=SC2086
run() { name=$1; shift; pod container exists "$name" || podman \${PODMAN_GLOBAL-} run --name "$name" \${PODMAN_EXTRA-} "$@"; }
have() { pod "$1" exists "$2"; }

# There Podman ignores every limit of memory, tasks and processors.
if [ "$(pod info --format '{{.Host.Security.Rootless}} {{.Host.CgroupsVersion}}')" = 'true v1' ] && [ -z "\${DANGEROUSLY_WITHOUT_LIMITS-}" ]; then
  echo 'a user cannot limit containers with cgroup v1: run this as root, boot with systemd.unified_cgroup_hierarchy=1, or set DANGEROUSLY_WITHOUT_LIMITS=1' >&2
  exit 1
fi

have network hardshell-inside || pod network create --internal --disable-dns --subnet ${facts.containers.subnet}.0/28 hardshell-inside
have network hardshell-outside || pod network create hardshell-outside
${volumes.join('\n')}

${all.map((container) => command(container, facts)).join('\n\n')}
`
}

function command(container: Container, facts: InstallationFacts): string {
  const groups = runArguments(container, facts).map((words) => words.map(shellWord).join(' '))
  return [`run hardshell-${container.name}`, ...groups].join(' \\\n  ')
}

const handed = '/run/handed'

/** The arguments of `podman run`, in groups that stand on a line. */
export function runArguments(container: Container, facts: InstallationFacts): string[][] {
  const { limits, uid } = container
  const ends = container.mounts.map(({ from, to }) => ['--volume', `${from}:${to}:ro`])
  return [
    // The same name each time: a log that was left locked by a container that was killed is taken over by its successor only.
    ['--detach', '--restart', 'always', '--init', '--hostname', `hardshell-${container.name}`],
    ['--user', `${uid}:${uid}`, '--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${filterFile.path}`],
    // The words of the caller's proxy, which may hold a password, would be in every environment.
    ['--http-proxy=false'],
    ['--cpus', String(limits.cpus), '--memory', String(limits.memoryBytes), '--memory-swap', String(limits.memoryBytes), '--pids-limit', String(limits.pids)],
    ['--ulimit', 'nofile=8192:8192', '--ulimit', 'core=0:0'],
    ...(facts.containers.storageQuota && limits.diskBytes !== null ? [['--storage-opt', `size=${limits.diskBytes}`]] : []),
    ['--network', `hardshell-inside:ip=${container.address}`, ...(container.outside ? ['--network', 'hardshell-outside'] : ['--dns', '127.0.0.1', ...Object.entries(noIpv6).flatMap(([name, value]) => ['--sysctl', `${name}=${value}`])])],
    ...(container.publish === null ? [] : [['--publish', `127.0.0.1:${container.publish}:${container.publish}`]]),
    // Below a read-only root Podman 4 cannot make the files of /run/secrets: they get a folder in memory to lie in.
    ['--tmpfs', '/run:rw,noexec,nosuid,nodev,size=1000000,mode=0755,notmpcopyup', '--env', `CREDENTIALS_DIRECTORY=${handed}`],
    ...Object.entries(container.scratch).map(([path, bytes]) => ['--tmpfs', `${path}:rw,noexec,nosuid,nodev,size=${bytes},mode=1777,notmpcopyup`]),
    ...ends,
    ['--volume', `${container.volume.name}:${container.volume.at}:U,nosuid,nodev`],
    ...container.secrets.map((name) => ['--secret', `${name},target=${handed}/${name},uid=${uid},gid=${uid},mode=0400`]),
    ...Object.entries(container.environment).map(([name, value]) => ['--env', `${name}=${value}`]),
    ['--health-cmd', JSON.stringify(healthCommand(container)), '--health-interval', '30s', '--health-timeout', '5s', '--health-start-period', '120s'],
    ['--stop-timeout', '20', '--log-opt', 'max-size=10mb'],
    [`localhost/hardshell-${container.image}:local`],
    [...container.command],
  ]
}
