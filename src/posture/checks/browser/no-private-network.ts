import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'browser.no-private-network',
  title: 'the browser of agents stays out of private networks',
  severity: 'medium',
  why: 'a page tells the agent to open the router, the metadata service or a database of this network',
  source: 'OpenClaw docs, gateway/security/browser-control',
  covers: ['config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'browser.ssrfPolicy.dangerouslyAllowPrivateNetwork',
    isWrong: (value, config) => value === true && flagAt(config, 'browser.enabled') !== false,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { browser: {} } },
      off: { config: { browser: { enabled: false, ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } } } },
    },
    fail: {
      on: { config: { browser: { ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } } } },
      olderSpelling: { config: { browser: { ssrfPolicy: { allowPrivateNetwork: true } } } },
    },
  },
})
