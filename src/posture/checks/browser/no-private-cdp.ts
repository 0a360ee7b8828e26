import { cdpUrls } from '../../cdp-urls.ts'
import { defineCheck, type Flaw } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { settingChanges } from '../../setting-change.ts'
import { hostIn, isPrivate, isThisMachine } from '../../url-host.ts'

const policy = 'browser.ssrfPolicy.dangerouslyAllowPrivateNetwork'

export default defineCheck({
  id: 'browser.no-private-cdp',
  title: 'no browser in the own network is driven while pages may look around in it',
  severity: 'low',
  why: 'an open debugging port in the network belongs to everybody in it, and pages may reach it as well',
  source: 'OpenClaw docs, gateway/security/browser-control',
  covers: ['browser.remote_cdp_private_host'],
  needs: ['config'],
  judge: ({ config }) => privateOnes(config).map((at): Flaw => ({ at, saw: 'a browser in a private network', want: 'a tunnel to this machine, and pages kept out of private networks' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => (privateOnes(config).length === 0 ? [] : settingChanges(config, [{ at: policy.split('.'), to: undefined }])) },
  examples: {
    pass: { kept: { config: { browser: { cdpUrl: 'https://10.0.0.7:9222' } } } },
    fail: { open: { config: { browser: { cdpUrl: 'https://10.0.0.7:9222', ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } } } } },
  },
})

function privateOnes(config: ConfigFacts): string[] {
  if (flagAt(config, policy) !== true) return []
  return cdpUrls(config).flatMap(({ at, url }) => {
    const host = hostIn(url)
    return host !== null && !isThisMachine(host) && isPrivate(host) ? [at.join('.')] : []
  })
}
