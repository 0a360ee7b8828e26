import type { InstallationFacts } from './facts.ts'

/** Where the gateway of a profile in parts finds everybody, and where it listens itself. */
export interface GatewayPlaces {
  bind: 'loopback' | 'lan'
  modelUrl: string
  egressUrl: string
  workspace: string
  logFile: string
  /** Files with one secret each, readable by OpenClaw's user alone. */
  gatewayTokenFile: string
  modelTokenFile: string
}

/**
 * `openclaw.json` for a gateway that has no guard as its parent: models at the model proxy, everything else at the
 * egress proxy, the hardened baseline, and secrets by reference to files. Read-only to the gateway.
 * Source of keys: OpenClaw docs, gateway/security/hardened-baseline and gateway/secrets/secretref-contract.
 */
export function gatewayConfig(facts: InstallationFacts, places: GatewayPlaces): string {
  const { ports, baseline, providers } = facts
  const secretFile = (path: string): object => ({ source: 'file', path, mode: 'singleValue' })
  const config = {
    gateway: {
      mode: 'local',
      bind: places.bind,
      port: ports.gateway,
      auth: { mode: 'token', token: { source: 'file', provider: 'gateway-token', id: 'value' } },
      controlUi: { allowedOrigins: [`http://127.0.0.1:${ports.ingress}`] },
      http: { endpoints: { chatCompletions: { enabled: true } } },
    },
    secrets: { providers: { 'gateway-token': secretFile(places.gatewayTokenFile), 'model-token': secretFile(places.modelTokenFile) } },
    models: { mode: 'replace', providers: Object.fromEntries(providers.map((provider) => [provider.name, providerEntry(provider, places.modelUrl)])) },
    proxy: { proxyUrl: places.egressUrl },
    agents: { defaults: { workspace: places.workspace, skipBootstrap: true, utilityModel: '', ...primaryModel(facts) } },
    session: { dmScope: baseline.dmScope },
    tools: {
      profile: baseline.profile,
      deny: baseline.deny,
      fs: { workspaceOnly: baseline.workspaceOnly },
      exec: baseline.exec,
      elevated: { enabled: baseline.elevated },
      agentToAgent: { enabled: false },
      sessions: { visibility: 'agent' },
      loopDetection: { enabled: true },
    },
    discovery: { mdns: { mode: 'off' } },
    update: { checkOnStart: false },
    logging: { file: places.logFile },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

function providerEntry({ name, api, models }: InstallationFacts['providers'][number], modelUrl: string): object {
  const version = api === 'anthropic-messages' ? '' : api === 'google-generative-ai' ? '/v1beta' : '/v1'
  return {
    baseUrl: `${modelUrl}/p/${encodeURIComponent(name)}${version}`,
    apiKey: { source: 'file', provider: 'model-token', id: 'value' },
    api,
    models: models.map((model) => ({ ...model, reasoning: false, input: ['text'] })),
  }
}

function primaryModel({ providers }: InstallationFacts): object {
  const [first] = providers
  return first?.models[0] ? { model: { primary: `${first.name}/${first.models[0].id}` } } : {}
}

/** The gateway's environment: what the guard gives its child too, and nothing secret. */
export function gatewayEnvironment(state: string, configFile: string): Record<string, string> {
  return {
    HOME: `${state}/home`,
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: `${state}/home/.node-compile-cache`,
    OPENCLAW_CONFIG_PATH: configFile,
    OPENCLAW_CONFIG_READONLY: '1',
    OPENCLAW_HIDE_BANNER: '1',
    OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED: '1',
    OPENCLAW_STATE_DIR: state,
    PATH: '/usr/local/bin:/usr/bin:/bin',
  }
}
