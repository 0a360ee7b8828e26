import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Listen, Secret } from '../base/index.ts'
import { checkConfig, configDisk, findConfig, requireConfig, type Config, type LoadedConfig } from '../config/index.ts'
import { locateOpenClaw } from '../openclaw/index.ts'
import { placePlugin, prepareFolders } from './folders.ts'
import { gatewayUser } from './gateway-user.ts'
import { privateInstallation, type Installation } from './gateway-task.ts'
import { ownKeys } from './own-keys.ts'
import { freeAddress } from './ports.ts'
import { finishInstall, stageFor, type Programs } from './programs.ts'
import { chooseProviders } from './providers.ts'
import { openSecrets } from './secrets.ts'
import type { StartOptions } from './start.ts'
import type { WireInput } from './wire.ts'

/** Everything that is decided before anything runs. */
export interface Plan {
  input: WireInput
  programs: Programs
  installation: Installation
  configuration: { directory: string | null; notEnforced: number }
}

/** Reads, finds, makes and chooses what a guard needs; starts nothing. */
export async function prepare(options: StartOptions, say: (line: string) => void): Promise<Plan> {
  const { paths, env } = options
  const loaded = await readConfiguration(options)
  const { config } = loaded
  const user = gatewayUser(paths.root)
  await prepareFolders(paths, user)
  await placePlugin(ourFolder('plugin'), paths.plugin)
  const secrets = openSecrets(paths, env)
  const keys = await ownKeys(secrets.local, paths)
  const programs = await findPrograms(options, user !== null, say)
  const written = new Set(loaded.written)
  const gatewayListen = await freeAddress({ host: '127.0.0.1', port: config.gateway.port }, written.has('gateway.port'))
  const providers = await chooseProviders(config, (name) => secrets.get(name))
  return {
    programs,
    installation: privateInstallation(paths),
    configuration: { directory: loaded.directory, notEnforced: (await checkConfig(loaded.directory)).notEnforced.length },
    input: {
      paths,
      config,
      keys,
      user,
      providers,
      apiTokens: await apiTokens(config, (name) => secrets.get(name)),
      providerKeys: await providerKeys(config, (name) => secrets.get(name)),
      gateway: { port: gatewayListen.port, node: programs.node, pid: () => null },
      listen: await doors(config, written),
    },
  }
}

async function readConfiguration({ config, env, cwd }: StartOptions): Promise<LoadedConfig> {
  const found = await findConfig({ flag: config, env, cwd, home: env['HOME'] ?? null }, configDisk)
  return await requireConfig(found?.directory ?? null)
}

async function findPrograms(options: StartOptions, ownUser: boolean, say: (line: string) => void): Promise<Programs> {
  const openclaw = locateOpenClaw({ explicit: options.openclaw, folders: [ourFolder('.'), options.cwd, options.paths.runtime], path: options.env['PATH'] })
  const programs = { node: process.execPath, openclaw }
  await finishInstall(programs, options.paths.guard)
  return ownUser ? await stageFor(programs, options.paths.runtime, say) : programs
}

async function doors(config: Config, written: ReadonlySet<string>): Promise<Record<'ingress' | 'model' | 'egress', Listen>> {
  return {
    ingress: await freeAddress(config.server.listen, written.has('server.listen')),
    model: await freeAddress(config.models.listen, written.has('models.listen')),
    egress: await freeAddress(config.egress.listen, written.has('egress.listen')),
  }
}

type FindSecret = (name: string) => Promise<Secret | null>

async function apiTokens(config: Config, find: FindSecret): Promise<WireInput['apiTokens']> {
  const tokens: { name: string; permissions: readonly string[]; secret: Secret }[] = []
  for (const { id, value, permissions } of config.api.auth.tokens) {
    const secret = await find(value.slice(1))
    // A token whose secret is missing opens nothing; `config check` names it.
    if (secret) tokens.push({ name: id, permissions, secret })
  }
  return tokens
}

async function providerKeys(config: Config, find: FindSecret): Promise<ReadonlyMap<string, Secret>> {
  const names = ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', ...Object.values(config.models.providers).flatMap(({ key }) => (key === undefined ? [] : [key.slice(1)]))]
  const keys = new Map<string, Secret>()
  for (const name of new Set(names)) {
    const secret = await find(name)
    if (secret) keys.set(name, secret)
  }
  return keys
}

/** A folder of our own package: beside `src` in a clone, beside `dist` in the published package. */
export function ourFolder(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const root = here.includes(join('dist', 'src', 'guard')) ? join(here, '..', '..', '..') : join(here, '..', '..')
  return join(root, name)
}
