import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueAt } from '../../openclaw/index.ts'
import { originOf } from '../config-origins.ts'
import type { Example } from '../example.ts'
import { ExampleMachine } from '../example-machine.ts'
import { gather, type Fact } from '../gather.ts'
import { judge, planFor } from '../judge.ts'
import { checks } from '../registry.ts'
import { config, type ConfigFacts } from './config.ts'
import { readTolerantly } from './config-text.ts'

const read = async (example: Example): Promise<ConfigFacts> => {
  const fact: Fact<ConfigFacts> | undefined = (await gather(new ExampleMachine(example).subject(), ['config'])).config
  if (!fact?.known) throw new Error(fact?.why)
  return fact.value
}
const at = (facts: ConfigFacts, path: string): unknown => valueAt(facts.value, path.split('.'))
const told = (facts: ConfigFacts): string[] => facts.problems.map((problem) => `${problem.at}: ${problem.message}`)

describe('the names of before', () => {
  it('are understood, and named', async () => {
    const facts = await read({
      config: {
        gateway: { bind: '0.0.0.0', token: 'a', nodes: { denyCommands: ['camera.snap'] } },
        telegram: { botToken: 'b' },
        agent: { model: 'm', elevated: { enabled: true }, workspace: '/w' },
        routing: { allowFrom: ['+1'] },
        tools: { web: { search: { apiKey: 'c', perplexity: { apiKey: 'd' } } } },
        audit: { enabled: false },
      },
    })
    expect(at(facts, 'gateway.bind')).toBe('lan')
    expect(at(facts, 'gateway.auth.token')).toBe('a')
    expect(at(facts, 'gateway.nodes.commands.deny')).toEqual(['camera.snap'])
    expect(at(facts, 'channels')).toEqual({ telegram: { botToken: 'b' }, whatsapp: { allowFrom: ['+1'] } })
    expect(at(facts, 'agents.defaults')).toEqual({ model: 'm', workspace: '/w' })
    expect(at(facts, 'tools.elevated.enabled')).toBe(true)
    expect(at(facts, 'plugins.entries')).toEqual({ perplexity: { config: { webSearch: { apiKey: 'd' } } }, brave: { config: { webSearch: { apiKey: 'c' } } } })
    expect(at(facts, 'logging.audit.enabled')).toBe(false)
    expect(told(facts)).toContain('gateway.token: an older name of gateway.auth.token')
    expect(told(facts)).toContain('gateway.bind: an older way to say lan')
  })

  it('give way to those of today, key by key', async () => {
    const facts = await read({ config: { telegram: { botToken: 'old', dmPolicy: 'open' }, channels: { telegram: { botToken: 'new' } } } })
    expect(at(facts, 'channels.telegram')).toEqual({ botToken: 'new', dmPolicy: 'open' })
    expect(originOf(facts.origins, ['channels', 'telegram', 'dmPolicy'])).toMatchObject({ file: null, from: ['telegram', 'dmPolicy'] })
    expect(originOf(facts.origins, ['channels', 'telegram', 'botToken']).from).toEqual(['channels', 'telegram', 'botToken'])
  })

  it('may be lists of things that have names now', async () => {
    const facts = await read({ config: { agents: [{ id: 'a', model: 'm' }], mcp: { servers: [{ name: 'files', command: 'npx' }, { command: 'x' }] } } })
    expect(at(facts, 'agents.list.0.id')).toBe('a')
    expect(at(facts, 'mcp.servers.files.command')).toBe('npx')
    expect(originOf(facts.origins, ['mcp', 'servers', 'files', 'command']).from).toEqual(['mcp', 'servers', '0', 'command'])
    expect(originOf(facts.origins, ['agents', 'list', '0', 'model']).from).toEqual(['agents', '0', 'model'])
  })

  it('leave nothing behind, and sections of before are no unknown ones', async () => {
    const facts = await read({ config: { routing: { allowFrom: ['+1'], transcribeAudio: {} }, agent: { model: 'm' }, canvasHost: {} } })
    expect(Object.keys(facts.value).sort()).toEqual(['agents', 'canvasHost', 'channels', 'routing'])
    expect(told(facts).filter((text) => text.includes('knows no such'))).toEqual([])
  })

  it('leave out sections nobody knows, but say so', async () => {
    expect(told(await read({ config: { egress: {}, gateway: {} } }))).toEqual(['egress: OpenClaw knows no such setting and refuses the file'])
  })
})

describe('files that include others', () => {
  const files = {
    '$STATE/gateway.json5': "// the door\n{ bind: 'lan', auth: { $include: './auth.json5' }, trustedProxies: ['10.0.0.1'] }",
    '$STATE/auth.json5': "{ mode: 'none' }",
  }

  it('are merged as OpenClaw merges them: lists are joined, what stands beside wins', async () => {
    const facts = await read({ files, config: { gateway: { $include: './gateway.json5', bind: 'loopback', trustedProxies: ['10.0.0.2'] } } })
    expect(at(facts, 'gateway')).toEqual({ bind: 'loopback', auth: { mode: 'none' }, trustedProxies: ['10.0.0.1', '10.0.0.2'] })
    expect(originOf(facts.origins, ['gateway', 'bind']).file).toBeNull()
    expect(originOf(facts.origins, ['gateway', 'auth', 'mode'])).toMatchObject({ file: '/home/claw/.openclaw/auth.json5', from: ['mode'] })
  })

  it('name what is missing, outside, broken or includes itself, and read the rest', async () => {
    const facts = await read({
      files: { '$STATE/loop.json5': "{ $include: './loop.json5', a: 1 }", '$STATE/cut.json5': '{ b: 1', '~/outside.json5': '{ c: 1 }' },
      config: { gateway: { $include: ['./loop.json5', './cut.json5', '../outside.json5', './gone.json5', 7] } },
    })
    expect(at(facts, 'gateway')).toEqual({ a: 1, b: 1 })
    expect(told(facts)).toEqual([
      'gateway.$include: /home/claw/.openclaw/loop.json5 includes itself',
      '/home/claw/.openclaw/cut.json5 line 1: it ends before its }',
      'gateway.$include: /home/claw/outside.json5 is outside of the folder',
      'gateway.$include: /home/claw/.openclaw/gone.json5 is not there',
      'gateway.$include: it is no name of a file',
    ])
  })

  it('end, however often they include each other', async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`$STATE/${i}.json5`, `{ $include: [${"'./".concat(`${i + 1}.json5', `).repeat(9)}] }`]))
    expect(told(await read({ files: many, config: { $include: './0.json5' } }))).toContain('$include: too many files include each other')
  })
})

