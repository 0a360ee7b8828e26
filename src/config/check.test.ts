import { describe, expect, it } from 'vitest'
import { Secret } from '../base/index.ts'
import { checkConfig } from './check.ts'
import { fakeDisk } from './disk.test.fake.ts'
import { loadConfig } from './load.ts'
import { references } from './references.ts'

const files = {
  'config.yaml': [
    'tls:',
    '  min_version: "1.3"',
    'proof:',
    '  every: 1m',
    'dashboard:',
    '  auth: { provider: oidc, issuer: "https://idp.example.com", client_id: $OIDC_CLIENT_ID }',
    'models:',
    '  providers:',
    '    anthropic: { api: anthropic-messages, base_url: "https://api.anthropic.com", key: $ANTHROPIC_API_KEY }',
  ].join('\n'),
  'api.yaml': 'api:\n  auth:\n    tokens:\n      - id: ci\n        value: $CI_TOKEN\n',
  'incident-response.yaml': 'playbooks:\n  leak:\n    steps: ["Run: openclaw agent disable $AGENT_ID"]\n',
}
const disk = fakeDisk({ '/c': files })
const known = async (name: string): Promise<Secret | null> => (name === 'CI_TOKEN' ? new Secret('x') : null)

describe('checking a configuration', () => {
  it('lists what was written and is not enforced yet, and nothing else', async () => {
    const { notEnforced } = await checkConfig('/c', { disk })
    expect(notEnforced).toEqual([
      { key: 'dashboard.auth.provider', file: '/c/config.yaml', line: 6, meaning: 'OpenID Connect' },
      {
        key: 'dashboard.auth.issuer',
        file: '/c/config.yaml',
        line: 6,
        meaning: 'address of the identity provider, as it stands in its tokens',
      },
      {
        key: 'dashboard.auth.client_id',
        file: '/c/config.yaml',
        line: 6,
        meaning: 'id of this installation at the identity provider, or a reference to it',
      },
      { key: 'playbooks.leak', file: '/c/incident-response.yaml', line: 2, meaning: '' },
    ])
  })

  it('names references nobody can resolve, and is not content with them', async () => {
    const report = await checkConfig('/c', { disk, resolve: known })
    expect(report.errors).toEqual([])
    expect(report.ok).toBe(false)
    expect(report.unset.map(({ name, line }) => `${name} ${line}`)).toEqual(['OIDC_CLIENT_ID 6', 'ANTHROPIC_API_KEY 9'])
  })

  it('counts a store that fails as one that does not have it', async () => {
    const report = await checkConfig('/c', { disk, resolve: () => Promise.reject(new Error('sealed')) })
    expect(report.unset).toHaveLength(3)
  })

  it('is content when all is well, whatever is not enforced yet', async () => {
    const report = await checkConfig('/c', { disk, resolve: async () => new Secret('x') })
    expect(report).toMatchObject(
      { ok: true, directory: '/c', files: ['/c/config.yaml', '/c/api.yaml', '/c/incident-response.yaml'] },
    )
  })

  it('is content with no configuration at all', async () => {
    expect(await checkConfig(null, { resolve: known })).toEqual({
      ok: true, directory: null, files: [], errors: [], notEnforced: [], unset: [],
    })
  })
})

describe('references', () => {
  it('are found where a setting takes them; elsewhere a dollar is a dollar', async () => {
    const found = references(await loadConfig('/c', disk))
    expect(found).toEqual([
      { name: 'OIDC_CLIENT_ID', key: 'dashboard.auth.client_id', file: '/c/config.yaml', line: 6 },
      { name: 'ANTHROPIC_API_KEY', key: 'models.providers.anthropic.key', file: '/c/config.yaml', line: 9 },
      { name: 'CI_TOKEN', key: 'api.auth.tokens[0].value', file: '/c/api.yaml', line: 5 },
    ])
  })
})
