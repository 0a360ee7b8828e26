import { STATUS_CODES } from 'node:http'
import type { Passage } from './passage.ts'

/** The head fields every refusal carries. */
export function refusalHeaders({ visit, verdict }: Pick<Passage, 'visit' | 'verdict'>): Record<string, string> {
  return {
    'x-hardshell-visit': visit.id,
    'x-hardshell-rule': verdict.rule,
    // RFC 9110, section 11.7.1: a 407 says how to do better.
    ...(verdict.status === 407 && { 'proxy-authenticate': 'Basic realm="hardshell egress"' }),
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  }
}

/** A whole refusal as it goes over the wire. */
export function refusalText(passage: Pick<Passage, 'visit' | 'verdict'>): string {
  const { status, reason } = passage.verdict
  const fields = Object.entries(refusalHeaders(passage)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields.join('')}content-length: ${Buffer.byteLength(reason) + 1}\r\n\r\n${reason}\n`
}
