import type { Socket } from 'node:net'
import { messageOf } from '../../base/index.ts'
import { judgeAddresses } from './addresses.ts'
import { judgeHost } from './host-policy.ts'
import { logDecision, refusal, settle, type Passage, type Surroundings, type Verdict } from './passage.ts'
import { formatTarget, type Target } from './target.ts'

/**
 * Takes one request from "wants to go there" to a connected socket: switch, list, addresses, log, connect.
 * The socket leads to an address that was judged; the name is looked up once and never again.
 * @returns the socket, or `null` with the refusal in `passage.verdict`
 */
export async function admit(passage: Passage, target: Target, around: Surroundings): Promise<Socket | null> {
  passage.target = formatTarget(target)
  passage.host = target.host
  passage.port = target.port
  const { addresses, verdict } = await judge(target, around)
  settle(passage, verdict)
  if (!passage.verdict.allow) return null
  try {
    await logDecision(passage, around.ports)
  } catch {
    settle(passage, refusal(502, 'egress.log-unavailable', 'the audit log cannot be written, so nothing may leave'))
    return null
  }
  return await connectFirst(passage, addresses, target.port, around)
}

async function judge(target: Target, around: Surroundings): Promise<{ addresses: string[]; verdict: Verdict }> {
  const { ports, policy, allowance, limits } = around
  // The switch comes first: paused means paused, whatever the lists say.
  const gate = ports.decide({ kind: 'connect', host: target.host, port: target.port, agentId: null })
  if (!gate.allow) return { addresses: [], verdict: refusal(403, gate.rule, gate.reason) }
  const listed = judgeHost(target, policy)
  if (!listed.allow) return { addresses: [], verdict: refusal(403, listed.rule, listed.reason) }
  let addresses: string[]
  try {
    addresses = target.literal ? [target.host] : await within(limits.connectTimeoutMs, ports.resolve(target.host))
  } catch (error) {
    return {
      addresses: [],
      verdict: refusal(502, 'egress.unresolved', `${target.host} cannot be resolved: ${messageOf(error)}`),
    }
  }
  const judged = judgeAddresses(target, addresses, allowance)
  if (!judged.allow)
    return {
      addresses: [],
      verdict: refusal(judged.rule === 'egress.unresolved' ? 502 : 403, judged.rule, judged.reason),
    }
  return { addresses, verdict: { ...listed, status: 200 } }
}

// More addresses than this are a zone trying to keep us busy; the first few answer or nobody does.
const maxAddresses = 4

async function connectFirst(
  passage: Passage,
  addresses: string[],
  port: number,
  around: Surroundings,
): Promise<Socket | null> {
  let lastError = 'no address'
  for (const address of addresses.slice(0, maxAddresses)) {
    if (passage.cut) return null
    const socket = around.ports.connect(address, port)
    passage.sockets.push(socket)
    try {
      await connected(socket, around.limits.connectTimeoutMs)
      return passage.cut ? null : socket
    } catch (error) {
      socket.destroy()
      lastError = messageOf(error)
    }
  }
  settle(passage, refusal(502, 'egress.unreachable', `${passage.target} cannot be reached: ${lastError}`))
  return null
}

function connected(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve()
    })
    // Stays on: an error after the connection must not be an unhandled one; the relay looks at 'close'.
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    socket.once('close', () => {
      clearTimeout(timer)
      reject(new Error('closed'))
    })
  })
}

function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
