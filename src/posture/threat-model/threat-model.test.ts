import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigFacts } from '../facts/config.ts'
import type { Finding, Judged } from '../judge.ts'
import { threatModelOf, type ThreatFacts } from './build.ts'
import type { ThreatModel } from './model.ts'
import { threatModelSvg } from './svg.ts'
import { threatModelText } from './text.ts'

const now = Date.UTC(2026, 10, 21, 12)
const nothing: Judged = { findings: [], unknown: [], passed: [], skipped: [] }
const proven = (id: string, more: object = {}) => ({ id, ok: true, at: now - 120_000, detail: '', ...more })
const unguarded = { known: true as const, value: { guard: null, value: {} } }
const guarded = { known: true as const, value: { guard: { configDir: '/etc/openclaw', stateDir: '/var/lib/hardshell', places: [], uid: 0 }, value: {} } }

function modelOf(value: object, more: { judged?: Partial<Judged>; surfaces?: ReturnType<typeof proven>[]; guard?: ThreatFacts['guardConfig'] } = {}): ThreatModel {
  const config = { path: '/home/claw/.openclaw/openclaw.json', value, version: null, problems: [] } as unknown as ConfigFacts
  const proofs = { known: true as const, value: { log: '/log', surfaces: more.surfaces ?? [], freshMs: 660_000, now } }
  return threatModelOf({ config: { known: true, value: config }, guardConfig: more.guard ?? unguarded, proofs }, { ...nothing, ...more.judged }, now)
}

const finding = (id: string, at: string, severity: Finding['severity'] = 'high'): Finding => ({ id, severity, title: '', at, evidence: 'open', want: '', fixable: true, covers: [] })
const pathTo = (model: ThreatModel, at: string) => model.paths.find(({ entry }) => entry.endsWith(`:${at}`))!

