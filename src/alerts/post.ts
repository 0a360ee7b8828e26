import { explainTlsFailure, isNodeError, isRecord, type OutboundTls } from '../base/index.ts'
import type { Delivery } from './channel.ts'

/** An answer over HTTP. */
export interface Answer {
  status: number
  /** What the other end asked for with Retry-After; `null`: nothing. */
  retryAfterMs: number | null
  /** The first part of the body. */
  text: string
}

// Chat services answer within a second; whoever takes longer is tried again.
const connectTimeoutMs = 5000
// Answers say `ok` or a word; more is not read.
const maxAnswerBytes = 16 * 1024
// An hour: whoever asks for more would keep an alert back for longer than it is worth.
const maxRetryAfterMs = 3_600_000

/** Sends JSON. Redirects are answers like others: neither body nor key travels along. */
export async function post(call: { url: string; headers?: Record<string, string>; body: string }, tls: OutboundTls, signal: AbortSignal): Promise<Answer> {
  // Loaded with the first message, and not by every command.
  const { Agent, request } = await import('undici')
  const dispatcher = new Agent({ connect: tls.connector({ timeoutMs: connectTimeoutMs }) })
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8', ...call.headers }
    const reply = await request(call.url, { method: 'POST', headers, body: call.body, dispatcher, signal })
    return { status: reply.statusCode, retryAfterMs: retryAfter(reply.headers['retry-after']), text: await readSome(reply.body) }
  } finally {
    await dispatcher.destroy()
  }
}

/** A connection that failed, in our own words: messages of libraries may hold the address, and the address a token. */
export function failed(error: unknown): Delivery {
  const distrust = explainTlsFailure(error)
  if (distrust) return { state: 'later', reason: `the server is not trusted: ${distrust.reason}` }
  if (error instanceof Error && error.name === 'TimeoutError') return { state: 'later', reason: 'no answer in time' }
  return { state: 'later', reason: isNodeError(error) && /^[A-Z][A-Z0-9_]{1,40}$/.test(error.code ?? '') ? `no connection (${error.code})` : 'no connection' }
}

/** A word of the other end that can be shown: error codes are, sentences are not. */
export function codeWord(text: unknown): string {
  return typeof text === 'string' && /^[a-z][a-z_]{1,60}$/.test(text.trim()) ? text.trim() : 'no code'
}

/** The answer as a JSON object; empty when it is none. */
export function jsonOf({ text }: Answer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function retryAfter(header: string | string[] | undefined): number | null {
  const seconds = Number(Array.isArray(header) ? header[0] : header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, maxRetryAfterMs) : null
}

async function readSome(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    parts.push(part)
    bytes += part.byteLength
    if (bytes >= maxAnswerBytes) break
  }
  return Buffer.concat(parts).toString('utf8', 0, maxAnswerBytes)
}