describe('a broken file', () => {
  it.each([
    ['cut off', '{ "gateway": { "bind": "lan", "auth": { "mode": "no', { gateway: { bind: 'lan', auth: {} } }, ['line 1: a text without its end', 'line 1: it ends before its }']],
    ['a missing comma', '{ "a": 1 "b": 2 }', { a: 1, b: 2 }, ['line 1: a comma is missing']],
    ['text behind the end', '{ "a": 1 }\n}', { a: 1 }, ['line 2: there is text behind the end']],
    ['the wrong end', '{ "a": [1, 2 }', { a: [1, 2] }, ['line 1: } where ] was expected']],
    ['no value', '{ "a": , "b": nonsense, "c": 1 }', { b: undefined, c: 1 }, ['line 1: a value was expected']],
  ])('is read as far as it goes: %s', (_, text, value, problems) => {
    const got = readTolerantly(text)
    expect(got.value).toEqual(value)
    expect(got.problems.map(({ at: place, message }) => `${place}: ${message}`)).toEqual(expect.arrayContaining(problems))
  })

  it('is no file of settings when there is nothing to read in it', async () => {
    await expect(read({ configText: 'gateway = lan' })).rejects.toThrow('cannot be understood')
    await expect(config.read({ ...new ExampleMachine({}).subject(), config: '/x' }, async () => await Promise.reject(new Error('nobody asks')), () => {})).rejects.toThrow('/x is not there')
  })

  it('is judged all the same, and not edited', async () => {
    const machine = new ExampleMachine({ configText: '{ "gateway": { "bind": "lan" } ' })
    const gathered = await gather(machine.subject(), ['config'])
    const bind = checks.find(({ id }) => id === 'gateway.bind-loopback')!
    expect(judge([bind], gathered).findings).toMatchObject([{ at: 'gateway.bind', fixable: false }])
    expect(planFor(bind, gathered)).toEqual([])
  })

  it('never ends in a crash, wherever it was cut or struck', () => {
    const whole = `// mine\n{ gateway: { bind: 'lan', auth: { token: "a\\"b" /* c */ } }, list: [1, { a: null }, [true]], "x": -0x1F, }`
    const cut = fc.nat(whole.length).map((end) => whole.slice(0, end))
    const odd = fc.array(fc.constantFrom('\0', '\uFEFF', '\u2028', '\uD800', '\\', '"', "'", '}', ']', ',', ':', 'x'), { maxLength: 3 }).map((parts) => parts.join(''))
    const struck = fc.tuple(fc.nat(whole.length), odd).map(([i, text]) => whole.slice(0, i) + text + whole.slice(i + 1))
    const brackets = fc.array(fc.constantFrom('{', '[', '}', ']', ',', ':', '"', "'", 'a', '/*', '//', '\n', '\\'), { maxLength: 300 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(cut, struck, brackets, fc.string()), (text) => {
        const got = readTolerantly(text)
        expect(got.problems.length).toBeLessThanOrEqual(20)
        expect(() => JSON.stringify(got.value)).not.toThrow()
      }),
      { numRuns: 1000 },
    )
    expect(readTolerantly('['.repeat(20_000)).problems).not.toEqual([])
    expect(readTolerantly(`{ a: "${'\\'.repeat(20_001)}`).problems).not.toEqual([])
  })
})

describe('checks of settings', () => {
  const areas = ['gateway', 'auth', 'control-ui', 'hooks', 'browser', 'discovery', 'logging', 'models', 'config', 'secrets']
  const mine = checks.filter(({ id }) => areas.includes(id.split('.')[0]!))

  it('answer whatever stands in the file', async () => {
    const leaf = fc.oneof(fc.constantFrom('*', '', 'lan', 'none', 'trusted-proxy', '${X}', 'http://x:1', 'openai/gpt-3.5-turbo'), fc.integer(), fc.boolean(), fc.constant(null))
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(names, tie('tree'), { maxKeys: 5, noNullPrototype: true })),
    }))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, tree, { maxKeys: 8, noNullPrototype: true }), async (value) => {
        const gathered = await gather(new ExampleMachine({ config: value }).subject(), new Set(mine.flatMap(({ needs }) => needs)))
        const { unknown } = judge(mine, gathered)
        expect(unknown).toEqual([])
        for (const check of mine) expect(planFor(check, gathered)).toBeInstanceOf(Array)
      }),
      { numRuns: 60 },
    )
  })
})

// Words of the schema, so that chance finds the places the checks look at.
const names = fc.constantFrom(
  ...'gateway bind auth mode token password rateLimit trustedProxy allowUsers controlUi allowedOrigins enabled tailscale nodes commands allow deny hooks mappings browser profiles cdpUrl ssrfPolicy agents defaults entries list model primary fallbacks models providers baseUrl tools web search byProvider channels telegram env vars plugins agent routing logging level $include __proto__ constructor'.split(' '),
)
