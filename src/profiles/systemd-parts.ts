import type { InstallationFacts } from './facts.ts'
import { gatewayConfig, gatewayEnvironment } from './gateway-config.ts'
import { modelTokenNotes } from './notes.ts'
import type { Profile } from './profile.ts'
import { programFolders } from './program-folders.ts'
import { unitArgument } from './quoting.ts'
import { diskUnits } from './systemd-disk.ts'
import { bounds, denied, journal, journalLimits, loopbackOnly, outwards, proxyBounds, restarts, startLimits, unprivileged } from './systemd-hardening.ts'
import { execStart, homes, unit, type UnitLines } from './unit.ts'

const state = '/var/lib/openclaw'
const configFile = '/etc/hardshell/openclaw.json'
const credentials = '/etc/hardshell/credentials'

/** The three proxies and the gateway as units of their own, none of them root, none with a capability. */
export const systemdParts: Profile = {
  name: 'systemd-parts',
  title: 'a unit for each proxy and one for OpenClaw, none of them root; OpenClaw speaks to this machine only',
  files: (facts) => [
    { path: 'openclaw.service', text: openclawUnit(facts), mode: 0o644 },
    ...(['model', 'egress', 'ingress'] as const).map((part) => ({ path: `hardshell-${part}.service`, text: proxyUnit(part, facts), mode: 0o644 as const })),
    ...diskUnits(facts.limits.diskBytes),
    { path: 'openclaw.json', text: gatewayConfig(facts, places(facts)), mode: 0o644 },
    { path: 'sysusers.conf', text: users(facts), mode: 0o644 },
    { path: 'journald@hardshell.conf', text: unit({ Journal: journalLimits }), mode: 0o644 },
  ],
  notes: (facts) => [
    `install: *.service and *.mount into /etc/systemd/system, openclaw.json into /etc/hardshell, sysusers.conf as /etc/sysusers.d/hardshell.conf, journald@hardshell.conf into /etc/systemd; then systemd-sysusers && systemctl daemon-reload && systemctl enable --now openclaw.service hardshell-ingress.service`,
    `secrets: one file each in ${credentials}, 0600, root: openclaw_gateway_token, openclaw_model_token${facts.keyFiles.map((name) => `, ${name}`).join('')}`,
    ...modelTokenNotes(facts),
    'not part of this shape: the plugin that asks before each tool call, the kill switch, the proofs; `generate systemd` has them',
    'sandboxes of tools cannot be made from inside openclaw.service: it may not make namespaces',
    'MemoryDenyWriteExecute is not set: V8 needs memory it can write and then execute',
  ],
}

function places({ ports }: InstallationFacts): Parameters<typeof gatewayConfig>[1] {
  return {
    bind: 'loopback',
    modelUrl: `http://127.0.0.1:${ports.model}`,
    egressUrl: `http://127.0.0.1:${ports.egress}`,
    workspace: `${state}/workspace`,
    logFile: `${state}/gateway.log`,
    // Where systemd lays what LoadCredential= names (systemd.exec(5), $CREDENTIALS_DIRECTORY).
    gatewayTokenFile: '/run/credentials/openclaw.service/openclaw_gateway_token',
    modelTokenFile: '/run/credentials/openclaw.service/openclaw_model_token',
  }
}

