import { createSocket } from 'node:dgram'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { explainTlsFailure, isNodeError } from '../../base/index.ts'
import type { Channel, ChannelPorts, Delivery } from '../channel.ts'
import type { Message, Severity } from '../message.ts'
import type { NotificationSettings } from '../settings.ts'

type SyslogSettings = NonNullable<NotificationSettings['syslog']>

interface Server {
  protocol: 'udp' | 'tcp' | 'tls'
  host: string
  port: number
}

/** A log server: messages of RFC 5424, over UDP (RFC 5426), TCP (RFC 6587, counted octets) or TLS (RFC 5425). */
export function syslogChannel({ address, facility }: SyslogSettings, minimumSeverity: Severity, ports: ChannelPorts): Channel {
  const server = serverOf(address)
  return {
    name: 'syslog',
    where: address,
    minimumSeverity,
    async send(message, signal) {
      const line = lineOf(message, facility)
      try {
        signal.throwIfAborted()
        await (server.protocol === 'udp' ? byDatagram(line, server, signal) : byStream(line, server, { ports, signal }))
        return { state: 'delivered', ...(server.protocol === 'udp' && { note: 'sent; with udp nobody confirms it' }) }
      } catch (error) {
        return notSent(error)
      }
    },
  }
}

function notSent(error: unknown): Delivery {
  const distrust = explainTlsFailure(error)
  if (distrust) return { state: 'later', reason: `the log server is not trusted: ${distrust.reason}` }
  return { state: 'later', reason: isNodeError(error) && error.code !== undefined ? `no connection to the log server (${error.code})` : 'the log server took nothing in time' }
}

function serverOf(address: string): Server {
  const [, protocol, host, port] = /^(udp|tcp|tls):\/\/(.+):(\d+)$/.exec(address)!
  return { protocol: protocol as Server['protocol'], host: host!.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
}

async function byDatagram(line: Buffer, { host, port }: Server, signal: AbortSignal): Promise<void> {
  const socket = createSocket({ type: isIP(host) === 6 ? 'udp6' : 'udp4', signal })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      socket.send(line, port, host, (error) => (error ? reject(error) : resolve()))
    })
  } finally {
    if (!signal.aborted) socket.close()
  }
}

/** One connection a message: alerts are seldom, and the other end has it when the connection ends in good order. */
async function byStream(line: Buffer, { protocol, host, port }: Server, { ports, signal }: { ports: ChannelPorts; signal: AbortSignal }): Promise<void> {
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket: Socket = protocol === 'tls' ? connectTls({ host, port, ...name, ...ports.tls.options() }) : connectPlain({ host, port })
  const abort = (): void => void socket.destroy(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).once('close', resolve)
      socket.once(protocol === 'tls' ? 'secureConnect' : 'connect', () => socket.end(Buffer.concat([Buffer.from(`${line.length} `), line])))
      socket.resume() // an answer is none of ours; unread it would keep the connection open
    })
  } finally {
    signal.removeEventListener('abort', abort)
    socket.on('error', () => {}).destroy()
  }
}

// RFC 5424, tables 1 and 2.
const facilities: Readonly<Record<SyslogSettings['facility'], number>> = {
  user: 1, daemon: 3, auth: 4, authpriv: 10, local0: 16, local1: 17, local2: 18, local3: 19, local4: 20, local5: 21, local6: 22, local7: 23,
}
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, warning: 4, info: 6 }

// RFC 5426, section 3.2: receivers should take 2,048 octets, and senders should not count on more.
const maxBytes = 2048

/** One message, never two: whatever could end a line was made visible when the message was made, and here once more. */
function lineOf({ id, severity, rule, text, facts, at, host }: Message, facility: SyslogSettings['facility']): Buffer {
  const printable = (value: string, max: number): string => value.replaceAll(/[^\x21-\x7e]/g, '').slice(0, max) || '-'
  const head = `<${facilities[facility] * 8 + levels[severity]}>1 ${at} ${printable(host, 255)} hardshell ${process.pid} ${printable(rule, 32)} -`
  // No structured data: its names need a number of an enterprise, and we have none.
  // Quoted one by one, the sentence too: a name in it that reads ` rule="…"` is no field.
  const body = [['rule', rule], ['what', text], ...facts, ['id', id]].map(([name, value]) => `${name}=${quoted(value!)}`).join(' ')
  const mark = /^[\x20-\x7e]*$/.test(body) ? '' : '\u{feff}' // RFC 5424, section 6.4: UTF-8 is announced
  return cutAt(Buffer.from(`${head} ${mark}${body}`), maxBytes)
}

function quoted(value: string): string {
  return `"${value.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/["\\\]]/g, String.raw`\$&`)}"`
}

/** Never half of a character. */
function cutAt(bytes: Buffer, max: number): Buffer {
  if (bytes.length <= max) return bytes
  let end = max
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
