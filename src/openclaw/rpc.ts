import { HardshellError, type Secret } from '../base/index.ts'

/** A connection to the gateway's WebSocket API, protocol 4, as its own back-end client. */
export interface GatewayRpc {
  /** @throws HardshellError `openclaw.rpc-failed` with the gateway's own reason, or after the deadline */
  call(method: string, params?: object, timeoutMs?: number): Promise<unknown>
  close(): void
}

interface Frame {
  type: string
  id?: string
  event?: string
  ok?: boolean
  payload?: unknown
  error?: { message?: string }
}

// On loopback with the shared token a `gateway-client` in `backend` mode gets these without pairing (seen with 2026.9.6).
const scopes = ['operator.admin', 'operator.read', 'operator.write', 'operator.approvals']

/** Connects and logs in. @throws HardshellError `openclaw.rpc-failed` */
export async function connectGateway(url: string, token: Secret, timeoutMs = 10_000): Promise<GatewayRpc> {
  const socket = new WebSocket(url)
  const waiting = new Map<string, (frame: Frame) => void>()
  let failure: string | null = null
  let nextId = 1

  const fail = (reason: string): void => {
    failure ??= reason
    for (const settle of waiting.values()) settle({ type: 'res', ok: false, error: { message: reason } })
    waiting.clear()
  }
  socket.addEventListener('close', (event) => fail(`the gateway closed the connection (${event.code} ${event.reason})`))
  socket.addEventListener('error', () => fail(`no gateway answers at ${url}`))

  const call = async (method: string, params: object = {}, deadlineMs = timeoutMs): Promise<unknown> => {
    const frame = await new Promise<Frame>((resolve) => {
      if (failure !== null) return resolve({ type: 'res', ok: false, error: { message: failure } })
      const id = String(nextId++)
      const timer = setTimeout(() => settle({ type: 'res', ok: false, error: { message: `no answer within ${deadlineMs} ms` } }), deadlineMs)
      const settle = (answer: Frame): void => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(answer)
      }
      waiting.set(id, settle)
      socket.send(JSON.stringify({ type: 'req', id, method, params }))
    })
    if (frame.ok === true) return frame.payload
    throw new HardshellError('openclaw.rpc-failed', `${method}: ${frame.error?.message ?? 'refused without a reason'}`)
  }

  const loggedIn = new Promise<unknown>((resolve, reject) => {
    const timer = setTimeout(() => fail(`no challenge within ${timeoutMs} ms`), timeoutMs)
    waiting.set('challenge', (frame) => {
      clearTimeout(timer)
      waiting.delete('challenge')
      if (frame.ok === false) reject(new HardshellError('openclaw.rpc-failed', `connect: ${frame.error?.message}`))
      else call('connect', connectParams(token)).then(resolve, reject)
    })
  })
  socket.addEventListener('message', (event) => {
    const frame = readFrame(event.data)
    if (frame?.type === 'event' && frame.event === 'connect.challenge') waiting.get('challenge')?.(frame)
    else if (frame?.type === 'res' && frame.id !== undefined) waiting.get(frame.id)?.(frame)
  })
  try {
    await loggedIn
  } catch (error) {
    socket.close()
    throw error
  }
  return { call, close: () => socket.close() }
}

function connectParams(token: Secret): object {
  return {
    minProtocol: 4,
    maxProtocol: 4,
    client: { id: 'gateway-client', version: '1.0.0', platform: process.platform, mode: 'backend' },
    role: 'operator',
    scopes,
    caps: [],
    auth: { token: token.reveal() },
    locale: 'en-US',
    userAgent: 'hardshell',
  }
}

function readFrame(data: unknown): Frame | null {
  try {
    return JSON.parse(String(data)) as Frame
  } catch {
    return null // not a frame of this protocol: nobody waits for it
  }
}
