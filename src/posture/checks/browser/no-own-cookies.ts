import { defineCheck } from '../../check.ts'
import { entriesAt, flagAt, valueOf } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'browser.no-own-cookies',
  title: 'agents do not get the cookies of the person',
  severity: 'low',
  why: 'one call copies every login of the person into the browser of the agent',
  source: 'OpenClaw 2026.9.6, browser.allowSystemProfileImport',
  ...settingRule({
    at: 'browser.allowSystemProfileImport',
    // On by default, on macOS only; asked where browsing is set up at all.
    isWrong: (value, config) =>
      value !== false &&
      valueOf(config, 'browser') !== undefined &&
      flagAt(config, 'browser.enabled') !== false &&
      (value === true || entriesAt(config, 'browser.profiles').length > 0),
    to: false,
  }),
  examples: {
    pass: {
      noBrowser: { config: {} },
      off: { config: { browser: { allowSystemProfileImport: false } } },
      plain: { config: { browser: { enabled: true } } },
    },
    fail: {
      on: { config: { browser: { allowSystemProfileImport: true } } },
      profiles: { config: { browser: { profiles: { me: { cdpPort: 18801 } } } } },
    },
  },
})
