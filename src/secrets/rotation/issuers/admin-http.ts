import { explainTlsFailure, HardshellError, type OutboundTls } from '../../../base/index.ts'

/** One call of an administration interface. */
export interface AdminCall {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
}

/** Sends it; a port, so that tests can stand in for a provider. */
export type AdminHttp = (call: AdminCall) => Promise<{ status: number; text: string }>

// Making a key takes a provider a second or two; nobody waits behind it.
const timeoutMs = 30_000

/** Redirects are answers like others: the admin key does not travel along. */
export function adminHttp(tls: OutboundTls): AdminHttp {
  return async ({ url, ...call }) => {
    // Loaded when a key is rotated, and not by every command.
    const { Agent, request } = await import('undici')
    const dispatcher = new Agent({ connect: tls.connector({ timeoutMs }) })
    try {
      // The signal ends the reading of the answer too.
      const reply = await request(url, { ...call, dispatcher, signal: AbortSignal.timeout(timeoutMs) })
      return { status: reply.statusCode, text: await readText(reply.body) }
    } catch (error) {
      const distrust = explainTlsFailure(error)
      if (!distrust) throw error
      throw new HardshellError('secrets.issuer-refused', `the administration interface at ${new URL(url).host} is not trusted: ${distrust.reason}`, { hint: distrust.hint })
    } finally {
      await dispatcher.destroy()
    }
  }
}

// A page of a hundred keys has some 40 KiB.
const maxAnswerBytes = 1024 * 1024

/** Whoever stands in for the provider could send without end. Leaving the loop ends the connection. */
async function readText(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.byteLength
    if (bytes > maxAnswerBytes) throw new HardshellError('secrets.issuer-refused', `an administration interface answered more than ${maxAnswerBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/**
 * The answer as JSON. Nothing of it is quoted in an error: it may hold the new key.
 * @param gone a 404 is an answer too (`null`): what shall be ended is ended
 */
export async function askAdmin(who: string, call: AdminCall, http: AdminHttp, gone = false): Promise<unknown> {
  const { status, text } = await http(call)
  if (gone && status === 404) return null
  if (status < 200 || status > 299) {
    const hint = status === 401 || status === 403 ? 'look at the admin key and its rights' : undefined
    throw new HardshellError('secrets.issuer-refused', `${who} answered HTTP ${status} to ${call.method} of its administration interface`, {
      ...(hint && { hint }),
    })
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new HardshellError('secrets.issuer-refused', `${who} answered something that is not JSON`)
  }
}

/** True when a provider's shortened form of a key, `sk-abc...wxyz`, can be this key. */
export function matchesHint(key: string, hint: unknown): boolean {
  if (typeof hint !== 'string') return false
  const [start, ...rest] = hint.split(/(?:\.{3}|…|\*+)/)
  const end = rest.at(-1)
  // Less than eight visible characters would fit one key in thousands.
  if (start === undefined || end === undefined || start.length + end.length < 8) return false
  return key.length > start.length + end.length && key.startsWith(start) && key.endsWith(end)
}

/** The lists of both providers come in pages; more than this many keys in one project are not looked through. */
export const maxListed = 1000
