import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'browser.chrome-sandboxed',
  title: 'the browser of agents keeps its own sandbox',
  severity: 'medium',
  why: 'one hole in Chrome and a page runs programs as the user of the gateway',
  source: 'OpenClaw docs, gateway/security/browser-control',
  ...settingRule({
    at: 'browser.noSandbox',
    isWrong: (value, config) => value === true && flagAt(config, 'browser.enabled') !== false,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { browser: {} } },
      off: { config: { browser: { enabled: false, noSandbox: true } } },
    },
    fail: {
      without: { config: { browser: { enabled: true, noSandbox: true } } },
    },
  },
})
