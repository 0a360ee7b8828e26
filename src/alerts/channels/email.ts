import { explainTlsFailure, isRecord, type Secret } from '../../base/index.ts'
import { missing, type Channel, type ChannelPorts, type Delivery } from '../channel.ts'
import type { Message } from '../message.ts'
import type { NotificationSettings } from '../settings.ts'

type EmailSettings = NonNullable<NotificationSettings['email']>

/** Mail by SMTP. Plain text only: no mark-up, so that nothing in it can pose as some. */
export function emailChannel(settings: EmailSettings, minimumSeverity: Channel['minimumSeverity'], ports: ChannelPorts): Channel {
  const { host, port, to, user, password: reference } = settings
  return {
    name: 'email',
    where: `${to.join(', ')} by ${host}:${port}`,
    minimumSeverity,
    async send(message, signal) {
      const password = reference === undefined ? null : await ports.secret(reference.slice(1))
      if (reference !== undefined && !password) return missing(reference)
      const auth = user === undefined || !password ? null : { user, pass: password }
      return await sendMail(message, settings, { ports, auth, signal })
    },
  }
}

interface Sending {
  ports: ChannelPorts
  auth: { user: string; pass: Secret } | null
  signal: AbortSignal
}

async function sendMail(message: Message, settings: EmailSettings, { ports, auth, signal }: Sending): Promise<Delivery> {
  // Loaded with the first mail.
  const { createTransport } = await import('nodemailer')
  const { host, port, tls, from, to } = settings
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls', // else a server, or who sits before it, could talk us out of it
    ignoreTLS: tls === 'none',
    ...(auth && { auth: { user: auth.user, pass: auth.pass.reveal() } }),
    tls: ports.tls.options(),
    ...patience,
    // Nothing in a message names a file or an address to fetch; were it to, neither would be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const abort = (): void => transport.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const sent = await Promise.race([transport.sendMail({ from, to: message.to === undefined ? [...to] : [message.to], signal, ...letterOf(message) }), aborted(signal)])
    return { state: 'delivered', ...(sent.rejected.length > 0 && { note: `${sent.rejected.length} of the addresses were refused` }) }
  } catch (error) {
    return judge(error, message)
  } finally {
    signal.removeEventListener('abort', abort)
    transport.close()
  }
}

// RFC 5321, section 4.5.3.2, allows minutes; a server that lets us wait longer is tried again later.
const patience = { connectionTimeout: 5000, greetingTimeout: 10_000, socketTimeout: 10_000, dnsTimeout: 5000 }

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const end = (): void => reject(new Error('no answer in time'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function letterOf({ id, severity, rule, text, facts, at, host }: Message): object {
  const lines = [text, '', ...facts.map(([name, value]) => `${name}: ${value}`), `at: ${at}`, `guard: ${host}`]
  return {
    subject: `[${severity}] ${rule} on ${host}`,
    text: `${lines.join('\n')}\n`,
    messageId: `<${id}@${host.replaceAll(/[^A-Za-z0-9.-]/g, '-') || 'hardshell'}>`,
    date: new Date(at),
    headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: no holiday answers
  }
}

/** Texts of a mail server may quote a login: its three digits are shown. */
function judge(error: unknown, { to }: Message): Delivery {
  const distrust = explainTlsFailure(error)
  if (distrust) return { state: 'later', reason: `the mail server is not trusted: ${distrust.reason}` }
  const { code, responseCode, message } = isRecord(error) ? error : {}
  // Nodemailer puts a code of its own over Node's; what Node says of a certificate holds no word of the server.
  if (code === 'ESOCKET' && /certificate/i.test(String(message))) return { state: 'later', reason: 'the mail server is not trusted: its certificate is not one we accept' }
  const status = typeof responseCode === 'number' ? responseCode : null
  const word = typeof code === 'string' && /^[A-Z]{2,30}$/.test(code) ? code : 'no answer'
  // 5xx on the envelope or the text is about this mail; of a login, a greeting or STARTTLS about the server.
  const isFinal = status !== null && status >= 500 && (word === 'EMESSAGE' || (word === 'EENVELOPE' && to !== undefined))
  return { state: isFinal ? 'refused' : 'later', reason: `the mail server: ${word}${status === null ? '' : ` (${status})`}` }
}
