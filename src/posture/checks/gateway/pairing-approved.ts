import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.pairing-approved',
  title: 'a device is paired only after somebody said yes',
  severity: 'medium',
  why: 'a device in a listed network is paired without a question: a guest in the same Wi-Fi becomes a node',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.nodes.pairing.autoApproveCidrs',
    isWrong: (value) => Array.isArray(value) && value.length > 0,
    to: undefined,
    saw: 'networks whose devices are paired unasked',
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
      empty: { config: { gateway: { nodes: { pairing: { autoApproveCidrs: [] } } } } },
    },
    fail: {
      network: { config: { gateway: { nodes: { pairing: { autoApproveCidrs: ['192.168.0.0/16'] } } } } },
    },
  },
})
