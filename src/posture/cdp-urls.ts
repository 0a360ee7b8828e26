import { valueAt } from '../openclaw/index.ts'
import { entriesAt, flagAt, textAt } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'

/** Where a browser on another machine is driven from here. */
export interface CdpUrl {
  at: readonly string[]
  url: string
}

/** Addresses of browsers OpenClaw attaches to; none where the browser is switched off. */
export function cdpUrls(config: Pick<ConfigFacts, 'value'>): CdpUrl[] {
  if (flagAt(config, 'browser.enabled') === false) return []
  const main = textAt(config, 'browser.cdpUrl')
  const profiles = entriesAt(config, 'browser.profiles').flatMap(([name, profile]) => {
    const url = valueAt(profile, ['cdpUrl'])
    return typeof url === 'string' ? [{ at: ['browser', 'profiles', name, 'cdpUrl'], url }] : []
  })
  return [...(main === undefined ? [] : [{ at: ['browser', 'cdpUrl'], url: main }]), ...profiles].filter(({ url }) => !url.includes('${'))
}
