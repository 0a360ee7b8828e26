import { existsSync, readFileSync } from 'node:fs'
import { HardshellError, isLoopback, type Secret } from '../base/index.ts'
import { checkConfig, configDisk, findConfig, requireConfig, type Config, type LoadedConfig } from '../config/index.ts'
import type { IsolationRecord } from '../isolation/index.ts'
import { readJson5, type OpenClaw } from '../openclaw/index.ts'
import { referredModels, type AdoptedProvider } from './adopted-providers.ts'
import { readAdoption } from './adoption-record.ts'
import { locateChosen, readChosen } from './chosen.ts'
import { placePlugin, prepareFolders } from './folders.ts'
import { gatewayUser } from './gateway-user.ts'
import { privateInstallation, type Installation } from './gateway-task.ts'
import { ownedFile } from './owned-file.ts'
import { ourFolder } from './our-folder.ts'
import { outboundTlsOf, trustEvents } from './outbound-tls.ts'
import { ownKeys } from './own-keys.ts'
import { freeAddress } from './ports.ts'
import { confined } from './isolation.ts'
import { finishInstall, installOpenClaw, stageFor, type Programs } from './programs.ts'
import { chooseProviders, type KeySource, type ProviderSet } from './providers.ts'
import { openSecrets, secretEvents } from './secrets.ts'
import type { StartOptions } from './start.ts'
import type { WireInput } from './wire.ts'

/** Everything that is decided before anything runs. */
export interface Plan {
  input: WireInput
  programs: Programs
  installation: Installation
  configuration: { directory: string | null; notEnforced: number }
  /** An installation of the operator's own, not our private profile. */
  adopted: boolean
  /** What the kernel enforces for the gateway's user; `null`: nothing. */
  isolation: IsolationRecord | null
  /** Somebody wrote a list of allowed hosts. */
  listsWritten: boolean
}

/** Reads, finds, makes and chooses what a guard needs; starts nothing. */
export async function prepare(options: StartOptions, say: (line: string) => void): Promise<Plan> {
  const { paths, env } = options
  const loaded = await readConfiguration(options)
  const { config } = loaded
  refuseOpenDoor(config)
  const adoption = readAdoption(paths.adoption)
  const { user, isolation } = await confined(adoption ? adoption.user : gatewayUser(paths.root), paths)
  if (adoption) ownedFile(adoption.installation)
  await prepareFolders(paths, user)
  await placePlugin(ourFolder('plugin'), paths.plugin)
  const events = secretEvents()
  const trust = trustEvents()
  const tls = outboundTlsOf(config, trust.report)
  const secrets = openSecrets(paths, env, config.secrets, { report: events.report, tls })
  const find: FindSecret = (name) => secrets.get(name)
  const keys = await ownKeys(secrets.local, paths)
  const programs = await findPrograms(options, user !== null, say)
  const installation = adoption?.installation ?? privateInstallation(paths)
  const providers = await providerSet(config, adoption?.providers ?? [], readInstalled(installation), secrets)
  // An adopted configuration names our addresses, and so do the rules of the kernel: they must be the ones it names.
  const fixed = adoption || isolation ? everything : new Set(loaded.written)
  const dnsFixed = Boolean(isolation) || loaded.written.includes('dns.listen') // openclaw.json does not name it, kernel rules do
  const gatewayPort = adoption?.gatewayPort ?? (await freeAddress({ host: '127.0.0.1', port: config.gateway.port }, fixed.has('gateway.port'))).port
  return {
    programs,
    installation,
    adopted: adoption !== null,
    isolation,
    listsWritten: loaded.written.some((key) => key.startsWith('egress.allowed_hosts')),
    configuration: { directory: loaded.directory, notEnforced: (await checkConfig(loaded.directory)).notEnforced.length },
    input: {
      paths,
      config,
      secrets,
      secretEvents: events,
      tls,
      trustEvents: trust,
      keys,
      user,
      providers,
      apiTokens: await apiTokens(config, find),
      providerKeys: await providerKeys(config, adoption?.providers ?? [], find),
      gateway: { port: gatewayPort, configFile: installation.configFile, node: programs.node, pid: () => null, ready: () => false, takeToken: noGateway },
      listen: { ...(await doors(config, fixed)), dns: await freeAddress(config.dns.listen, dnsFixed) },
    },
  }
}

