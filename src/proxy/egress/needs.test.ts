import { describe, expect, it } from 'vitest'
import { cutOff, installationNeeds } from './needs.ts'
import { parseRules, type RuleOptions } from './rules.ts'

const rules = (more: Partial<RuleOptions>) => parseRules({ mode: 'enforce', allowedHosts: [], deniedHosts: ['*'], agents: {}, skills: {}, ...more })

describe('what an installation needs of the way out', () => {
  it('is its channels, its servers for tools and its search, as far as they are on', () => {
    const needs = installationNeeds({
      channels: {
        defaults: { url: 'https://never.example' },
        telegram: { botToken: 'x' },
        discord: { enabled: false },
        matrix: { accounts: { home: { homeserver: 'https://matrix.example:8448/' } } },
        mattermost: { baseUrl: 'http://127.0.0.1:9' },
      },
      mcp: { servers: { files: { command: 'x' }, web: { url: 'https://mcp.example/sse' } } },
      tools: { web: { search: { provider: 'brave' } } },
    })
    expect(needs).toEqual([
      { host: 'api.telegram.org', port: 443, why: 'channels.telegram' },
      { host: 'matrix.example', port: 8448, why: 'channels.matrix' },
      { host: 'mcp.example', port: 443, why: 'mcp.servers.web' },
      { host: 'api.search.brave.com', port: 443, why: 'tools.web.search' },
    ])
  })

  it.each([null, 7, [], { channels: [] }, { channels: { telegram: 'x' } }, { mcp: { servers: { a: null } } }])('is nothing where nothing can be read: %j', (config) => {
    expect(installationNeeds(config)).toEqual([])
  })

  it('is met, or told as what cuts it off', () => {
    const needs = installationNeeds({ channels: { telegram: {} } })
    expect(cutOff(needs, rules({ allowedHosts: ['*.telegram.org'] }))).toEqual([])
    expect(cutOff(needs, rules({}))).toMatchObject([{ denied: false, reason: 'channels.telegram needs api.telegram.org:443, and api.telegram.org:443 is not in allowed_hosts' }])
    expect(cutOff(needs, rules({ mode: 'learn' }))).toEqual([])
    expect(cutOff(needs, rules({ mode: 'learn', deniedHosts: ['*.telegram.org'] }))).toMatchObject([{ denied: true }])
    expect(cutOff(needs, rules({}), ['api.telegram.org'])).toEqual([])
  })
})
