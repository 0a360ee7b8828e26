import JSON5 from 'json5'
import { describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { applyChanges, valueAt } from './json5-edit.ts'
import { planOverlay, type OverlayFacts } from './overlay.ts'

const facts: OverlayFacts = {
  gatewayPort: 18_710,
  gatewayToken: new Secret('gateway-token'),
  modelProxyUrl: 'http://127.0.0.1:18701',
  virtualKey: new Secret('virtual-key'),
  probeKey: new Secret('probe-key'),
  egressProxyUrl: 'http://127.0.0.1:18702',
  pluginPath: '/s/plugin',
  pluginSocket: '/s/run/plugin.sock',
  secretProvider: null,
  boundary: 'what is untrusted',
  logFile: '/s/gateway.log',
  defaultProviders: [{ name: 'anthropic', api: 'anthropic-messages', models: [{ id: 'm', name: 'm', contextWindow: 1, maxTokens: 1 }] }],
  workspace: '/s/workspace',
  sandbox: { backend: 'off', sshCommand: '/s/run/hardshell-ssh' },
  settings: {
    dmScope: 'per-channel-peer',
    profile: 'messaging',
    deny: ['group:fs', 'sessions_spawn'],
    workspaceOnly: true,
    exec: { security: 'deny', ask: 'always' },
    elevated: false,
  },
}

function overlaid(config: string, more: Partial<OverlayFacts> = {}): unknown {
  const changes = planOverlay(JSON5.parse(config), { ...facts, ...more })
  return JSON5.parse(applyChanges(config, changes))
}
const at = (config: unknown, path: string): unknown => valueAt(config, path.split('.'))

describe('the overlay', () => {
  it('makes an empty configuration ours', () => {
    const config = overlaid('{}')
    expect(at(config, 'gateway.bind')).toBe('loopback')
    expect(at(config, 'gateway.auth')).toEqual({ mode: 'token', token: 'gateway-token' })
    expect(at(config, 'session.dmScope')).toBe('per-channel-peer')
    expect(at(config, 'tools.exec')).toEqual({ security: 'deny', ask: 'always' })
    expect(at(config, 'models.mode')).toBe('replace')
    expect(at(config, 'proxy.proxyUrl')).toBe('http://127.0.0.1:18702')
    expect(at(config, 'plugins.allow')).toEqual(['hardshell'])
    expect(at(config, 'agents.entries')).toBeUndefined()
    expect(at(config, 'agents.defaults.model.primary')).toBe('anthropic/m')
  })

  it.each([
    ['$include', '{ $include: "./more.json5" }'],
    ['agents.$include', '{ agents: { $include: ["./a.json5", "./b.json5"] } }'],
    ['models.providers.0.$include', '{ models: { providers: [{ $include: "./p.json5" }] } }'],
    ['agents.list', '{ agents: { list: [{ id: "main", sandbox: { mode: "off" } }] } }'],
  ])('refuses a configuration of which %s stands where it does not reach', (place, config) => {
    expect(() => overlaid(config)).toThrow(`openclaw.json: what ${place} stands for cannot be guarded`)
  })

  it('tells the plugin where commands run when there is a sandbox, and only then', () => {
    const sandbox = { backend: 'ssh', scope: 'agent', workspaceAccess: 'rw', sshCommand: '/s/run/hardshell-ssh', workspaceRoot: '/workspaces' } as const
    expect(at(overlaid('{}', { sandbox }), 'plugins.entries.hardshell.config')).toMatchObject({ execHost: 'sandbox' })
    expect(at(overlaid('{}'), 'plugins.entries.hardshell.config')).not.toHaveProperty('execHost')
  })

  it('changes nothing the second time', () => {
    expect(planOverlay(overlaid('{}'), facts)).toEqual([])
  })

  it('points every provider at the model proxy under the virtual key, each at its own path', () => {
    const config = overlaid(`{ models: { providers: {
      a: { baseUrl: 'https://a.example/v1', apiKey: 'real-a', api: 'openai-completions', models: [] },
      b: { baseUrl: 'https://b.example', apiKey: 'real-b', api: 'anthropic-messages', models: [] },
      c: { baseUrl: 'https://c.example/v1', apiKey: 'real-c', api: 'openai-responses', models: [] },
      d: { baseUrl: 'https://d.example/v1beta', apiKey: 'real-d', api: 'google-generative-ai', models: [] } } } }`)
    expect(at(config, 'models.providers.a')).toMatchObject({ baseUrl: 'http://127.0.0.1:18701/p/a/v1', apiKey: 'virtual-key' })
    expect(at(config, 'models.providers.b')).toMatchObject({ baseUrl: 'http://127.0.0.1:18701/p/b', apiKey: 'virtual-key' })
    expect(at(config, 'models.providers.c')).toMatchObject({ baseUrl: 'http://127.0.0.1:18701/p/c/v1', api: 'openai-responses' })
    expect(at(config, 'models.providers.d')).toMatchObject({ baseUrl: 'http://127.0.0.1:18701/p/d/v1beta', api: 'google-generative-ai' })
    expect(JSON.stringify(config)).not.toMatch(/real-[abcd]/)
  })

  it('follows our settings in the private profile: a new provider is added and becomes the one agents use', () => {
    const first = JSON5.stringify(overlaid('{}'))
    const other: OverlayFacts['defaultProviders'] = [{ name: 'local', api: 'openai-completions', models: [{ id: 'one', name: 'one', contextWindow: 1, maxTokens: 1 }] }]
    const second = overlaid(first, { defaultProviders: other })
    expect(at(second, 'models.providers.local.baseUrl')).toBe('http://127.0.0.1:18701/p/local/v1')
    expect(at(second, 'agents.defaults.model.primary')).toBe('local/one')
    expect(planOverlay(second, { ...facts, defaultProviders: other })).toEqual([])
  })

  it("keeps an adopted installation's own list of models and its choice of one", () => {
    const own = `{ agents: { defaults: { model: { primary: 'a/x' } } }, models: { providers: { anthropic: { baseUrl: 'https://b.example', api: 'anthropic-messages', models: [{ id: 'mine' }] } } } }`
    const config = overlaid(own, { workspace: null })
    expect(at(config, 'models.providers.anthropic.models')).toEqual([{ id: 'mine' }])
    expect(at(config, 'agents.defaults.model.primary')).toBe('a/x')
  })

  it('adds to a deny list and takes nothing off it', () => {
    expect(at(overlaid(`{ tools: { deny: ['browser', 'group:fs'] } }`), 'tools.deny')).toEqual(['browser', 'group:fs', 'sessions_spawn'])
  })

  it('keeps the spelling of exec that is in use, since OpenClaw refuses both at once', () => {
    const config = overlaid(`{ tools: { exec: { mode: 'full' } } }`)
    expect(at(config, 'tools.exec')).toEqual({ mode: 'deny' })
  })

  it('declares the plugins and channels a configuration uses by name, and no others', () => {
    const config = overlaid(`{ channels: { telegram: {}, defaults: {} }, plugins: { entries: { vault: {}, old: { enabled: false } } } }`)
    expect(at(config, 'plugins.allow')).toEqual(['vault', 'telegram', 'hardshell'])
  })

  it('adds no agent, so that whoever has one still need not name it', () => {
    expect(at(overlaid(`{ agents: { entries: { anna: {} } } }`), 'agents.entries')).toEqual({ anna: {} })
  })

  it("lets the probe's model through a model policy, and makes no policy where there is none", () => {
    const policy = `{ agents: { defaults: { modelPolicy: { allow: ['a/b'] } } } }`
    expect(at(overlaid(policy), 'agents.defaults.modelPolicy.allow')).toEqual(['a/b', 'hardshell-probe/probe'])
    expect(at(overlaid('{}'), 'agents.defaults.modelPolicy')).toBeUndefined()
  })

  it("leaves an adopted installation's workspace, log file and bootstrap alone", () => {
    const config = overlaid('{}', { workspace: null })
    expect([at(config, 'agents.defaults.workspace'), at(config, 'logging'), at(config, 'agents.defaults.skipBootstrap')]).toEqual([undefined, undefined, undefined])
  })
})
