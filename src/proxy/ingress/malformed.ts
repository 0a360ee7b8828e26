import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { STATUS_CODES } from 'node:http'
import { meet } from '../visit.ts'
import type { IngressPorts } from './ingress.ts'

// What Node's parser reports, and what the client is told. Everything else is a broken line, nobody's request.
const statusOf = (code: string): number | null => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  return code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE' ? 400 : null
}

/** Answers and logs what is no HTTP: it never becomes a call, but whoever probes the door should be seen. */
export function answerMalformed(server: Server, { audit, clock }: Pick<IngressPorts, 'audit' | 'clock'>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, line) => {
    const socket = line as Socket
    const status = statusOf(error.code ?? '')
    if (status === null || !socket.writable) return void socket.destroy()
    const visit = meet('ingress', socket.remoteAddress ?? 'unknown', clock)
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n`
    socket.end(`${head}x-hardshell-visit: ${visit.id}\r\n\r\n`)
    socket.destroySoon()
    const entry = {
      visit: visit.id,
      peer: visit.peer,
      status,
      rule: 'ingress.malformed',
      reason: `the request is no HTTP: ${error.code}`,
    }
    audit.append({ event_type: 'api_request', decision: 'deny', ...entry }).catch(() => undefined) // already refused
  })
}
