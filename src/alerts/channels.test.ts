import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botToken, mailLogin, startAlertHttp, startDatagramLog, startLogServer, startMailServer, type AlertHttp } from '../../tests/fakes/alert-receivers.ts'
import { createAuthority } from '../../tests/fakes/certificates.ts'
import { openTlsOrigin, originKinds, trustedPem } from '../../tests/fakes/tls-origins.ts'
import { createOutboundTls } from '../base/index.ts'
import { channel, message, patient, ports } from './alerts.test.kit.ts'

// A busy machine is no reason to fail.
const soon = { timeout: 20_000 }

let http: AlertHttp
beforeEach(async () => void (http = await startAlertHttp()))
afterEach(async () => await http.close())

const hostile = '<!channel> <https://evil.example|click> & *bold* @here'
const authority = createAuthority()
const identity = authority.issue({ names: ['localhost', '127.0.0.1'] })
const trusting = createOutboundTls().withAuthorities(authority.cert)

describe('Slack', () => {
  const byBot = (more: object = {}) => channel({ slack: { bot_token: '$BOT', channel: '#alerts', api_url: `${http.url}/api`, ...more } }, ports({ BOT: botToken }))
  const byWebhook = () => channel({ slack: { webhook: '$HOOK' } }, ports({ HOOK: `${http.url}/services/T1/B1/x` }))

  it.each(['a bot', 'a webhook'])('takes a message of %s', async (way) => {
    const slack = way === 'a bot' ? byBot() : byWebhook()
    expect(await slack.send(message(), patient())).toEqual({ state: 'delivered' })
    expect(http.taken[0]!.text).toContain('agent.main sent 12 bytes')
    if (way === 'a bot') expect(http.taken[0]!.body).toMatchObject({ channel: '#alerts', parse: 'none', link_names: false, unfurl_links: false })
  })

  it('is given a name that reads like mark-up as text: no mention, no link', async () => {
    await byBot().send(message({ text: hostile, rule: hostile, facts: [['user', hostile]], host: hostile }), patient())
    const { text, blocks } = http.taken[0]!.body as { text: string; blocks: { type: string; elements: { elements: { type: string }[] }[] }[] }
    expect(text).not.toMatch(/[<>]/)
    expect(text).toContain('&lt;!channel&gt;')
    // What is left of it stands where Slack looks for no mark-up.
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'rich_text'])
    expect(blocks[1]!.elements[0]!.elements.map(({ type }) => type)).toEqual(['text'])
    expect(http.taken[0]!.text).not.toContain('mrkdwn_in')
    expect(http.taken[0]!.body['mrkdwn']).toBe(false)
  })

  it('writes into the channel a job names', async () => {
    expect(await byBot().send(message({ to: '#security-ops' }), patient())).toEqual({ state: 'delivered' })
    expect(http.taken[0]!.body['channel']).toBe('#security-ops')
    expect(await byWebhook().send(message({ to: '#security-ops' }), patient())).toMatchObject({ state: 'delivered', note: expect.stringContaining('not #security-ops') })
  })

  it('waits as long as it is asked to, and believes `ok: false` and not the status', async () => {
    http.script.push({ status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' }, { status: 200, headers: { 'retry-after': '7' }, body: '{"ok":false,"error":"ratelimited"}' })
    expect(await byBot().send(message(), patient())).toMatchObject({ state: 'later', afterMs: 30_000 })
    expect(await byBot().send(message(), patient())).toEqual({ state: 'later', reason: 'Slack says ratelimited (HTTP 200)', afterMs: 7000 })
    expect(http.taken).toEqual([])
  })

  it('gives up a message for a channel that is not there, and keeps everything when its own is not', async () => {
    expect(await byBot().send(message({ to: '#nowhere' }), patient())).toEqual({ state: 'refused', reason: 'Slack says channel_not_found' })
    expect(await byBot({ channel: '#nowhere' }).send(message(), patient())).toMatchObject({ state: 'later' })
    const other = channel({ slack: { bot_token: '$BOT', channel: '#alerts', api_url: `${http.url}/api` } }, ports({ BOT: 'another' }))
    expect(await other.send(message(), patient())).toMatchObject({ state: 'later', reason: 'Slack says invalid_auth (HTTP 200)' })
  })

  it('quotes no answer but a code, and no address of a webhook', async () => {
    http.script.push({ status: 500, body: 'token was s3cret' })
    expect(await byWebhook().send(message(), patient())).toEqual({ state: 'later', reason: 'Slack says no code (HTTP 500)' })
    const nobody = channel({ slack: { webhook: '$HOOK' } }, ports({ HOOK: 'http://127.0.0.1:9/services/T1/B1/hidden' }))
    expect(await nobody.send(message(), patient())).toEqual({ state: 'later', reason: 'no connection (ECONNREFUSED)' })
    const clear = channel({ slack: { webhook: '$HOOK' } }, ports({ HOOK: 'http://hooks.slack.example/services/T1/B1/hidden' }))
    expect(await clear.send(message(), patient())).toEqual({ state: 'later', reason: 'HOOK holds no https address' })
  })

  it('names the secret that is missing, and the command', async () => {
    const slack = channel({ slack: { webhook: '$HOOK' } })
    expect(await slack.send(message(), patient())).toEqual({ state: 'later', reason: 'there is no secret HOOK; run: hardshell secrets put HOOK' })
  })
})

