import { HardshellError, Secret } from '../../../base/index.ts'
import type { KeyIssuer } from '../issuer.ts'
import { askAdmin, matchesHint, maxListed, type AdminHttp } from './admin-http.ts'

export interface OpenAiIssuerOptions {
  /** `proj_…`: keys are made and ended inside this project only. */
  project: string
  adminKey: () => Promise<Secret>
  /** Default: OpenAI's own. */
  baseUrl?: string
}

/**
 * Keys of OpenAI: a new service account with its own key for every rotation; the old one is deleted with its account,
 * or by itself when a person made it.
 * Source: OpenAI API reference, Administration: project service accounts, project API keys (November 2026).
 */
export function openAiIssuer({ project, adminKey, baseUrl = 'https://api.openai.com/v1' }: OpenAiIssuerOptions, http: AdminHttp): KeyIssuer {
  const at = `${baseUrl}/organization/projects/${encodeURIComponent(project)}`
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, gone = false): Promise<Answer | null> => {
    const headers = { authorization: `Bearer ${(await adminKey()).reveal()}`, 'content-type': 'application/json' }
    return (await askAdmin('OpenAI', { method, url: at + path, headers, ...(body && { body: JSON.stringify(body) }) }, http, gone)) as Answer | null
  }
  const list = async function* (path: string): AsyncGenerator<Answer> {
    let after = ''
    for (let seen = 0; seen < maxListed; ) {
      const page = await ask('GET', `${path}?limit=100${after && `&after=${encodeURIComponent(after)}`}`)
      const items = page?.data ?? []
      yield* items
      seen += items.length
      if (page?.has_more !== true || items.length === 0) return
      after = String(items.at(-1)!.id)
    }
  }
  const end = async (keyId: string): Promise<void> => {
    const [kind, id] = keyId.split(' ')
    await ask('DELETE', `/${kind === 'account' ? 'service_accounts' : 'api_keys'}/${encodeURIComponent(id!)}`, undefined, true)
  }
  return {
    kind: 'openai',
    goodWhenMinted: true,
    byHand: {
      mint: 'platform.openai.com, project, API keys, "Create new secret key"',
      revoke: 'platform.openai.com, project, API keys, delete the old one',
    },
    async mint(label) {
      const made = await ask('POST', '/service_accounts', { name: label })
      const value = made?.api_key?.value
      if (typeof value !== 'string' || typeof made?.id !== 'string') {
        throw new HardshellError('secrets.issuer-refused', 'OpenAI made a service account and told no key')
      }
      return { secret: new Secret(value), keyId: `account ${made.id}` }
    },
    async sweep(label) {
      for await (const { id, name } of list('/service_accounts')) if (name === label) await end(`account ${id}`)
    },
    async identify(secret) {
      const found: string[] = []
      for await (const { id, redacted_value, owner } of list('/api_keys')) {
        if (!matchesHint(secret.reveal(), redacted_value)) continue
        const account = owner?.service_account?.id
        found.push(typeof account === 'string' ? `account ${account}` : `key ${id}`)
      }
      return found.length === 1 ? found[0]! : null // two that fit: ending the wrong one would be worse than none
    },
    async revoke({ keyId }) {
      if (keyId === null) {
        throw new HardshellError('secrets.rotation-by-hand', 'the old key was not found among the keys of the project', {
          hint: 'delete it at platform.openai.com, then: hardshell secrets rotate NAME --revoked',
        })
      }
      await end(keyId)
    },
  }
}

interface Answer {
  id?: unknown
  name?: unknown
  redacted_value?: unknown
  owner?: { service_account?: { id?: unknown } }
  api_key?: { value?: unknown }
  data?: Answer[]
  has_more?: unknown
}