describe('the threat model of an installation', () => {
  const name = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), fc.string({ minLength: 1, maxLength: 60 })).filter((text) => !['defaults', 'modelByChannel', '__proto__'].includes(text))

  it('holds every configured channel, account, server, skill, plugin, agent and port', () => {
    const names = fc.uniqueArray(name, { maxLength: 4 })
    fc.assert(
      fc.property(names, names, names, names, names, fc.integer({ min: 1, max: 65_535 }), (channels, accounts, servers, skills, plugins, port) => {
        const all = (of: readonly string[], value: object = {}): object => Object.fromEntries(of.map((key) => [key, value]))
        const model = modelOf({ channels: all(channels, { accounts: all(accounts) }), mcp: { servers: all(servers) }, skills: { entries: all(skills) }, plugins: { entries: all(plugins) }, gateway: { port } })
        const at = new Set(model.entryPoints.map((entry) => entry.at))
        for (const channel of channels) for (const account of [`channels.${channel}`, ...accounts.map((one) => `channels.${channel}.accounts.${one}`)]) expect(at).toContain(account)
        for (const server of servers) expect(at).toContain(`mcp.servers.${server}`)
        for (const skill of skills) expect(at).toContain(`skills.entries.${skill}`)
        for (const plugin of plugins) expect(at).toContain(`plugins.entries.${plugin}`)
        expect(model.entryPoints.some((entry) => entry.kind === 'port' && entry.name.includes(String(port)))).toBe(true)
        expect(model.paths).toHaveLength(model.entryPoints.length)
      }),
    )
  })

  it('is drawn and written without anything a name could break out with', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(name, fc.constantFrom('<script>alert(1)</script>', '"><image href=x>', ']]>', '\u202eevil', '&amp;', '\u001b[31m', '\ud800')), { minLength: 1, maxLength: 5 }), (names) => {
        const model = modelOf({ channels: Object.fromEntries(names.map((key) => [key, {}])) })
        const [svg, text] = [threatModelSvg(model), threatModelText(model)]
        const tags = new Set([...svg.matchAll(/<\/?([^\s>/!]+)/g)].map((match) => match[1]))
        expect(tags).toEqual(new Set(['svg', 'title', 'desc', 'style', 'rect', 'text', 'circle', 'g', 'path']))
        expect(svg.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
        for (const written of [svg, text]) expect(written.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
        expect(svg.isWellFormed()).toBe(true)
      }),
    )
  })

  it('finds an open channel likelier than a paired one, and one that is off least', () => {
    const model = modelOf({ channels: { telegram: { dmPolicy: 'open' }, slack: {}, whatsapp: { enabled: false }, matrix: { allowFrom: ['*'] } } })
    expect(['telegram', 'matrix', 'slack', 'whatsapp'].map((channel) => pathTo(model, `channels.${channel}`).likelihood)).toEqual([4, 4, 2, 1])
    expect(pathTo(model, 'channels.telegram').risk).toBe('critical')
  })

  it('counts the keys of a provider once, wherever they are named', () => {
    const model = modelOf({ models: { providers: { anthropic: {} } }, auth: { profiles: { 'anthropic:default': { provider: 'anthropic' }, 'openai:work': {} } } })
    expect(model.assets.filter(({ kind }) => kind === 'keys').map(({ id }) => id)).toEqual(['keys:anthropic', 'keys:openai'])
  })

  it('never shows the address of a server beyond its host', () => {
    const model = modelOf({ mcp: { servers: { remote: { url: 'https://user:pass@mcp.example.com/hidden?token=hidden' } } } })
    expect(JSON.stringify(model)).toContain('mcp.example.com')
    expect(JSON.stringify(model)).not.toMatch(/hidden|pass@/)
  })

  it('calls nothing a control that was not seen to hold or passed', () => {
    const config = { agents: { entries: { main: {} } } }
    const cover = (more: Parameters<typeof modelOf>[1]) => modelOf(config, { guard: guarded, ...more }).paths.find(({ boundary }) => boundary === 'agent-tools')!
    expect(cover({})).toMatchObject({ cover: 'nothing', controls: [] })
    expect(cover({ judged: { passed: ['tools.profile-chosen'] } }).cover).toBe('configured')
    expect(cover({ surfaces: [proven('sandbox')] })).toMatchObject({ cover: 'proven', controls: [{ kind: 'surface', id: 'sandbox', provenAt: now - 120_000 }] })
    expect(cover({ surfaces: [proven('sandbox', { ok: false })] })).toMatchObject({ cover: 'nothing', gaps: ['surface sandbox: no fresh proof'] })
    expect(cover({ surfaces: [proven('sandbox', { at: now - 3_600_000 })] }).cover).toBe('nothing')
  })

  it('does not take thirty checks that pass for a closed door', () => {
    const judged = { passed: ['gateway.token-strong', 'auth.proxy-users-listed'], findings: [finding('gateway.bind-loopback', 'gateway.bind')] }
    expect(pathTo(modelOf({ gateway: { bind: 'lan' } }, { judged }), 'gateway')).toMatchObject({ cover: 'open', gaps: ['gateway.bind-loopback: gateway.bind: open'] })
  })

  it('tells a finding about one channel there and not beside it', () => {
    const model = modelOf({ channels: { telegram: {}, slack: {} } }, { judged: { findings: [finding('channels.dms-not-open', 'channels.telegram.dmPolicy')] } })
    expect(pathTo(model, 'channels.telegram').gaps).toHaveLength(1)
    expect(pathTo(model, 'channels.slack').gaps).toEqual([])
  })

  it('holds what lies in folders and listens on the network, beside what is configured', () => {
    const config = { known: true as const, value: { path: '/c', value: { skills: { entries: { weather: {} } } }, version: null, problems: [] } as unknown as ConfigFacts }
    const skill = (name: string) => ({ name, path: `/home/claw/skills/${name}`, files: [], outside: null, scripts: [] })
    const socket = (address: string, port: number) => ({ protocol: 'tcp' as const, address, port, uid: 0, inode: 1, program: 'sshd' })
    const facts: ThreatFacts = {
      config,
      guardConfig: unguarded,
      proofs: { known: true, value: { log: null, surfaces: [], freshMs: 0, now } },
      skillsInstalled: { known: true, value: { skills: [skill('weather'), skill('planted')], extra: [] } },
      pluginsInstalled: { known: false, why: 'EACCES' },
      sockets: { known: true, value: { listening: [socket('0.0.0.0', 22), socket('::', 22), socket('127.0.0.1', 631), socket('0.0.0.0', 18_789)] } },
    }
    const model = threatModelOf(facts, { ...nothing, findings: [finding('skills.no-install-scripts', '/home/claw/skills/planted/SKILL.md')] }, now)
    expect(model.entryPoints.filter(({ kind }) => ['skill', 'machine'].includes(kind)).map(({ name }) => name)).toEqual(['skill weather', 'skill planted', 'port 22, tcp, sshd'])
    expect(pathTo(model, '/home/claw/skills/planted').gaps).toHaveLength(1)
    expect(pathTo(model, 'skills.entries.weather').gaps).toEqual([])
    expect(model.unknown).toEqual(['pluginsInstalled: EACCES'])
  })

  it('says what it could not look at', () => {
    const why = { known: false as const, why: 'EACCES' }
    const model = threatModelOf({ config: why, guardConfig: why, proofs: why }, nothing, now)
    expect(model.unknown).toEqual(['config: EACCES', 'guardConfig: EACCES', 'proofs: EACCES'])
    expect(threatModelText(model)).toContain('Not looked at')
    expect(threatModelSvg(model)).toContain('nothing crosses it')
  })

  it('is a picture that says in words what it shows', () => {
    const svg = threatModelSvg(modelOf({ gateway: {} }, { guard: guarded, surfaces: [proven('ingress')] }))
    expect(svg).toContain('role="img" aria-labelledby="title desc"')
    expect(svg).toMatch(/<desc id="desc">\d+ ways in to \d+ assets over five trust boundaries/)
    expect(svg).toContain('prefers-color-scheme:dark')
    expect(svg).toContain('ingress: proven 2m ago')
    expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|<script|@import|url\(/)
  })
})