describe('PagerDuty', () => {
  const key = 'k1'.repeat(16)
  const pagerduty = (value = key) => channel({ pagerduty: { routing_key: '$KEY', events_url: `${http.url}/v2/enqueue` } }, ports({ KEY: value }))

  it.each([['critical', 'critical'], ['high', 'error'], ['warning', 'warning'], ['info', 'info']] as const)('takes %s as %s, of one incident with whatever is the same', async (ours, theirs) => {
    expect(await pagerduty().send(message({ severity: ours }), patient())).toEqual({ state: 'delivered' })
    expect(http.taken[0]!.body).toMatchObject({
      routing_key: key,
      event_action: 'trigger',
      dedup_key: `hardshell-${'a'.repeat(32)}`,
      payload: { severity: theirs, source: 'guard-1', timestamp: '2026-11-22T07:00:00.000Z', class: 'egress.large-upload', custom_details: { user: 'agent.main', target: 'files.example:443' } },
    })
  })

  it('gets a summary it takes, however long the text is', async () => {
    expect(await pagerduty().send(message({ text: 'x'.repeat(5000) }), patient())).toEqual({ state: 'delivered' })
  })

  it('is tried again when it is busy, and not when it calls the event invalid', async () => {
    http.script.push({ status: 429 }, { status: 503 }, { status: 400 })
    expect(await pagerduty().send(message(), patient())).toMatchObject({ state: 'later' })
    expect(await pagerduty().send(message(), patient())).toMatchObject({ state: 'later' })
    expect(await pagerduty().send(message(), patient())).toMatchObject({ state: 'refused' })
    expect(await pagerduty('short').send(message(), patient())).toMatchObject({ state: 'later', reason: expect.stringContaining('no integration key') })
  })
})

describe('a webhook', () => {
  it.each([['text', 'a plain key'], ['whsec', `whsec_${Buffer.from('a key in base64').toString('base64')}`]])('is signed over id, time and body, with a key in %s', async (_, key) => {
    const webhook = channel({ webhook: { url: `${http.url}/hook`, secret: '$KEY' } }, ports({ KEY: key }))
    expect(await webhook.send(message(), patient())).toEqual({ state: 'delivered' })
    const { headers, text, body } = http.taken[0]!
    const bytes = key.startsWith('whsec_') ? 'a key in base64' : key
    const signature = createHmac('sha256', bytes).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`).digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${signature}`)
    expect(headers['webhook-id']).toBe('hs_0123456789abcdef')
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60)
    expect(body).toMatchObject({ type: 'hardshell.alert', data: { severity: 'high', rule: 'egress.large-upload', facts: { user: 'agent.main' } } })
  })

  it('is not followed elsewhere, and what it answers is read up to a bound', async () => {
    const webhook = channel({ webhook: { url: `${http.url}/hook` } })
    http.script.push({ status: 307, headers: { location: `${http.url}/hook` } }, { status: 200, body: 'x'.repeat(5_000_000) }, { status: 422 })
    expect(await webhook.send(message(), patient())).toMatchObject({ state: 'later', reason: 'the webhook answers HTTP 307; redirects are not followed' })
    expect(http.seen).toHaveLength(1)
    expect(await webhook.send(message(), patient())).toEqual({ state: 'delivered' })
    expect(await webhook.send(message(), patient())).toMatchObject({ state: 'refused' })
  })

  it('ends when it is told to, whatever the other end does', async () => {
    const silent = await startLogServer() // takes the request and says nothing
    const webhook = channel({ webhook: { url: `http://127.0.0.1:${silent.port}/hook` } })
    expect(await webhook.send(message(), AbortSignal.timeout(200))).toEqual({ state: 'later', reason: 'no answer in time' })
    await silent.close()
  })
})

