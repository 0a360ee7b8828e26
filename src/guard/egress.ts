import { formatListen, HardshellError, type Listen } from '../base/index.ts'
import type { Config } from '../config/index.ts'
import {
  createEgressCredentials,
  cutOff,
  gatewayIdentity,
  identityOf,
  installationNeeds,
  parseRules,
  probeIdentity,
  type EgressCredentials,
  type EgressIdentity,
  type EgressOptions,
  type HostLists,
  type RuleOptions,
} from '../proxy/egress/index.ts'
import type { OwnKeys } from './own-keys.ts'

/** Lists and limits of the egress proxy out of the settings, in a guard and alone. */
export function egressOptions(config: Config): EgressOptions {
  const { egress } = config
  const { limits, alerts } = egress
  return {
    rules: egressRules(config),
    allowPrivate: egress.allow_private,
    dangerouslyAllowEch: egress.dangerously_allow_ech,
    unidentified: egress.unidentified,
    limits: {
      connectTimeoutMs: limits.connect_timeout,
      openingTimeoutMs: limits.opening_timeout,
      idleTimeoutMs: limits.idle_timeout,
      lifetimeMs: limits.lifetime ?? Infinity,
      maxBytesPerConnection: limits.bytes_per_connection ?? Infinity,
    },
    maxConnections: limits.connections,
    shareFor: (identity) => shareOf(identity, egress),
    accounts: { alertNew: alerts.new_destination, alertUploadBytes: alerts.upload },
  }
}

/** Who may go where. */
export function egressRules({ egress }: Config): RuleOptions {
  return { mode: egress.mode, ...listsOf(egress), agents: mapped(egress.agents), skills: mapped(egress.skills) }
}

/** Where the gateway finds the way out: with a credential only where everybody needs one, for it stands in its configuration. */
export function gatewayProxyUrl({ keys, config }: { keys: OwnKeys; config: Config }, at: Listen): string {
  if (config.egress.unidentified === 'gateway') return `http://${formatListen(at)}`
  return createEgressCredentials(keys.egress).proxyUrl(gatewayIdentity, at).reveal()
}

/** What an agent's tools present, as it stands in the address of a proxy; `null`: this is no id of an agent. */
export function credentialOf(credentials: EgressCredentials, agentId: string): string | null {
  const identity = identityOf(agentId)
  return identity && credentials.userInfo(identity).reveal()
}

/** What the proof presents: nothing where that means the gateway and its list, else what the list refuses in any mode. */
export function probeCredential({ keys, config }: { keys: OwnKeys; config: Config }): string {
  const { mode, unidentified } = config.egress
  return mode === 'enforce' && unidentified === 'gateway' ? '' : createEgressCredentials(keys.egress).userInfo(probeIdentity).reveal()
}

/**
 * Refuses lists that cut off what the installation itself is configured to use.
 * @param openclaw openclaw.json as it will be used
 * @param listsWritten whether somebody wrote a list: one that names other hosts and not these is a mistake, none is a beginning
 * @returns what does not work although nobody forbade it, one sentence each
 * @throws HardshellError `guard.egress-cuts-off`
 */
export function refuseCutOff(openclaw: unknown, config: Config, listsWritten: boolean): string[] {
  const { mode, do_without: without } = config.egress
  const missing = cutOff(installationNeeds(openclaw), parseRules(egressRules(config)), without)
  const grave = missing.filter(({ denied }) => denied || (listsWritten && mode === 'enforce'))
  if (grave.length === 0) return missing.map(({ reason }) => reason)
  throw new HardshellError('guard.egress-cuts-off', `the lists in network.yaml cut off what this installation uses: ${grave.map(({ reason }) => reason).join('; ')}`, {
    hint: `add ${[...new Set(grave.map(({ host }) => host))].join(', ')} to egress.allowed_hosts, or to egress.do_without if that is meant`,
  })
}

type Lists = Pick<Config['egress'], 'allowed_hosts' | 'denied_hosts'>

function listsOf({ allowed_hosts: allowedHosts, denied_hosts: deniedHosts }: Lists): HostLists {
  return { allowedHosts, deniedHosts }
}

function mapped(owners: Readonly<Record<string, Lists>>): Record<string, HostLists> {
  return Object.fromEntries(Object.entries(owners).map(([name, lists]) => [name, listsOf(lists)]))
}

/** The most particular number that was written. */
function shareOf({ agentId, skill }: EgressIdentity, { limits, agents, skills }: Config['egress']): ReturnType<EgressOptions['shareFor']> {
  const own = [named(skills, skill), named(agents, agentId)]
  const first = <T>(...values: (T | undefined)[]): T | undefined => values.find((value) => value !== undefined)
  return {
    maxConnections: first(...own.map((one) => one?.connections), limits.connections_per_identity)!,
    bytesPerHour: first(...own.map((one) => one?.bytes_per_hour), limits.bytes_per_hour) ?? Infinity,
  }
}

function named<T>(owners: Readonly<Record<string, T>>, name: string | null): T | undefined {
  return Object.entries(owners).find(([key]) => key.toLowerCase() === name)?.[1]
}
