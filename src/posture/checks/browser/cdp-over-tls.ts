import { cdpUrls, type CdpUrl } from '../../cdp-urls.ts'
import { defineCheck } from '../../check.ts'
import { hostIn, isThisMachine } from '../../url-host.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'browser.cdp-over-tls',
  title: 'a browser on another machine is driven over TLS',
  severity: 'medium',
  why: 'whoever is on the way reads pages and cookies, and drives the browser',
  source: 'OpenClaw docs, gateway/security/browser-control',
  covers: ['browser.remote_cdp_http'],
  needs: ['config'],
  judge: ({ config }) => cdpUrls(config).filter(isWrong).map(({ at }) => ({ at: at.join('.'), saw: 'http:// to another machine', want: 'https://, or a tunnel to this machine' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, cdpUrls(config).filter(isWrong).map(({ at, url }) => ({ at, to: url.replace(/^http:/i, 'https:').replace(/^ws:/i, 'wss:') }))) },
  examples: {
    pass: { local: { config: { browser: { cdpUrl: 'http://127.0.0.1:9222' } } }, tls: { config: { browser: { profiles: { far: { cdpUrl: 'https://browser.example.com' } } } } } },
    fail: { profile: { config: { browser: { profiles: { far: { cdpUrl: 'http://browser.example.com:9222' } } } } }, main: { config: { browser: { cdpUrl: 'ws://10.0.0.7:9222' } } } },
  },
})

function isWrong({ url }: CdpUrl): boolean {
  const host = /^(?:http|ws):/i.test(url) ? hostIn(url) : null
  return host !== null && !isThisMachine(host)
}
