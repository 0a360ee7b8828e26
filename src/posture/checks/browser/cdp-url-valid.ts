import { cdpUrls, type CdpUrl } from '../../cdp-urls.ts'
import { defineCheck } from '../../check.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'browser.cdp-url-valid',
  title: 'addresses of browsers can be understood',
  severity: 'low',
  why: 'OpenClaw refuses the browser, or attaches to another one than was meant',
  source: 'OpenClaw docs, gateway/security/browser-control',
  covers: ['browser.control_invalid_config'],
  needs: ['config'],
  judge: ({ config }) => cdpUrls(config).filter(isWrong).map(({ at }) => ({ at: at.join('.'), saw: 'no address of a browser', want: 'https://HOST:PORT' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, cdpUrls(config).filter(isWrong).map(({ at }) => ({ at, to: undefined }))) },
  examples: {
    pass: { valid: { config: { browser: { cdpUrl: 'https://browser.example.com' } } } },
    fail: { word: { config: { browser: { cdpUrl: 'my-browser' } } }, file: { config: { browser: { profiles: { x: { cdpUrl: 'file:///tmp/x' } } } } } },
  },
})

function isWrong({ url }: CdpUrl): boolean {
  return !URL.canParse(url) || !/^(?:https?|wss?):$/.test(new URL(url).protocol)
}