describe.each(originKinds)('over TLS that is $what', ({ options, refused }) => {
  it.each(['webhook', 'syslog', 'email'])('%s', async (name) => {
    const origin = await openTlsOrigin(options(), (_, reply) => void reply.end('ok'))
    const settings = {
      webhook: { url: `https://localhost:${origin.port}/` },
      syslog: { address: `tls://localhost:${origin.port}` },
      email: { host: 'localhost', port: origin.port, tls: 'implicit', from: 'a@b.example', to: ['c@d.example'] },
    }[name]!
    const one = channel({ [name]: settings }, ports({}, createOutboundTls().withAuthorities(trustedPem)))
    // Behind a good handshake a mail server would greet; this one does not, so nobody waits for it.
    const end = await one.send(message(), name === 'email' && refused === null ? AbortSignal.timeout(500) : patient())
    await origin.close()
    if (refused !== null) {
      expect(end).toMatchObject({ state: 'later', reason: expect.stringContaining('is not trusted') })
      expect(origin.requests).toEqual([])
    } else expect(end).not.toMatchObject({ reason: expect.stringContaining('is not trusted') })
  })
})

describe('mail', () => {
  const settings = { host: 'localhost', from: 'guard@example.com', to: ['a@example.com', 'b@example.com'] }
  const withLogin = { user: mailLogin.user, password: '$PASS' }
  const mail = (more: object, tls = trusting) => channel({ email: { ...settings, ...more } }, ports({ PASS: mailLogin.pass }, tls))

  it.each(['starttls', 'implicit'])('arrives over %s, with a login', async (tls) => {
    const server = await startMailServer(identity, { secure: tls === 'implicit' })
    expect(await mail({ ...withLogin, port: server.port, tls }).send(message(), patient())).toEqual({ state: 'delivered' })
    await server.close()
    expect(server.mails).toMatchObject([{ from: 'guard@example.com', to: ['a@example.com', 'b@example.com'], user: mailLogin.user, isSecure: true }])
    expect(server.mails[0]!.text).toMatch(/^Subject: \[high\] egress\.large-upload on guard-1\r$/m)
    expect(server.mails[0]!.text).toMatch(/^Message-ID: <hs_0123456789abcdef@guard-1>\r$/m)
    expect(server.mails[0]!.text).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(server.mails[0]!.text).toContain('Content-Type: text/plain')
    expect(server.mails[0]!.text).not.toContain('text/html')
  })

  it('is not sent in the clear when the server offers no STARTTLS, whoever took the offer away', async () => {
    const server = await startMailServer(identity, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
    expect(await mail({ ...withLogin, port: server.port }).send(message(), patient())).toMatchObject({ state: 'later' })
    await server.close()
    expect(server.mails).toEqual([])
  })

  it('is not sent over STARTTLS with a certificate nobody vouches for', async () => {
    const server = await startMailServer(createAuthority('stranger').issue({ names: ['localhost'] }))
    expect(await mail({ ...withLogin, port: server.port }).send(message(), patient())).toMatchObject({ state: 'later', reason: expect.stringContaining('the mail server is not trusted') })
    await server.close()
    expect(server.mails).toEqual([])
  })

  it('cannot be given a header by a text: line breaks stay in the text', async () => {
    const server = await startMailServer(identity)
    const broken = 'x\r\nBcc: victim@example.com\r\n\r\nforged'
    // More than ever gets here: messages are made of one line each.
    expect(await mail({ port: server.port }).send(message({ rule: broken, host: broken, text: broken, id: broken }), patient())).toEqual({ state: 'delivered' })
    await server.close()
    expect(server.mails[0]!.to).toEqual(['a@example.com', 'b@example.com'])
    const [head] = server.mails[0]!.text.split('\r\n\r\n')
    expect(head).not.toMatch(/^(bcc|cc|to): .*victim/im)
    expect(head).not.toContain('\r\nforged')
  })

  it('says the digits of a refusal and none of its words', async () => {
    const words = Object.assign(new Error('no such login s3cret'), { responseCode: 535 })
    const server = await startMailServer(identity, { onAuth: (_auth, _session, done) => done(words) })
    expect(await mail({ ...withLogin, port: server.port }).send(message(), patient())).toEqual({ state: 'later', reason: 'the mail server: EAUTH (535)' })
    await server.close()
  })

  it('gives up a mail that is refused for its text, and one to a single address nobody has', async () => {
    const refuse = Object.assign(new Error('no'), { responseCode: 554 })
    const server = await startMailServer(identity, {
      onData: (stream, _session, done) => void stream.resume().on('end', () => done(refuse)),
      onRcptTo: ({ address }, _session, done) => (address.startsWith('nobody') ? done(Object.assign(new Error('no'), { responseCode: 550 })) : done()),
    })
    expect(await mail({ port: server.port }).send(message(), patient())).toEqual({ state: 'refused', reason: 'the mail server: EMESSAGE (554)' })
    expect(await mail({ port: server.port }).send(message({ to: 'nobody@example.com' }), patient())).toEqual({ state: 'refused', reason: 'the mail server: EENVELOPE (550)' })
    await server.close()
  })
})

describe('syslog', () => {
  const syslog = (address: string, tls = trusting) => channel({ syslog: { address, facility: 'local4' } }, ports({}, tls))
  // local4 is 20, an error 3: 163.
  const head = new RegExp(`^<163>1 2026-11-22T07:00:00\\.000Z guard-1 hardshell ${process.pid} egress\\.large-upload - `)

  it.each(['udp', 'tcp', 'tls'])('arrives over %s, whole', async (protocol) => {
    const server = protocol === 'udp' ? await startDatagramLog() : await startLogServer(protocol === 'tls' ? identity : undefined)
    expect(await syslog(`${protocol}://127.0.0.1:${server.port}`).send(message(), patient())).toMatchObject({ state: 'delivered' })
    await expect.poll(() => server.lines, soon).toHaveLength(1)
    await server.close()
    expect(server.lines[0]).toMatch(head)
    expect(server.lines[0]).toContain('what="agent.main sent 12 bytes to files.example:443 within an hour" user="agent.main" target="files.example:443"')
  })

  it('is one message, whatever a text holds: no line, no field and no end of one is forged', async () => {
    const server = await startLogServer()
    const forged = 'x" rule="all.well"]\n<8>1 - - - - - - forged'
    await syslog(`tcp://127.0.0.1:${server.port}`).send(message({ text: forged, facts: [['user', forged]] }), patient())
    await expect.poll(() => server.lines, soon).toHaveLength(1)
    await server.close()
    expect(server.lines[0]).not.toContain('\n')
    expect(server.lines[0]).toContain(String.raw`user="x\" rule=\"all.well\"\] <8>1`)
    expect(server.lines[0]!.match(/(?<!\\)" rule="/g)).toBeNull()
  })

  it('announces UTF-8, and is cut between characters', async () => {
    const server = await startDatagramLog()
    // The cut is in the middle of a character in one of two neighbours.
    for (const text of ['ä', 'xä']) await syslog(`udp://127.0.0.1:${server.port}`).send(message({ text: text.padEnd(3000, 'ä') }), patient())
    await expect.poll(() => server.lines, soon).toHaveLength(2)
    await server.close()
    for (const line of server.lines) {
      expect(line).toContain(' - \u{feff}rule=')
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(2048)
      expect(line).not.toContain('\u{fffd}')
    }
  })

  it('waits when nobody listens, and for a server that holds the connection no longer than it is told to', async () => {
    const free = await startLogServer()
    await free.close()
    expect(await syslog(`tcp://127.0.0.1:${free.port}`).send(message(), patient())).toEqual({ state: 'later', reason: 'no connection to the log server (ECONNREFUSED)' })
    const server = await startLogServer()
    const listener = connect(server.port, '127.0.0.1')
    expect(await syslog(`tcp://127.0.0.1:${server.port}`).send(message(), AbortSignal.abort(new Error('late')))).toMatchObject({ state: 'later' })
    listener.destroy()
    await server.close()
  })
})
