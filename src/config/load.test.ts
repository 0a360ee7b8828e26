import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { fakeDisk } from './disk.test.fake.ts'
import { configDisk } from './disk.ts'
import { defaultConfig, loadConfig, requireConfig, type LoadedConfig } from './load.ts'
import { configFileNames } from './sections.ts'

describe('what holds where nothing was written', () => {
  it('is the safe choice', () => {
    const config = defaultConfig()
    expect(config.gateway).toMatchObject({ mode: 'local', bind: 'loopback', auth: { mode: 'token', token: null } })
    expect(
      [config.server.listen.host, config.models.listen.host, config.egress.listen.host],
    ).toEqual(Array(3).fill('127.0.0.1'))
    expect(config.session.dmScope).toBe('per-channel-peer')
    expect(config.tools).toMatchObject({
      profile: 'messaging',
      deny: ['group:automation', 'group:runtime', 'group:fs', 'sessions_spawn', 'sessions_send'],
      fs: { workspaceOnly: true },
      exec: { security: 'deny', ask: 'always' },
      elevated: { enabled: false },
    })
    expect(config.egress).toMatchObject({ allowed_hosts: [], denied_hosts: ['*'], allow_private: [] })
    expect(config.api.auth.tokens).toEqual([])
    expect(config.api.rate_limiting.enabled).toBe(true)
    expect(config.budgets).toMatchObject({
      tokens_per_request: 500_000,
      per_session: 10_000_000,
      per_agent: 20_000_000,
      per_day: 20_000_000,
      per_month: 200_000_000,
      unknown_model: 'refuse',
    })
    expect(config.tls).toMatchObject({ min_version: '1.2', preferred_version: '1.3', verify_certificates: true })
    expect(config.audit).toMatchObject(
      { enabled: true, redact: ['api_keys', 'passwords', 'tokens'], retention_days: 365 },
    )
    expect(config.audit.tamper_protection).toEqual({ enabled: true, method: 'sha256_chain' })
    expect(config.content.redact_secrets).toBe(true)
    expect(config.proof.every).toBe(300_000)
  })

  it('lets new tokens, channels and groups begin with the least', async () => {
    const disk = fakeDisk({
      '/c': {
        'api.yaml': 'api: { auth: { tokens: [{ id: a, value: $A }] } }',
        'config.yaml': 'channels: { slack: { groups: { "*": {} } } }',
      },
    })
    const { config } = await loadConfig('/c', disk)
    expect(config.api.auth.tokens[0]!.permissions).toEqual(['read'])
    expect(config.channels['slack']).toEqual({ dmPolicy: 'pairing', groups: { '*': { requireMention: true } } })
  })

  it('is all there is without a directory, and cannot be changed', async () => {
    const { config, problems, sources, written } = await loadConfig(null)
    expect([problems, sources, written]).toEqual([[], [], []])
    expect(config).toEqual(defaultConfig())
    expect(Object.isFrozen(config.tools.deny)).toBe(true)
  })

  it('holds alone when anything is wrong: half a configuration is not one', async () => {
    const disk = fakeDisk({ '/c': { 'network.yaml': 'egress: { allowed_hosts: [a.com], colour: blue }' } })
    const { config, problems } = await loadConfig('/c', disk)
    expect(problems).toHaveLength(1)
    expect(config.egress.allowed_hosts).toEqual([])
  })
})

describe('what was written', () => {
  it('is listed by dotted path', async () => {
    const disk = fakeDisk({
      '/c': {
        'api.yaml': 'api: { auth: { tokens: [{ id: a, value: $A, permissions: [read, write] }] } }',
        'config.yaml': 'proof: { every: 1m }\nfs: { workspaceOnly: true }',
      },
    })
    const { written, sources } = await loadConfig('/c', disk)
    expect(written.toSorted()).toEqual([
      'api.auth.tokens[0].id',
      'api.auth.tokens[0].permissions',
      'api.auth.tokens[0].value',
      'proof.every',
      'tools.fs.workspaceOnly',
    ])
    expect(sources).toEqual(['/c/config.yaml', '/c/api.yaml'])
  })

  it('arrives in the units of the program', async () => {
    const text = [
      'proof: { every: 1m }',
      'budgets: { per_day: "$1.50", per_session: 2 }',
      'audit: { rotation: { max_size: 2GB } }',
      'server: { listen: "[::1]:8443" }',
    ].join('\n')
    const { config } = await loadConfig('/c', fakeDisk({ '/c': { 'config.yaml': text } }))
    expect(config.proof.every).toBe(60_000)
    expect([config.budgets.per_day, config.budgets.per_session]).toEqual([1_500_000, 2_000_000])
    expect(config.audit.rotation.max_size).toBe(2_000_000_000)
    expect(config.server.listen).toEqual({ host: '::1', port: 8443 })
  })

  it('has one hash, however it is arranged, and another when it means something else', async () => {
    const load = (text: string): Promise<LoadedConfig> => loadConfig('/c', fakeDisk({ '/c': { 'config.yaml': text } }))
    const { hash } = await load('proof: { every: 1m }\nbudgets: { per_day: 3 }')
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect((await load('# comment\nbudgets:\n  per_day: "$3"\nproof:\n  every: 60s\n')).hash).toBe(hash)
    expect((await load('proof: { every: 1m }\nbudgets: { per_day: 4 }')).hash).not.toBe(hash)
  })
})

