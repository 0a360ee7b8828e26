import type { Call } from './call.ts'

// A token and a field name; four times what any credential we issue takes.
const maxLoginBytes = 4096

/**
 * Reads the token out of a login form, or out of `{"token": …}`.
 * @returns `unreadable` for anything else; what was sent is attacker-controlled and goes nowhere but to the check
 */
export async function readLoginToken({ request }: Call): Promise<string | 'unreadable'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxLoginBytes) return 'unreadable'
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const token = type === 'application/json' ? fromJson(text) : new URLSearchParams(text).get('token')
  return token?.trim() ? token.trim() : 'unreadable'
}

function fromJson(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string'
      ? body.token
      : null
  } catch {
    return null
  }
}
