import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { hostIn, isThisMachine } from '../../url-host.ts'

export default defineCheck({
  id: 'gateway.remote-over-tls',
  title: 'a remote gateway is reached over TLS',
  severity: 'high',
  why: 'token, messages and tool calls travel in clear text: whoever is on the way reads them and answers in its place',
  source: 'OpenClaw docs, gateway/remote',
  ...settingRule({
    at: 'gateway.remote.url',
    isWrong(value) {
      const host = typeof value === 'string' && /^(?:ws|http):/i.test(value) ? hostIn(value) : null
      return host !== null && !isThisMachine(host)
    },
    to: (config: ConfigFacts) => (textAt(config, 'gateway.remote.url') ?? '').replace(/^ws:/i, 'wss:').replace(/^http:/i, 'https:'),
    saw: 'ws:// to another machine',
    want: 'wss://',
  }),
  examples: {
    pass: {
      tunnel: { config: { gateway: { remote: { url: 'ws://127.0.0.1:18789' } } } },
      tls: { config: { gateway: { mode: 'remote', remote: { url: 'wss://claw.example.com' } } } },
    },
    fail: { plain: { config: { gateway: { mode: 'remote', remote: { url: 'ws://claw.example.com:18789' } } } } },
  },
})
