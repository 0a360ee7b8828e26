import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-node-skills',
  title: 'nodes bring no skills of their own',
  severity: 'medium',
  why: 'a paired phone or laptop that was taken over hands instructions to every agent of the gateway',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.nodes.allowSkills',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: { nodes: {} } } },
    },
    fail: {
      on: { config: { gateway: { nodes: { allowSkills: true } } } },
      olderSpelling: { config: { gateway: { nodes: { skills: { enabled: true } } } } },
    },
  },
})
