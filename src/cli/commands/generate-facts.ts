import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../../base/index.ts'
import type { LoadedConfig } from '../../config/index.ts'
import { readAdoption } from '../../guard/adoption-record.ts'
import type { StatePaths } from '../../guard/paths.ts'
import { ourFolder } from '../../guard/our-folder.ts'
import { chooseProviders } from '../../guard/providers.ts'
import { locateOpenClaw, pinnedOpenClaw } from '../../openclaw/index.ts'
import type { InstallationFacts } from '../../profiles/index.ts'
import { pathsFor } from '../guard-access.ts'
import { openStores, type Options } from '../secret-stores.ts'
import type { Terminal } from '../terminal.ts'
import { version } from '../version.ts'

/** The facts of this installation, and what had to be assumed. @throws HardshellError `config.missing`, `config.invalid` */
export async function installationFacts(options: Options, terminal: Terminal): Promise<{ facts: InstallationFacts; assumed: string[] }> {
  const paths = pathsFor(options, terminal)
  const stores = await openStores(options, terminal)
  try {
    const { config, directory } = stores.loaded
    const adoption = readAdoption(paths.adoption)
    const assumed = directory === null ? ['no configuration was found: every setting has its default'] : []
    const openclaw = openclawOf(options, paths, terminal, assumed)
    const { forOpenClaw, secretNames } = await chooseProviders(config, stores, adoption?.providers ?? [])
    const { profiles, tools } = config
    const facts: InstallationFacts = {
      programs: { node: process.execPath, hardshell: ourProgram, openclaw: openclaw.entry },
      versions: { hardshell: version, openclaw: openclaw.version },
      state: paths.root,
      config: directory,
      logFolder: config.audit.log_path === undefined ? null : dirname(config.audit.log_path),
      users: profiles.users,
      ports: { gateway: adoption?.gatewayPort ?? config.gateway.port, ingress: config.server.listen.port, model: config.models.listen.port, egress: config.egress.listen.port },
      providers: forOpenClaw.map(({ name, api, models }) => ({ name, api, models, secretName: secretNames.get(name) ?? null })),
      keyFiles: [...new Set(secretNames.values())].filter((name) => !isMapped(name, config)).sort(),
      modelTokenConfigured: config.api.auth.tokens.some(({ value, permissions }) => value === '$OPENCLAW_MODEL_TOKEN' && permissions.includes('write')),
      baseline: { dmScope: config.session.dmScope, profile: tools.profile, deny: tools.deny, workspaceOnly: tools.fs.workspaceOnly, exec: tools.exec, elevated: tools.elevated.enabled },
      limits: { cpus: profiles.limits.cpus, memoryBytes: profiles.limits.memory, diskBytes: profiles.limits.disk, pids: profiles.limits.pids },
      containers: { subnet: profiles.containers.subnet, clusterAddress: profiles.containers.cluster_address, storageQuota: profiles.containers.storage_quota },
      sandboxing: profiles.sandboxing,
    }
    return { facts, assumed }
  } finally {
    await stores.close()
  }
}

const ourProgram = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url))

function openclawOf(options: Options, { runtime }: StatePaths, terminal: Terminal, assumed: string[]): { entry: string; version: string } {
  const explicit = typeof options['openclaw'] === 'string' ? options['openclaw'] : undefined
  try {
    return locateOpenClaw({ explicit, folders: [ourFolder('.'), runtime], path: terminal.env['PATH'] })
  } catch (error) {
    if (explicit !== undefined) throw error
    // Where `npm install -g` puts it for root on Debian.
    const entry = '/usr/local/lib/node_modules/openclaw/openclaw.mjs'
    assumed.push(`${messageOf(error)}: ${entry} is assumed`)
    return { entry, version: pinnedOpenClaw }
  }
}

/** A secret that a remote store has is fetched from there and from nowhere else: no file of it is expected. */
function isMapped(name: string, { secrets }: LoadedConfig['config']): boolean {
  const mapped = { ...('paths' in secrets ? secrets.paths : {}), ...('secrets' in secrets ? secrets.secrets : {}) }
  return Object.keys(mapped).some((key) => key.toLowerCase() === name.toLowerCase())
}
