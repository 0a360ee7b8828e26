import { describe, expect, it } from 'vitest'
import { childEnvironment, scrubEnvironment } from './index.ts'

const join = (...parts: string[]): string => parts.join('')

describe('scrubEnvironment', () => {
  it.each([
    'ANTHROPIC_API_KEY',
    'OPENAI_API_KEY_2',
    'GITHUB_TOKEN',
    'TOKEN',
    'SESSION_SECRET',
    'DB_PASSWORD',
    'db_password',
    'PGPASSWORD',
    'MYSQL_PWD',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_PROFILE',
    'AZURE_CLIENT_ID',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'VAULT_ADDR',
    'NPM_CONFIG__AUTH',
    'SSH_AUTH_SOCK',
    'SENTRY_DSN',
    'APIKEY',
    'STRIPE_KEY',
    'GH_PAT',
    'HOOK_TOKEN_FILE',
  ])('drops %s by its name', (name) => {
    expect(scrubEnvironment({ [name]: 'x', PATH: '/bin' })).toEqual({ PATH: '/bin' })
  })

  it.each([
    ['an Anthropic key', join('sk-', 'ant-api03-', 'A'.repeat(40))],
    ['an OpenAI key', join('sk-', 'proj-', 'b'.repeat(40))],
    ['a GitHub token', join('ghp', '_', 'c'.repeat(36))],
    ['a Google key', join('AI', 'za', 'D'.repeat(35))],
    ['an AWS key id', join('AK', 'IA', 'E'.repeat(16))],
    ['a Slack token', join('xo', 'xb-', '1'.repeat(12), '-abc')],
    ['one of ours', join('hs_', 'vk_', 'f'.repeat(49))],
    ['a key block', join('-----BEGIN RSA ', 'PRIVATE KEY-----\nMII')],
    ['a database address with a password', join('postgres://app:', 'pw@', 'db/x')],
    ['a proxy address with a password and no user', join('http://:', 'pw@', 'proxy:1')],
    ['a key among other words', join('--header Bearer sk-', 'g'.repeat(40))],
  ])('drops %s by its value under a harmless name', (_, value) => {
    expect(scrubEnvironment({ GREETING: value })).toEqual({})
  })

  it('keeps what is none', () => {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: '/home/a',
      LANG: 'C.UTF-8',
      PWD: '/srv',
      KEYBOARD: 'us',
      MONKEY: 'yes',
      TOKENIZERS_PARALLELISM: 'false',
      HTTPS_PROXY: 'http://127.0.0.1:8118',
      SITE: 'https://example.org/a:b@c',
      AUTHOR: 'x',
      EDITOR: 'vi',
      TASK: 'ask-me-anything-about-tasks',
    }
    expect(scrubEnvironment({ ...env, UNSET: undefined })).toEqual(env)
  })

  it('leaves the original alone', () => {
    const env = { A_TOKEN: 'x' }
    scrubEnvironment(env)
    expect(env).toEqual({ A_TOKEN: 'x' })
  })
})

describe('childEnvironment', () => {
  it('lets through what is named and nothing else', () => {
    expect(
      childEnvironment({ PATH: '/bin', HOME: '/h', NODE_OPTIONS: '--require /tmp/x.js', LD_PRELOAD: '/tmp/x.so' }, [
        'PATH',
        'HOME',
        'TZ',
      ]),
    ).toEqual({ PATH: '/bin', HOME: '/h' })
  })

  it('lets a credential through only under its full name, never by a star', () => {
    const env = { LC_ALL: 'C', LC_TOKEN: 'x', TELEGRAM_TOKEN: 'y', LC_NAME: join('sk-', 'h'.repeat(30)) }
    expect(childEnvironment(env, ['LC_*', 'TELEGRAM_TOKEN'])).toEqual({ LC_ALL: 'C', TELEGRAM_TOKEN: 'y' })
    expect(Object.keys(childEnvironment(env, ['*']))).toEqual(['LC_ALL'])
  })
})
