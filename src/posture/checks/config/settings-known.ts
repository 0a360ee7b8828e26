import { defineCheck } from '../../check.ts'
import { unknownSettings } from '../../legacy-settings.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'config.settings-known',
  title: 'every section of the configuration is one OpenClaw knows',
  severity: 'medium',
  why: 'one unknown name and the present OpenClaw refuses the whole file; a protection written under a name of its own never held',
  source: 'OpenClaw docs, gateway/configuration: strict validation',
  needs: ['config'],
  judge: ({ config }) => unknownSettings(config.value).map((at) => ({ at, saw: 'a section nobody reads', want: 'the name OpenClaw uses, or nothing' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, unknownSettings(config.value).map((at) => ({ at: [at], to: undefined }))) },
  examples: {
    pass: { known: { config: { gateway: {}, tools: {} } } },
    fail: { guides: { config: { gateway: {}, egress: { default: 'deny' } } } },
  },
})
