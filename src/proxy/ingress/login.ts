import { setTimeout as wait } from 'node:timers/promises'
import type { Who } from '../visit.ts'
import { refuse, type Answer, type Call, type Step, type Surroundings } from './call.ts'
import { readSessionCookie, sessionCookie } from './cookie.ts'
import { isHealth } from './health.ts'
import { loginPage, pageHeaders } from './login-page.ts'
import { readLoginToken } from './login-body.ts'

/**
 * Who is it? A bearer token, or the session cookie a login gave. Health questions pass without; a WebSocket may say
 * it in its first frame instead (`handshake.ts`), as OpenClaw's own clients do.
 */
export const logIn: Step = async (call, around) => {
  if (call.path.startsWith('/hardshell/')) return await ourPages(call, around)
  if (isHealth(call)) return 'next'
  const { authorization, cookie } = call.request.headers
  if (authorization !== undefined) return await byBearer(call, authorization, around)
  const presented = readSessionCookie(cookie, call.secure)
  const found = presented === null ? null : around.sessions.find(presented)
  if (found === null) return call.client.kind === 'websocket' ? 'next' : askToLogIn(call)
  // Browsers send Origin with every WebSocket and every request that changes something.
  const reads = call.client.kind === 'http' && (call.method === 'GET' || call.method === 'HEAD')
  if (!reads && call.request.headers.origin === undefined) {
    return refuse(403, 'ingress.no-origin', 'a session cookie counts only together with an Origin header')
  }
  call.visit.who = found.who
  call.session = found.session
  return 'next'
}

/** Checks a presented token, slowly for whoever keeps failing. Logs failures, never what was presented. */
export async function authenticate(call: Call, presented: string | null, around: Surroundings): Promise<Who | null> {
  const delayMs = around.brake.delayMs(call.visit.peer)
  if (delayMs > 0) await wait(delayMs)
  const who = around.ports.authenticate(presented)
  if (who !== null) return who
  around.brake.failed(call.visit.peer)
  await logAttempt(call, around, null)
  return null
}

async function byBearer(call: Call, authorization: string, around: Surroundings): Promise<Answer | 'next'> {
  const match = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)
  call.visit.who = await authenticate(call, match?.[1] ?? null, around)
  return call.visit.who === null ? unauthorized() : 'next'
}

async function ourPages(call: Call, around: Surroundings): Promise<Answer> {
  const { method, path, client } = call
  if (client.kind === 'websocket') return refuse(404, 'ingress.no-page', 'there is no such page')
  if (path === '/hardshell/login' && (method === 'GET' || method === 'HEAD'))
    return page(200, 'ingress.login-page', false)
  if (path === '/hardshell/login' && method === 'POST') return await submitLogin(call, around)
  if (path === '/hardshell/logout' && method === 'POST') return logOut(call, around)
  return refuse(404, 'ingress.no-page', 'there is no such page')
}

async function submitLogin(call: Call, around: Surroundings): Promise<Answer> {
  const token = await readLoginToken(call)
  const who = token === 'unreadable' ? null : await authenticate(call, token, around)
  if (who === null)
    return call.request.headers.accept?.includes('text/html')
      ? page(401, 'ingress.bad-credential', true)
      : unauthorized()
  call.visit.who = who
  await logAttempt(call, around, who)
  const headers = { 'set-cookie': sessionCookie(around.sessions.open(who), call.secure), location: '/' }
  return {
    status: 303,
    rule: 'ingress.logged-in',
    reason: 'logged in',
    headers,
    body: { type: 'text/plain', text: '' },
    welcome: true,
  }
}

function logOut(call: Call, around: Surroundings): Answer {
  const presented = readSessionCookie(call.request.headers.cookie, call.secure)
  const found = presented === null ? null : around.sessions.find(presented)
  const ended = around.sessions.end((_, session) => session === found?.session)
  for (const other of around.open) if (other.session !== null && ended.includes(other.session)) other.end('logged out')
  const headers = { 'set-cookie': sessionCookie('', call.secure), location: '/hardshell/login' }
  return {
    status: 303,
    rule: 'ingress.logged-out',
    reason: 'logged out',
    headers,
    body: { type: 'text/plain', text: '' },
    welcome: true,
  }
}

function page(status: number, rule: string, failed: boolean): Answer {
  const body = { type: 'text/html; charset=utf-8', text: loginPage(failed) }
  return {
    status,
    rule,
    reason: failed ? 'the login failed' : 'login page',
    headers: pageHeaders,
    body,
    welcome: !failed,
  }
}

/** A person is sent to the login page, a program is told what to send. */
function askToLogIn({ method, request: { headers } }: Call): Answer {
  const isPerson = method === 'GET' && headers.accept?.includes('text/html')
  if (!isPerson) return unauthorized()
  return { ...refuse(303, 'ingress.login-needed', 'log in first'), headers: { location: '/hardshell/login' } }
}

/** One answer for everything that can be wrong with a credential. */
function unauthorized(): Answer {
  return {
    ...refuse(401, 'ingress.bad-credential', 'a valid token is needed'),
    headers: { 'www-authenticate': 'Bearer realm="hardshell"' },
  }
}

async function logAttempt({ visit, request }: Call, { ports }: Surroundings, who: Who | null): Promise<void> {
  await ports.audit.append({
    event_type: 'auth_event',
    visit: visit.id,
    peer: visit.peer,
    target: request.method ?? '',
    decision: who ? 'allow' : 'deny',
    rule: who ? 'ingress.logged-in' : 'ingress.bad-credential',
    severity: who ? 'info' : 'warning',
    ...(who && { user: who.name }),
  })
}
