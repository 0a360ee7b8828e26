import { HardshellError, type Secret } from '../../../base/index.ts'
import type { KeyIssuer } from '../issuer.ts'
import { askAdmin, matchesHint, maxListed, type AdminHttp } from './admin-http.ts'

export interface AnthropicIssuerOptions {
  adminKey: () => Promise<Secret>
  /** Default: Anthropic's own. */
  baseUrl?: string
}

/**
 * Keys of Anthropic. Its administration interface finds and switches off keys and makes none: that is done in the
 * Console by a person, everything else by us.
 * Source: Claude Platform Docs, API reference, organization/api_keys: list, update (November 2026).
 */
export function anthropicIssuer({ adminKey, baseUrl = 'https://api.anthropic.com' }: AnthropicIssuerOptions, http: AdminHttp): KeyIssuer {
  const at = `${baseUrl}/v1/organizations/api_keys`
  const ask = async (method: 'GET' | 'POST', rest: string, body?: object): Promise<Page> => {
    const headers = { 'x-api-key': (await adminKey()).reveal(), 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
    return (await askAdmin('Anthropic', { method, url: at + rest, headers, ...(body && { body: JSON.stringify(body) }) }, http, method === 'POST')) as Page
  }
  return {
    kind: 'anthropic',
    goodWhenMinted: true,
    mint: null,
    byHand: {
      mint: 'platform.claude.com, Settings, API keys, "Create key"',
      revoke: 'platform.claude.com, Settings, API keys, disable the old one',
    },
    async identify(secret) {
      const found: string[] = []
      let after = ''
      for (let seen = 0; seen < maxListed; ) {
        const page = await ask('GET', `?status=active&limit=100${after && `&after_id=${encodeURIComponent(after)}`}`)
        for (const { id, partial_key_hint } of page.data ?? []) if (matchesHint(secret.reveal(), partial_key_hint)) found.push(String(id))
        seen += page.data?.length ?? 0
        if (page.has_more !== true || typeof page.last_id !== 'string') break
        after = page.last_id
      }
      return found.length === 1 ? found[0]! : null
    },
    async revoke({ keyId }) {
      if (keyId === null) {
        throw new HardshellError('secrets.rotation-by-hand', 'the old key was not found among the keys of the organization', {
          hint: 'disable it at platform.claude.com, then: hardshell secrets rotate NAME --revoked',
        })
      }
      await ask('POST', `/${encodeURIComponent(keyId)}`, { status: 'inactive' })
    },
  }
}

interface Page {
  data?: { id?: unknown; partial_key_hint?: unknown }[]
  has_more?: unknown
  last_id?: unknown
}
