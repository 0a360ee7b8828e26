import type { Agent } from 'undici'
import { explainTlsFailure, type OutboundTls, type Random, type Secret } from '../../base/index.ts'
import { withAttempts } from '../attempts.ts'
import { badAnswer, unreachable } from '../failures.ts'

/** What Vault said: its status, and its JSON where it sent some. */
export interface VaultAnswer {
  status: number
  body: Readonly<Record<string, unknown>>
}

export interface VaultCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/v1/`, not encoded. */
  path: string
  query?: Readonly<Record<string, string>>
  body?: object
  token?: Secret
}

/** Vault's HTTP API, as far as bytes go. */
export interface VaultClient {
  /**
   * @returns also for 400, 403 and 404: what they mean depends on what was asked
   * @throws HardshellError `secrets.store-timeout`, `secrets.store-unreachable`, `secrets.store-answer`
   */
  call(call: VaultCall): Promise<VaultAnswer>
  close(): Promise<void>
}

export interface VaultClientOptions {
  address: string
  namespace?: string | undefined
  /** How all connections of a guard are encrypted and verified. */
  tls: OutboundTls
  /** PEM, instead of the authorities of `tls`; `null`: those. Read with the first call. */
  readCa(): Promise<string | null>
  timeoutMs: number
}

/** The name of the store in messages. */
export const vaultName = 'Vault'

/**
 * Speaks with one Vault. Certificates are always verified, whatever the environment says; redirects are not followed,
 * because the token would travel along.
 */
export function createVaultClient(options: VaultClientOptions, { random }: { random: Random }): VaultClient {
  const { timeoutMs } = options
  let opened: Agent | null = null
  return {
    call: async (call) => {
      const agent = (opened ??= await openAgent(options.tls, await options.readCa(), timeoutMs))
      return await withAttempts({ store: vaultName, timeoutMs }, (signal) => once(options, agent, call, signal), random)
    },
    close: async () => await opened?.destroy(),
  }
}

async function openAgent(tls: OutboundTls, ca: string | null, timeoutMs: number): Promise<Agent> {
  // A hundred modules: loaded by whoever has a Vault, not by every command that asks whether a word is a credential.
  const { Agent } = await import('undici')
  const connect = (ca === null ? tls : tls.withAuthorities(ca)).connector({ timeoutMs })
  return new Agent({ connect, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
}

async function once(options: VaultClientOptions, agent: Agent, call: VaultCall, signal: AbortSignal): Promise<VaultAnswer> {
  const headers: Record<string, string> = { 'x-vault-request': 'true' } // some listeners require it against SSRF
  if (call.body) headers['content-type'] = 'application/json'
  if (options.namespace !== undefined) headers['x-vault-namespace'] = options.namespace
  if (call.token) headers['x-vault-token'] = call.token.reveal()
  const body = call.body ? JSON.stringify(call.body) : null
  const about = { dispatcher: agent, method: call.method, headers, body, signal }
  const { request } = await import('undici')
  const reply = await request(urlOf(options.address, call), about).catch((error: unknown) => {
    throw unreachable(vaultName, codeOf(error))
  })
  return judge(reply.statusCode, await readJson(reply.body))
}

function urlOf(address: string, { path, query }: VaultCall): URL {
  const steps = path.replace(/^\//, '').split('/').map(encodeURIComponent)
  const url = new URL(`${address.replace(/\/+$/, '')}/v1/${steps.join('/')}`)
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value)
  return url
}

/** Codes only, and our own words: an error of the network client carries the request it failed with. */
function codeOf(error: unknown): string {
  const distrust = explainTlsFailure(error)
  if (distrust) return `${distrust.reason}; ${distrust.hint}`
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && /^[A-Z_]{3,60}$/.test(code) ? code : 'the connection failed'
}

// A secret is some kilobytes; a list of thousands of names some hundred.
const maxBytes = 1024 * 1024

async function readJson(body: AsyncIterable<Buffer>): Promise<Record<string, unknown> | null> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of body) {
      length += part.length
      if (length > maxBytes) throw badAnswer(vaultName, `answered more than ${maxBytes} bytes`)
      parts.push(part)
    }
  } catch (error) {
    throw length > maxBytes ? error : unreachable(vaultName, codeOf(error))
  }
  if (length === 0) return {}
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null // the parser's own error quotes the text
  }
}

/** Which answers say nothing about the secret: Vault's API documentation, "HTTP status codes". */
function judge(status: number, body: Record<string, unknown> | null): VaultAnswer {
  if (status >= 300 && status < 400) {
    throw badAnswer(vaultName, `redirects (HTTP ${status}): name the address of the active node in secrets.address`)
  }
  // 412: a standby that has not caught up; 429: too many requests; 472, 473, 501, 503: standby, not initialised, sealed.
  if (status === 412 || status === 429 || status >= 472) {
    throw unreachable(vaultName, `HTTP ${status}${status === 503 ? ' (sealed or in maintenance)' : ''}`)
  }
  if (body === null) throw badAnswer(vaultName, `answered HTTP ${status} and no JSON object`)
  return { status, body }
}
