import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configDisk, type ConfigDisk } from './disk.ts'
import { loadConfig, type LoadedConfig } from './load.ts'
import { formatProblem } from './problem.ts'

const fixtures = join(import.meta.dirname, '../../tests/fixtures/config')
const snippets = ['guide-complete', 'guide-gateway'].flatMap((guide) =>
  readdirSync(join(fixtures, guide)).map((name) => join(guide, name)),
)

// What a checkout leaves on the disk depends on somebody's umask; modes have their own tests.
const disk: ConfigDisk = {
  self: configDisk.self,
  folder: async (path) => {
    const folder = await configDisk.folder(path)
    return folder && { ...folder, mode: 0o755 }
  },
  file: async (path, maxBytes) => ({ ...(await configDisk.file(path, maxBytes)), mode: 0o644 }),
}

describe('the configuration of the guides loads as it is printed', () => {
  it('finds the snippets', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(25)
  })

  for (const snippet of snippets) {
    it(`loads ${snippet}`, async () => {
      const { problems, sources, written } = await loadConfig(join(fixtures, snippet), disk)
      expect(problems.map(formatProblem)).toEqual([])
      expect(sources.length).toBeGreaterThan(0)
      expect(written.length).toBeGreaterThan(0)
    })
  }

  it('means what it says: the complete guide', async () => {
    const { config } = await loadConfig(join(fixtures, 'guide-complete/together'), disk)
    expect(config.egress.allowed_hosts).toEqual(
      ['api.anthropic.com', 'api.openai.com', 'api.github.com', 'your-internal-api.company.com'],
    )
    expect(config.api.auth.tokens[1]).toEqual({ id: 'ci_token', value: '$OPENCLAW_CI_TOKEN', permissions: ['read'] })
    expect(Object.keys(config.jobs)).toEqual(['rotate_api_keys', 'daily_security_digest'])
    expect(config.security_alerts[2]).toMatchObject({
      name: 'unexpected_tool_call',
      auto_disable_agent: true,
      destinations: [{ type: 'pagerduty', severity: 'high' }, { type: 'slack', channel: '#security-ops' }],
    })
    expect(config.secrets).toMatchObject(
      { provider: 'vault', paths: { openai_api_key: 'secret/data/openclaw/openai#key' } },
    )
  })

  it('means the same with and without the parents the second guide leaves out', async () => {
    const load = (name: string): Promise<LoadedConfig> => loadConfig(join(fixtures, 'guide-gateway', name), disk)
    expect((await load('fs-alone')).written).toEqual(['tools.fs.workspaceOnly'])
    expect((await load('fs-alone')).written).toEqual((await load('tools-fs')).written)
    expect((await load('exec-alone')).hash).toBe((await load('tools-exec')).hash)
    const { config } = await load('whole')
    expect(config.tools.exec).toEqual({ security: 'deny', ask: 'always' })
    expect(config.gateway.auth).toEqual({ mode: 'token', token: null })
    expect(config.agents.defaults.sandbox).toMatchObject({ mode: 'all', scope: 'agent' })
  })

  it('tells each typographic quote of a copy that kept them', async () => {
    const { problems } = await loadConfig(join(fixtures, 'typographic-quotes'), disk)
    expect(problems.map(({ code, line, key }) => [code, line, key])).toEqual([
      ['config.typographic-quote', 2, 'gateway.mode'],
      ['config.typographic-quote', 3, 'gateway.bind'],
      ['config.typographic-quote', 5, 'tools.deny[0]'],
      ['config.typographic-quote', 5, 'tools.deny[1]'],
      ['config.typographic-quote', 8, 'channels.whatsapp.dmPolicy'],
      ['config.typographic-quote', 10, 'channels.whatsapp.groups.*'],
    ])
  })
})