function openclawUnit(facts: InstallationFacts): string {
  const { programs, ports, users, limits } = facts
  return unit({
    Unit: [
      ['Description', 'OpenClaw gateway behind Hardshell'],
      ['Requires', 'hardshell-model.service hardshell-egress.service'],
      ['After', 'hardshell-model.service hardshell-egress.service'],
      ['RequiresMountsFor', state],
      ...startLimits,
    ],
    Service: [
      ['Type', 'exec'],
      ['ExecStart', execStart(programs.node, [programs.openclaw, 'gateway', 'run', '--port', String(ports.gateway)])],
      ['User', users.openclaw],
      ['Group', users.openclaw],
      ['StateDirectory', 'openclaw openclaw/home openclaw/workspace'],
      ['StateDirectoryMode', '0700'],
      ['WorkingDirectory', state],
      ['Environment', Object.entries(gatewayEnvironment(state, configFile)).map(([name, value]) => unitArgument(`${name}=${value}`))],
      ['LoadCredential', [credential('openclaw_gateway_token'), credential('openclaw_model_token')]],
      // What OpenClaw 2026.9.6 plans with when it cannot ask systemd: 75 s for turns to end, 10 s reserve, 5 s margin.
      ['TimeoutStopSec', 90],
      ...restarts,
      ...journal,
      ...homes(programFolders(facts)),
      // Not even to be looked at: the guard's state, and sockets through which a container could be started.
      ['InaccessiblePaths', '-/var/lib/hardshell -/var/lib/hardshell-model -/var/lib/hardshell-egress -/var/lib/hardshell-ingress -/etc/ssh -/run/docker.sock -/run/containerd -/run/podman -/run/dbus'],
      ['#', 'the profile of `hardshell generate apparmor`, where it is loaded'],
      ['AppArmorProfile', '-openclaw'],
      ...denied,
      ...unprivileged,
      ...loopbackOnly,
      ...bounds(limits),
    ],
    Install: [['WantedBy', 'multi-user.target']],
  })
}

type Part = 'model' | 'egress' | 'ingress'

function proxyUnit(part: Part, facts: InstallationFacts): string {
  const { programs, users, ports, config } = facts
  const folder = `hardshell-${part}`
  const upstream = part === 'ingress' ? ['--upstream', `http://127.0.0.1:${ports.gateway}`] : []
  const args = ['serve', part, '--listen', `127.0.0.1:${ports[part]}`, ...upstream, '--state', `/var/lib/${folder}`, ...(config === null ? [] : ['--config', config])]
  return unit({
    Unit: [['Description', `Hardshell: ${titles[part]}`], ['Wants', 'network-online.target'], ['After', 'network-online.target'], ...startLimits],
    Service: [
      ['Type', 'exec'],
      ['ExecStart', execStart(programs.node, [programs.hardshell, ...args])],
      ['User', users.guard],
      ['Group', users.guard],
      ['StateDirectory', folder],
      ['StateDirectoryMode', '0700'],
      ['LoadCredential', credentialsOf(part, facts).map(credential)],
      ['TimeoutStopSec', 20],
      ...restarts,
      ...journal,
      ...homes([...programFolders(facts).slice(0, 2), ...(config === null ? [] : [config])]),
      ...denied,
      ...unprivileged,
      // Not for OpenClaw: Node counts processors in /proc/cpuinfo, and what it runs may divide by them.
      ['ProcSubset', 'pid'],
      ['RestrictSUIDSGID', true],
      ...reach(part),
      ...bounds(proxyBounds),
    ],
    Install: [['WantedBy', 'multi-user.target']],
  })
}

const titles: Readonly<Record<Part, string>> = { model: 'model proxy', egress: 'egress proxy', ingress: 'front door' }

const reach = (part: Part): UnitLines => (part === 'ingress' ? loopbackOnly : outwards)

/** Each proxy is handed its own secrets only: the front door none of the keys, the way out none at all. */
function credentialsOf(part: Part, facts: InstallationFacts): string[] {
  if (part === 'egress') return []
  return part === 'ingress' ? ['openclaw_gateway_token'] : ['openclaw_model_token', ...facts.keyFiles]
}

const credential = (name: string): string => `${name}:${credentials}/${name}`

/** Lines for systemd-sysusers(8): users without a password, a shell or a home of their own. */
function users({ users: { guard, openclaw } }: InstallationFacts): string {
  return [`u ${guard} - "Hardshell, the guard of OpenClaw" / /usr/sbin/nologin`, `u ${openclaw} - "OpenClaw gateway" ${state} /usr/sbin/nologin`, ''].join('\n')
}
