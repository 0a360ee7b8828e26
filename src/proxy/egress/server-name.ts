import { readServerName } from './client-hello.ts'
import { refusal, type Verdict } from './passage.ts'
import { formatTarget, type Target } from './target.ts'

/** A server name as a client sends it; `null`: none. */
export interface AskedServer {
  name: string | null
  /** An encrypted ClientHello comes with it: the name that counts cannot be seen. */
  ech: boolean
}

/** Judges a whole ClientHello. @returns `null`: it is for the host that was asked for */
export function judgeHello(bytes: Buffer, target: Target, allowEch: boolean): Verdict | null {
  const hello = readServerName(bytes)
  if (hello.kind === 'unreadable') return refusal(403, 'egress.bad-client-hello', `the ClientHello for ${formatTarget(target)} cannot be read`)
  return judgeServer({ name: hello.kind === 'name' ? hello.name : null, ech: hello.ech }, target, allowEch)
}

/** Is this the server that was asked for? @returns `null`: yes */
export function judgeServer({ name, ech }: AskedServer, target: Target, allowEch: boolean): Verdict | null {
  if (ech && !allowEch) return refusal(403, 'egress.encrypted-hello', `the ClientHello for ${formatTarget(target)} hides its server name (ECH)`)
  // RFC 6066, section 3: an address is never sent as a server name, so a client of a literal address sends none.
  if (name === null) return target.literal ? null : refusal(403, 'egress.no-sni', `the ClientHello for ${formatTarget(target)} names no server`)
  // As it stands: what would have to be decoded first (`%2e`, `0x7f.1`) is another name to the server.
  if (name === target.host || name.toLowerCase().replace(/\.$/, '') === target.host) return null
  return refusal(403, 'egress.sni-mismatch', `the tunnel to ${formatTarget(target)} asks for the server ${JSON.stringify(name.slice(0, 100))}`)
}
