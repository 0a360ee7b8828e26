import { isRecord } from '../base/index.ts'
import { valueOf } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { Wanted } from './setting-change.ts'

/** A switch that is on though its own name warns of it, and what it should be. */
export interface DangerousFlag extends Wanted {
  saw: string
}

/**
 * Every such switch, wherever it stands: OpenClaw's schema calls them `dangerously…`, `allowInsecure…`, `allowUnsafe…`
 * and `insecureSkip…` (2026.9.6: 14 of them in core and channels, more in plugins). Left out are those that have a
 * check of their own. Pure.
 */
export function dangerousFlags(config: Pick<ConfigFacts, 'value'>): DangerousFlag[] {
  const switches = below(config.value, []).filter(({ at }) => !ownChecks.has(at.join('.').replace(/^models\.providers\.[^.]+\./, 'models.providers.*.')))
  const narrow = workspaceOnly.filter((at) => valueOf(config, at) === false).map((at) => ({ at: at.split('.'), saw: 'false', to: undefined }))
  return [...switches, ...narrow]
}

// `false` widens these to the whole disk (OpenClaw's own list of insecure flags).
const workspaceOnly = ['tools.exec.applyPatch.workspaceOnly', 'tools.fs.workspaceOnly']

const ownChecks = new Set([
  'browser.ssrfPolicy.dangerouslyAllowPrivateNetwork',
  'gateway.controlUi.allowInsecureAuth',
  'gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback',
  'gateway.controlUi.dangerouslyDisableDeviceAuth',
  'hooks.gmail.allowUnsafeExternalContent',
  'models.providers.*.request.tls.insecureSkipVerify',
])

const warning = /^(?:dangerously|allowInsecure|allowUnsafe|insecureSkip)[A-Z]/

// Deeper than any schema of OpenClaw; a file of brackets alone must not end the stack.
const maxDepth = 60

function below(value: unknown, at: readonly string[]): DangerousFlag[] {
  if (at.length > maxDepth) return []
  // Mappings of hooks have a check of their own.
  if (Array.isArray(value)) return at.join('.') === 'hooks.mappings' ? [] : value.flatMap((item, i) => below(item, [...at, String(i)]))
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (warning.test(key) && inner === true) return [{ at: [...at, key], saw: 'true', to: undefined }]
    if (key === 'sslVerify' && inner === false) return [{ at: [...at, key], saw: 'false', to: undefined }]
    return below(inner, [...at, key])
  })
}
