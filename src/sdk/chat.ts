import { redactSecrets } from '../content/index.ts'
import { HardshellError, messageOf } from '../base/index.ts'
import type { Connection } from './connection.ts'
import type { Deadline } from './deadline.ts'

/** One question to one agent. */
export interface Question {
  prompt: string
  stream: boolean
  agent: string | undefined
  model: string | undefined
}

/**
 * Puts a question to the gateway through the guard's front door.
 * The wire is OpenAI's chat completions as OpenClaw speaks it: `model` names the agent, the header the model
 * (OpenClaw docs, gateway/openai-http-api).
 * @returns a response whose status is 200 and whose body nobody has read
 * @throws HardshellError `sdk.refused`, `sdk.unreachable`, `sdk.timeout`
 */
export async function ask(question: Question, { url, token }: Connection, deadline: Deadline): Promise<Response> {
  const address = new URL('v1/chat/completions', url.href.endsWith('/') ? url : `${url.href}/`)
  const request: RequestInit = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token.reveal()}`,
      'content-type': 'application/json',
      ...(question.model === undefined ? {} : { 'x-openclaw-model': question.model }),
    },
    body: JSON.stringify({
      model: question.agent === undefined ? 'openclaw' : `openclaw/${question.agent}`,
      messages: [{ role: 'user', content: question.prompt }],
      stream: question.stream,
    }),
    redirect: 'error', // the token is for this address only
    signal: deadline.signal,
  }
  let response: Response
  try {
    response = await fetch(address, request)
  } catch (cause) {
    throw lost(cause, deadline, `cannot reach ${address.origin}`, 'sdk.unreachable')
  }
  if (!response.ok) throw await refusal(response)
  return response
}

/** The error for a connection that failed: the deadline's, if it was the deadline. */
export function lost(
  cause: unknown,
  deadline: Deadline,
  what: string,
  code: 'sdk.unreachable' | 'sdk.bad-answer',
): HardshellError {
  if (cause instanceof HardshellError) return cause
  if (deadline.passed()) {
    const hint = 'raise timeoutMs, or see `hardshell status`'
    return new HardshellError('sdk.timeout', 'the agent did not answer in time', { hint })
  }
  // fetch itself only says "fetch failed"; the reason is one level down.
  const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause)
  const hint = code === 'sdk.unreachable' ? 'start the guard with `hardshell start`' : 'see `hardshell status`'
  return new HardshellError(code, `${what}: ${reason}`, { hint, cause })
}

/** Says who refused and where to look it up; the body is somebody else's text, so it is cut and redacted. */
async function refusal(response: Response): Promise<HardshellError> {
  const visit = response.headers.get('x-hardshell-visit')
  const body = await response.text().catch(() => '')
  const why = reasonIn(body)
  const named = visit !== null && /^[A-Za-z0-9_-]{1,64}$/.test(visit) ? ` (visit ${visit})` : ''
  const message = `refused with HTTP ${response.status}${named}${why ? `: ${why}` : ''}`
  const hint = named ? `hardshell audit search ${visit}` : 'no visit id: is this a guard’s front door?'
  return new HardshellError('sdk.refused', message, { hint })
}

/** `error.message` of an OpenAI-style error body, else nothing. */
export function reasonIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string }
    const text = typeof error === 'string' ? error : error?.message
    // 300 units: a sentence or two. More is not a reason but a document.
    return typeof text === 'string' ? redactSecrets(text).slice(0, 300) : ''
  } catch {
    return ''
  }
}