async function noGateway(): Promise<never> {
  throw new HardshellError('guard.gateway-token', 'the gateway is not up yet', { hint: 'hardshell status' })
}

const everything: Pick<ReadonlySet<string>, 'has'> = { has: () => true }

/** The providers, with every model the installation refers to on their lists. */
export async function providerSet(config: Config, adopted: readonly AdoptedProvider[], installed: unknown, keys: KeySource): Promise<ProviderSet> {
  const set = await chooseProviders(config, keys, adopted)
  const forOpenClaw = set.forOpenClaw.map((provider) => {
    const known = new Set(provider.models.map(({ id }) => id))
    return { ...provider, models: [...provider.models, ...referredModels(installed, provider.name).filter(({ id }) => !known.has(id))] }
  })
  return { ...set, forOpenClaw }
}

function readInstalled({ configFile }: Installation): unknown {
  return existsSync(configFile) ? readJson5(readFileSync(configFile, 'utf8')) : {}
}

/** The configuration that holds, found and whole. @throws HardshellError `config.missing`, `config.invalid` */
export async function readConfiguration({ config, env, cwd }: Pick<StartOptions, 'config' | 'env' | 'cwd'>): Promise<LoadedConfig> {
  const found = await findConfig({ flag: config, env, cwd, home: env['HOME'] ?? null }, configDisk)
  return await requireConfig(found?.directory ?? null)
}

/** OpenClaw and our Node, complete and where the gateway's user can run them. */
export async function findPrograms(options: StartOptions, ownUser: boolean, say: (line: string) => void): Promise<Programs> {
  const openclaw = await locateOrInstall(options, say)
  const programs = { node: process.execPath, openclaw }
  await finishInstall(programs, options.paths.guard)
  return ownUser ? await stageFor(programs, options.paths.runtime, say) : programs
}

async function locateOrInstall(options: StartOptions, say: (line: string) => void): Promise<OpenClaw> {
  try {
    return locateChosen(options)
  } catch (error) {
    if (options.openclaw !== undefined || readChosen(options.paths) !== null) throw error
    await installOpenClaw(options.paths.runtime, options.env, say)
    return locateChosen(options)
  }
}

async function doors(config: Config, fixed: Pick<ReadonlySet<string>, 'has'>): Promise<Omit<WireInput['listen'], 'dns'>> {
  return {
    ingress: await freeAddress(config.server.listen, fixed.has('server.listen')),
    model: await freeAddress(config.models.listen, fixed.has('models.listen')),
    egress: await freeAddress(config.egress.listen, fixed.has('egress.listen')),
  }
}

type FindSecret = (name: string) => Promise<Secret | null>

// A token sent in the clear to a public address is everybody's. (TLS at the front door comes with `server.cert`.)
function refuseOpenDoor({ server, models, egress }: Config): void {
  for (const [setting, listen] of [['server.listen', server.listen], ['models.listen', models.listen], ['egress.listen', egress.listen]] as const) {
    if (isLoopback(listen.host)) continue
    throw new HardshellError('guard.open-door', `${setting} is ${listen.host}: without TLS the guard listens on loopback only`, {
      hint: 'keep 127.0.0.1 and reach it through an SSH tunnel, Tailscale Serve, or a reverse proxy with TLS on this machine',
    })
  }
}

/** Bearer tokens of api.yaml with their secrets. One whose secret is missing opens nothing; `config check` names it. */
export async function apiTokens(config: Config, find: FindSecret): Promise<WireInput['apiTokens']> {
  const tokens: { name: string; permissions: readonly string[]; secret: Secret }[] = []
  for (const { id, value, permissions } of config.api.auth.tokens) {
    const secret = await find(value.slice(1))
    if (secret) tokens.push({ name: id, permissions, secret })
  }
  return tokens
}

async function providerKeys(config: Config, adopted: readonly AdoptedProvider[], find: FindSecret): Promise<Map<string, Secret>> {
  const names = [
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY',
    ...Object.values(config.models.providers).flatMap(({ key }) => (key === undefined ? [] : [key.slice(1)])),
    ...adopted.flatMap(({ secretName }) => secretName ?? []),
  ]
  const keys = new Map<string, Secret>()
  for (const name of new Set(names)) {
    const secret = await find(name)
    if (secret) keys.set(name, secret)
  }
  return keys
}
