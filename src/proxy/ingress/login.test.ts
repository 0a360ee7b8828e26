import { afterEach, describe, expect, it } from 'vitest'
import { createBrake } from './brake.ts'
import { readSessionCookie, sessionCookie, withoutSessionCookie } from './cookie.ts'
import { createSessions } from './sessions.ts'
import { openStage, tokens, type Stage } from './stage.fixture.ts'

const open: Stage[] = []
afterEach(async () => {
  for (const stage of open.splice(0)) {
    await stage.ingress.close()
    stage.gateway.close()
  }
})

async function stageOf(
  ...more: Parameters<typeof openStage>
): Promise<Stage & { url: string; origin: Record<string, string> }> {
  const stage = await openStage(...more)
  open.push(stage)
  const url = `http://127.0.0.1:${stage.port}`
  return { ...stage, url, origin: { origin: url } }
}

function logIn(url: string, token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/hardshell/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token }),
    headers: { origin: url, ...headers },
  })
}

const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]!.split(';')[0]!

describe('a login by form', () => {
  it('gives a session that carries the permissions of the token', async () => {
    const { url, origin, gateway, entries } = await stageOf()
    const response = await logIn(url, tokens.writer)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(response.headers.getSetCookie()[0]).toMatch(/^hardshell=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    const cookie = cookieOf(response)
    expect((await fetch(`${url}/`, { headers: { cookie } })).status).toBe(200)
    expect((await fetch(`${url}/v1/x`, { method: 'POST', headers: { cookie, ...origin } })).status).toBe(200)
    expect((await fetch(`${url}/api/v1/admin/rpc`, { method: 'POST', headers: { cookie, ...origin } })).status).toBe(
      403,
    )
    expect(gateway.requests.every(({ headers }) => headers.cookie === undefined)).toBe(true)
    expect(entries).toContainEqual(
      expect.objectContaining({ event_type: 'auth_event', decision: 'allow', user: 'bot' }),
    )
    expect(JSON.stringify(entries)).not.toContain(cookie.split('=')[1])
  })

  it('counts for changes only together with the Origin of our page', async () => {
    const { url } = await stageOf()
    const cookie = cookieOf(await logIn(url, tokens.admin))
    const response = await fetch(`${url}/v1/x`, { method: 'POST', headers: { cookie } })
    expect(response.status).toBe(403)
  })

  it('fails with the page and no cookie', async () => {
    const { url, entries } = await stageOf()
    const response = await logIn(url, 'guess-guess', { accept: 'text/html' })
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []])
    expect(await response.text()).toContain('That token is not valid.')
    expect(JSON.stringify(entries)).not.toContain('guess-guess')
  })

  it('takes JSON too, and nothing oversized', async () => {
    const { url, origin } = await stageOf()
    const send = (body: string): Promise<Response> =>
      fetch(`${url}/hardshell/login`, {
        method: 'POST',
        redirect: 'manual',
        body,
        headers: { 'content-type': 'application/json', ...origin },
      })
    expect((await send(JSON.stringify({ token: tokens.reader }))).status).toBe(303)
    expect((await send('{"token":7}')).status).toBe(401)
    expect((await send('{')).status).toBe(401)
  })

  it('is refused to other sites, so that nobody logs you in as somebody else', async () => {
    const { url } = await stageOf()
    expect((await logIn(url, tokens.reader, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('ends at logout, with every connection that rests on it', async () => {
    const { url, origin, ingress } = await stageOf()
    const cookie = cookieOf(await logIn(url, tokens.reader))
    const response = await fetch(`${url}/hardshell/logout`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, ...origin },
    })
    expect(response.headers.getSetCookie()[0]).toContain('Max-Age=0')
    expect((await fetch(`${url}/`, { headers: { cookie } })).status).toBe(401)
    const again = cookieOf(await logIn(url, tokens.reader))
    expect(ingress.endSessions(({ name }) => name === 'ci_token', 'left')).toBe(1)
    expect((await fetch(`${url}/`, { headers: { cookie: again } })).status).toBe(401)
  })

  it('gives a Secure cookie bound to the host when the page came over https', async () => {
    const { url } = await stageOf({ options: { publicOrigins: ['https://claw.example.com'] } })
    const response = await logIn(url, tokens.reader, { origin: 'https://claw.example.com' })
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-hardshell=.*; Secure$/)
  })
})

describe('the login page', () => {
  it('loads nothing, runs nothing and may be framed by nobody', async () => {
    const { url } = await stageOf()
    const response = await fetch(`${url}/hardshell/login`)
    const policy = response.headers.get('content-security-policy')
    const page = await response.text()
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; frame-ancestors 'none'/,
    )
    expect(page).not.toMatch(/<script|https?:\/\/|style="/)
    expect(page).toContain('prefers-color-scheme: dark')
    expect((await fetch(`${url}/hardshell/other`)).status).toBe(404)
  })
})

describe('the session cookie', () => {
  it('is not read when there are two, or when only https may carry it', () => {
    expect(readSessionCookie('hardshell=a', false)).toBe('a')
    expect(readSessionCookie('hardshell=a; hardshell=b', false)).toBeNull()
    expect(readSessionCookie('hardshell=a; __Host-hardshell=b', false)).toBe('b')
    expect(readSessionCookie('hardshell=a', true)).toBeNull()
    expect(readSessionCookie(undefined, true)).toBeNull()
  })

  it('is taken out before the gateway sees the others', () => {
    expect(withoutSessionCookie('a=1; hardshell=x; b=2=3; __Host-hardshell=y')).toBe('a=1; b=2=3')
    expect(withoutSessionCookie('hardshell=x')).toBeNull()
    expect(sessionCookie('', false)).toContain('Max-Age=0')
  })
})

describe('the brake', () => {
  it('holds up an address after ten failures a minute, loopback too, and lets go again', () => {
    let ms = 0
    const brake = createBrake({ now: () => 0, monotonicMs: () => ms })
    for (let i = 0; i < 9; i++) brake.failed('127.0.0.1')
    expect(brake.delayMs('127.0.0.1')).toBe(0)
    brake.failed('127.0.0.1')
    expect(brake.delayMs('127.0.0.1')).toBe(1000)
    expect(brake.delayMs('::1')).toBe(0)
    ms = 60_000
    expect(brake.delayMs('127.0.0.1')).toBe(0)
  })
})

it('a session ends after ten hours', () => {
  let ms = 0
  const sessions = createSessions({ now: () => 0, monotonicMs: () => ms })
  const cookie = sessions.open({ name: 'operator', permissions: ['admin'] })
  ms = 10 * 3_600_000 - 1
  expect(sessions.find(cookie)?.who.name).toBe('operator')
  ms += 1
  expect(sessions.find(cookie)).toBeNull()
})
