import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'discovery.not-wide-area',
  title: 'the gateway is not announced beyond this network',
  severity: 'low',
  why: 'its name, port and paths stand in a DNS zone that others may ask',
  source: 'OpenClaw docs, gateway/bonjour',
  ...settingRule({
    at: 'discovery.wideArea',
    isWrong: (_, config) => textAt(config, 'discovery.wideArea.domain') !== undefined,
    to: undefined,
    saw: 'a domain it is announced in',
  }),
  examples: {
    pass: {
      default: { config: { discovery: { mdns: { mode: 'off' } } } },
    },
    fail: {
      domain: { config: { discovery: { wideArea: { domain: 'openclaw.internal' } } } },
    },
  },
})
