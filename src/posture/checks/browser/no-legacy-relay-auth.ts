import { defineCheck } from '../../check.ts'
import { valueAt } from '../../../openclaw/index.ts'
import { entriesAt, flagAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'browser.no-legacy-relay-auth',
  title: 'the browser extension proves itself in the present way',
  severity: 'low',
  why: 'old relay tokens still let a program drive the browser a person is logged in with',
  source: 'OpenClaw docs, gateway/security/browser-control',
  covers: ['browser.extension_relay_legacy_auth'],
  ...settingRule({
    at: 'browser.extensionRelay.allowLegacyAuth',
    // On unless said otherwise, for one round of migration. It matters only where the extension is used.
    isWrong: (value, config) =>
      flagAt(config, 'browser.enabled') !== false &&
      (value === true ||
        (value === undefined && entriesAt(config, 'browser.profiles').some(([, profile]) => valueAt(profile, ['driver']) === 'extension'))),
    to: false,
  }),
  examples: {
    pass: {
      default: { config: { browser: {} } },
      off: { config: { browser: { extensionRelay: { allowLegacyAuth: false }, profiles: { me: { driver: 'extension' } } } } },
    },
    fail: {
      on: { config: { browser: { extensionRelay: { allowLegacyAuth: true } } } },
      byDefault: { config: { browser: { profiles: { me: { driver: 'extension' } } } } },
    },
  },
})