describe('requiring a configuration', () => {
  it('names every mistake, one a line', async () => {
    const disk = fakeDisk({ '/c': { 'config.yaml': 'proof:\n  every: 5\ntls:\n  min_version: "1.1"\n' } })
    await expect(requireConfig('/c', disk)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(
        /2 mistakes\n {2}\/c\/config\.yaml:2:10: proof\.every: .+\n {2}\/c\/config\.yaml:4:16: tls\.min_version: /,
      ),
    })
  })

  it('gives it when all is well', async () => {
    expect(
      (await requireConfig('/c', fakeDisk({ '/c': { 'config.yaml': 'proof: { every: 2m }' } }))).config.proof.every,
    ).toBe(120_000)
  })
})

describe('reading whatever somebody wrote', () => {
  const words = [
    'tls',
    'api',
    'jobs',
    'every',
    '5m',
    '$A',
    '“',
    '”',
    ':',
    ': ',
    '\n',
    '\n  ',
    '\t',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '#',
    '%',
    '---',
    '...',
    '? ',
    '<<',
    '__proto__',
    '@',
    '`',
    '\u0000',
    '\ud800',
    'é',
  ]
  const nearlyYaml = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(''))
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), nearlyYaml)

  it('reports and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...configFileNames), text, async (name, written) => {
        const { problems, config } = await loadConfig('/c', fakeDisk({ '/c': { [name]: written } }))
        for (const { line, column, message } of problems) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(column).toBeGreaterThanOrEqual(1)
          expect(message).not.toBe('')
        }
        expect(config.gateway.bind).toBe('loopback')
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('reports any value in any setting, and repeats no text of it', async () => {
    const marker = ['canary', 'value', '7f3a'].join('-')
    const keys = [
      'tls: { min_version: X }',
      'secrets: { provider: X }',
      'server: { listen: X }',
      'budgets: { per_day: X }',
      'proof: { every: X }',
      'gateway: { auth: { token: X } }',
      'dashboard: { auth: X }',
      'models: { providers: { a: X } }',
      'agents: { defaults: { sandbox: X } }',
      'audit: X',
      'X',
    ]
    for (const key of keys) {
      const { problems } = await loadConfig('/c', fakeDisk({ '/c': { 'config.yaml': key.replace('X', marker) } }))
      expect([key, problems.length]).toEqual([key, 1])
      expect(JSON.stringify(problems)).not.toContain(marker)
    }
  })
})

describe('the real disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-config-'))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('is read with its modes, and a folder in the place of a file is told', async () => {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o750)
    writeFileSync(join(folder, 'config.yaml'), 'proof: { every: 1m }\n', { mode: 0o600 })
    expect((await loadConfig(folder, configDisk)).config.proof.every).toBe(60_000)

    mkdirSync(join(folder, 'api.yaml'))
    chmodSync(join(folder, 'config.yaml'), 0o666)
    const { problems } = await loadConfig(folder, configDisk)
    expect(problems.map(({ code }) => code)).toEqual(['config.unreadable', 'config.unsafe-mode'])
    expect(problems[0]!.message).toBe('cannot be read: not a regular file')
  })

  it('has no folder where there is none', async () => {
    expect(await configDisk.folder(join(folder, 'gone'))).toBeNull()
  })
})

describe('a configuration somebody else owns', () => {
  it('is refused, file by file and as a directory, because its owner could change it at any time', async () => {
    const disk = fakeDisk({ '/c': { 'config.yaml': 'proof: { every: 1m }' } }, {}, { '/c': 4242, '/c/config.yaml': 4242 })
    const { problems, config } = await loadConfig('/c', disk)
    expect(problems.map(({ code, file }) => [code, file])).toEqual([['config.unsafe-owner', '/c'], ['config.unsafe-owner', '/c/config.yaml']])
    expect(config.proof.every).toBe(300_000)
  })

  it("is believed when it is root's or our own", async () => {
    const disk = fakeDisk({ '/c': { 'config.yaml': 'proof: { every: 1m }' } }, {}, { '/c': 0, '/c/config.yaml': 1000 })
    expect((await loadConfig('/c', disk)).problems).toEqual([])
  })
})
