import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Passage } from './passage.ts'

/** The head fields every refusal carries. */
export function refusalHeaders({ visit, verdict }: Pick<Passage, 'visit' | 'verdict'>): Record<string, string> {
  return {
    'x-hardshell-visit': visit.id,
    'x-hardshell-rule': verdict.rule,
    ...(verdict.status === 407 && { 'proxy-authenticate': challenge }),
    'content-type': plainText,
    connection: 'close',
  }
}

// RFC 9110, section 11.7.1: a 407 says how to do better.
const challenge = 'Basic realm="hardshell egress"'
const plainText = 'text/plain; charset=utf-8'

/** A whole refusal as it goes over the wire. Written out: a flood of them is answered one by one. */
export function refusalText({ visit, verdict }: Pick<Passage, 'visit' | 'verdict'>): string {
  const { status, reason, rule } = verdict
  const how = status === 407 ? `proxy-authenticate: ${challenge}\r\n` : ''
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nx-hardshell-visit: ${visit.id}\r\nx-hardshell-rule: ${rule}\r\n${how}content-type: ${plainText}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(reason) + 1}\r\n\r\n${reason}\n`
}

/**
 * Says something and hangs up: at once when the kernel took it, as it does as a rule. Half an end first, and the
 * rest when the other side has agreed, would cost a flood of refusals twice as much, and the client nothing less.
 */
export function dismiss(client: Socket, text: string): void {
  if (!client.writable) return void client.destroy()
  client.write(text)
  if (client.writableLength === 0) client.destroy()
  else client.destroySoon()
}
