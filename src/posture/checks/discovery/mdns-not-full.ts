import { defineCheck } from '../../check.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'discovery.mdns-not-full',
  title: 'the machine does not announce its inside to the network',
  severity: 'low',
  why: 'everybody in the network learns the names of users, the folders and the SSH port',
  source: 'OpenClaw docs, gateway/bonjour',
  covers: ['discovery.mdns_full_mode'],
  ...settingRule({
    at: 'discovery.mdns.mode',
    isWrong: (value) => value === 'full',
    to: 'minimal',
    severity: severityWhenReachable('medium', 'low'),
  }),
  examples: {
    pass: {
      default: { config: { discovery: {} } },
      off: { config: { discovery: { mdns: { mode: 'off' } } } },
    },
    fail: {
      full: { config: { discovery: { mdns: { mode: 'full' } } } },
      reachable: { config: { gateway: { bind: 'lan' }, discovery: { mdns: { mode: 'full' } } } },
    },
  },
})
