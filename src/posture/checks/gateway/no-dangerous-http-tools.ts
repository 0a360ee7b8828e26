import { defineCheck } from '../../check.ts'
import { textAt, wordsAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { listensBeyondLoopback } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

// What OpenClaw 2026.9.6 keeps off its HTTP interface unless somebody lists it. `cron` is the older name of `automations`.
const kept = new Set(
  ('exec spawn shell fs_write fs_delete fs_move apply_patch terminal portal sessions_spawn sessions_send conversations_list conversations_send ' +
    'conversations_turn automations cron gateway plugins nodes computer mobile_ui openclaw').split(' '),
)
const isKept = (tool: string): boolean => kept.has(tool.trim().toLowerCase())

export default defineCheck({
  id: 'gateway.no-dangerous-http-tools',
  title: 'tools that run, write or administer are not called over HTTP',
  severity: 'medium',
  why: 'one HTTP request with the token runs commands, starts agents or changes the gateway, without a model in between',
  source: 'OpenClaw docs, gateway/tools-invoke-http-api',
  covers: ['gateway.tools_invoke_http.dangerous_allow'],
  ...settingRule({
    at: 'gateway.tools.allow',
    isWrong: (_, config) => allowed(config).some(isKept),
    to: (config: ConfigFacts) => allowed(config).filter((tool) => !isKept(tool)),
    saw: 'tools that are kept off HTTP by default',
    want: 'a list without them',
    severity: (config) => (listensBeyondLoopback(config) || textAt(config, 'gateway.tailscale.mode') === 'funnel' ? 'critical' : 'medium'),
  }),
  examples: {
    pass: { default: { config: { gateway: {} } }, harmless: { config: { gateway: { tools: { allow: ['web_fetch'] } } } } },
    fail: { exec: { config: { gateway: { tools: { allow: ['exec', 'web_fetch'] } } } }, reachable: { config: { gateway: { bind: 'lan', tools: { allow: ['Sessions_Spawn'] } } } } },
  },
})

function allowed(config: ConfigFacts): readonly string[] {
  return wordsAt(config, 'gateway.tools.allow')
}
