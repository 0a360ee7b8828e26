import type { Socket } from 'node:net'
import { helloProgress, maxHelloBytes } from './client-hello.ts'
import { readFirstBytes, type Progress } from './first-bytes.ts'
import { refusal, type Verdict } from './passage.ts'
import type { Patience } from './patience.ts'
import { judgeHello } from './server-name.ts'
import type { Surroundings } from './surroundings.ts'
import { formatTarget, type Target } from './target.ts'

/** What a tunnel begins with: TLS for its host, HTTP that is read request by request, or what must not pass. */
export type Opening = { kind: 'tls'; bytes: Buffer } | { kind: 'http'; bytes: Buffer } | { kind: 'refused'; verdict: Verdict; farewell: Buffer }

/**
 * Makes sure that a tunnel carries what it was opened for: to 443 TLS for the very host, to 80 HTTP, to a port the
 * operator wrote out either of them. What is neither (SSH, SMTP, a database) needs `protocol: tcp` in its entry.
 */
export async function readOpening(client: Socket, head: Buffer, { target, patience, around }: { target: Target; patience: Patience; around: Pick<Surroundings, 'allowEch' | 'limits'> }): Promise<Opening> {
  const bytes = await readFirstBytes(client, { head, maxBytes: maxHelloBytes, patience, timeoutMs: around.limits.openingTimeoutMs, judge: progressFor(target.port) })
  return openingOf(bytes, target, around.allowEch)
}

/** The same of what came together with the request. @returns `null`: that is not all of it */
export function readWhole(bytes: Buffer, target: Target, allowEch: boolean): Opening | null {
  if (bytes.length === 0) return null
  const progress = progressFor(target.port)(bytes)
  if (progress === 'more' && bytes.length < maxHelloBytes) return null
  return openingOf(progress === 'done' ? bytes : null, target, allowEch)
}

function openingOf(bytes: Buffer | null, target: Target, allowEch: boolean): Opening {
  if (bytes === null) {
    const at = formatTarget(target)
    if (target.port === 80) return refuse(refusal(403, 'egress.not-http', `the tunnel to ${at} did not begin with an HTTP request`), Buffer.alloc(0))
    return refuse(refusal(403, 'egress.not-tls', `the tunnel to ${at} did not begin with a TLS ClientHello`), accessDenied)
  }
  if (bytes[0] !== handshake) return { kind: 'http', bytes }
  const verdict = judgeHello(bytes, target, allowEch)
  return verdict === null ? { kind: 'tls', bytes } : refuse(verdict, accessDenied)
}

const handshake = 0x16

function progressFor(port: number): (bytes: Buffer) => Progress {
  if (port === 443) return helloProgress
  return port === 80 ? requestProgress : (bytes) => (bytes[0] === handshake ? helloProgress(bytes) : requestProgress(bytes))
}

/** A request begins with a word in capitals. What follows is judged where it is read. */
function requestProgress(bytes: Buffer): Progress {
  const text = bytes.toString('latin1', 0, 12)
  if (/^[A-Z]{3,11} /.test(text)) return 'done'
  return /^[A-Z]{0,11}$/.test(text) ? 'more' : 'bad'
}

/** Fatal alert `access_denied` (49): the client reports a refusal and not a broken line. RFC 8446, section 6. */
const accessDenied = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 49])

function refuse(verdict: Verdict, farewell: Buffer): Opening {
  return { kind: 'refused', verdict, farewell }
}
