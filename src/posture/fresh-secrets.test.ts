import { describe, expect, it } from 'vitest'
import { smallBy } from './agent-models.ts'
import { withFreshSecrets } from './fresh-secrets.ts'
import { weakness } from './gateway-secrets.ts'
import { freshSecret, isSecretReference, secretReference } from './secret-reference.ts'
import { hostIn, isPrivate, isThisMachine } from './url-host.ts'

describe('a fresh secret', () => {
  it('stands in a plan as a variable nobody sets, and becomes a strong value when it is applied', () => {
    expect(isSecretReference(freshSecret)).toBe(true)
    let next = 0
    const random = { bytes: (count: number) => Uint8Array.from({ length: count }, () => (next += 37) % 256) }
    const plan = [
      { kind: 'setting', at: ['gateway', 'auth', 'token'], from: 'short', to: freshSecret },
      { kind: 'setting', at: ['hooks', 'token'], from: undefined, to: freshSecret },
      { kind: 'setting', at: ['gateway', 'bind'], from: 'lan', to: 'loopback' },
    ] as const
    const [gateway, hooks, bind] = withFreshSecrets(plan, { random: random as never })
    expect(gateway).toMatchObject({ at: ['gateway', 'auth', 'token'], from: 'short', to: expect.stringMatching(/^[\w-]{43}$/) })
    expect(hooks).not.toEqual({ ...hooks, to: (gateway as { to: unknown }).to })
    expect(bind).toBe(plan[2])
    expect(weakness((gateway as { to: string }).to)).toBeNull()
  })
})

describe('a reference', () => {
  it.each([
    ['${NAME}', { source: 'env', id: 'NAME' }],
    ['$NAME', { source: 'env', id: 'NAME' }],
    ['Bearer ${TOKEN_A}', { source: 'env', id: 'TOKEN_A' }],
    ['secretref-env:NAME', { source: 'env', id: 'NAME' }],
    ['__env__:NAME', { source: 'env', id: 'NAME' }],
    [{ source: 'exec', provider: 'hardshell', id: 'x' }, { source: 'exec', id: 'x' }],
    ['$2b$10$abcdefghijklmnopqrstuv', null],
    ['pa$$word', null],
    [{ source: 'somewhere', id: 'x' }, null],
    [7, null],
  ])('%j means %j', (value, reference) => {
    expect(secretReference(value)).toEqual(reference)
  })
})

describe('the size of a model', () => {
  it.each([
    ['ollama/llama3.1:8b', 8],
    ['ollama/qwen2.5-coder:32b-instruct', 32],
    ['x/mixtral-8x22b', null],
    ['ollama/gpt-oss-120b', 120],
    ['x/deepseek-v3-671b', null],
    ['openai/gpt-5.2', null],
    ['a/b', null],
    ['x/0b', null],
  ])('of %s is %j billion', (model, size) => {
    expect(smallBy(model)).toBe(size)
  })
})

describe('an address', () => {
  it.each([
    ['ws://127.0.0.1:1', true, true],
    ['ws://0x7f.1', true, true],
    ['http://[::1]:9222', true, true],
    ['http://localhost', true, true],
    ['http://10.0.0.7', false, true],
    ['http://nas', false, true],
    ['http://box.local', false, true],
    ['https://claw.example.com', false, false],
    ['http://1.1.1.1', false, false],
  ])('%s: this machine %s, private %s', (url, here, own) => {
    const host = hostIn(url)!
    expect(isThisMachine(host)).toBe(here)
    expect(isPrivate(host)).toBe(own)
  })

  it('that is none has no host', () => {
    expect(hostIn('nonsense')).toBeNull()
  })
})
