import { scopesOf, sandboxSetting } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'

// Everybody, in the two spellings of CIDR.
const everybody = ['0.0.0.0/0', '::/0']

export default defineCheck({
  id: 'sandbox.browser-local',
  title: 'the browser of the sandbox is steered from this machine only',
  severity: 'high',
  why: 'who reaches the debugging port of a browser reads its pages and cookies, and opens others',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.browser_cdp_bridge_unrestricted, sandbox.browser_container.*)',
  covers: ['sandbox.browser_cdp_bridge_unrestricted'],
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      if (sandboxMode(config, scope).mode === 'off' || sandboxSetting(config, scope, 'browser.enabled').value !== true) return []
      const range = sandboxSetting(config, scope, 'browser.cdpSourceRange')
      const network = sandboxSetting(config, scope, 'browser.network')
      const wide = typeof range.value === 'string' && everybody.includes(range.value.trim())
      const bridge = typeof network.value === 'string' && network.value.trim().toLowerCase() === 'bridge' && range.value === undefined
      return [
        ...(wide || bridge
          ? [{ at: range.at, saw: wide ? String(range.value) : 'no range on the bridge network', want: 'the range of the bridge, such as 172.17.0.1/32', to: '172.17.0.1/32' }]
          : []),
        ...(network.value === 'host' ? [{ at: network.at, saw: 'host', want: 'a network of its own', to: 'openclaw-sandbox-browser', covers: [] }] : []),
      ]
    }),
  ),
  examples: {
    pass: {
      'a network of its own': { config: { agents: { defaults: { sandbox: { mode: 'all', browser: { enabled: true } } } } } },
      'a range': { config: { agents: { defaults: { sandbox: { mode: 'all', browser: { enabled: true, network: 'bridge', cdpSourceRange: '172.21.0.1/32' } } } } } },
    },
    fail: {
      bridge: { config: { agents: { defaults: { sandbox: { mode: 'all', browser: { enabled: true, network: 'bridge' } } } } } },
      everybody: { config: { agents: { defaults: { sandbox: { mode: 'all', browser: { enabled: true, cdpSourceRange: '0.0.0.0/0' } } } } } },
      host: { config: { agents: { defaults: { sandbox: { mode: 'non-main', browser: { enabled: true, network: 'host' } } } } } },
    },
  },
})
