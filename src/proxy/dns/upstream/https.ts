import { isIP } from 'node:net'
import type { DecodedPacket } from 'dns-packet'
import { Agent, request } from 'undici'
import { systemRandom, type OutboundTls } from '../../../base/index.ts'
import { makeAsking, readAnswer, type Upstream } from './asking.ts'

/** A resolver over HTTPS (RFC 8484). */
export interface HttpsServer {
  url: string
  /** Where its host is. Empty only when the host is an address: no name is looked up to reach a resolver. */
  addresses: readonly string[]
}

const maxAnswerBytes = 65_535
// A resolver that is there shakes hands within the time a client waits for its whole answer.
const connectTimeoutMs = 2000

/** Asks by POST, which leaves no name in anybody's list of addresses that were called. */
export function httpsUpstream({ url, addresses }: HttpsServer, tls: OutboundTls): Upstream {
  const agent = agentFor(new URL(url), addresses, tls)
  return {
    title: url,
    async ask(question, signal) {
      const asking = makeAsking(question, systemRandom, { edns: true, spelling: false })
      const type = 'application/dns-message'
      const reply = await request(url, { dispatcher: agent, method: 'POST', headers: { accept: type, 'content-type': type }, body: asking.bytes, signal })
      const media = String(reply.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
      if (reply.statusCode !== 200 || media !== type) {
        await reply.body.dump().catch(() => undefined)
        throw new Error(`HTTP ${reply.statusCode}, ${media || 'no type'}`)
      }
      return answerIn(await readAll(reply.body), asking)
    },
    close: async () => await agent.destroy(),
  }
}

function answerIn(bytes: Buffer, asking: Parameters<typeof readAnswer>[1]): DecodedPacket {
  const answer = readAnswer(bytes, asking)
  // The connection is authenticated: letters in another case are no forgery here.
  if (typeof answer === 'object') return answer.packet
  throw new Error('the answer is to another question')
}

/** Connects to the addresses it was given, one after the other, and believes only a certificate of the name. */
function agentFor({ hostname }: URL, addresses: readonly string[], tls: OutboundTls): Agent {
  const connector = tls.connector({ timeoutMs: connectTimeoutMs })
  const host = hostname.replaceAll(/[[\]]/g, '')
  let turn = 0
  return new Agent({
    connections: 4,
    connect: (target, done) => {
      if (addresses.length === 0 || isIP(host) !== 0) return connector(target, done)
      const address = addresses[turn % addresses.length]!
      connector({ ...target, hostname: address, servername: host }, (...result) => {
        if (result[0] !== null) turn++ // the next connection tries the next address
        done(...result)
      })
    },
  })
}

async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > maxAnswerBytes) throw new Error('the answer is longer than DNS allows')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
