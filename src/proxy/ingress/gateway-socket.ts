import { WebSocket } from 'ws'
import { formatListen, type Secret } from '../../base/index.ts'
import type { Call, Surroundings } from './call.ts'
import { pinnedClient, signDevice } from './device.ts'
import { hostForGateway } from './origin.ts'
import { parseObject, type ConnectRequest } from './handshake.ts'
import { createInbox, type Frame } from './inbox.ts'
import { allowedScopes } from './permissions.ts'
import { maxFrameBytes, type Line } from './relay-frames.ts'

// The gateway answers at once or is starting; its clients try again by themselves.
const openTimeoutMs = 10_000

/**
 * Connects to the gateway and sends the client's connect request in our words: the gateway's token instead of the
 * client's, the scopes its permissions allow, a device block of our own where the client had one.
 * @returns the socket; the answer to the connect is still to be read
 * @throws when the gateway cannot be reached or does not open with a challenge
 */
export async function openGateway(connect: ConnectRequest, call: Call, around: Surroundings): Promise<Line> {
  const gateway = dial(call, around)
  const inbox = createInbox(gateway)
  try {
    const { nonce, ts } = readChallenge(await inbox.next(openTimeoutMs))
    gateway.send(
      JSON.stringify({
        type: 'req',
        id: connect.id,
        method: 'connect',
        params: ourParams(connect, { nonce, ts, call, around, token: await around.ports.gatewayToken() }),
      }),
    )
    return { socket: gateway, inbox }
  } catch (error) {
    gateway.terminate()
    throw error
  }
}

function dial(call: Call, around: Surroundings): WebSocket {
  const { request } = call
  const host = hostForGateway(call, around)
  const gateway = new WebSocket(`ws://${formatListen(around.options.gateway)}${request.url ?? '/'}`, {
    perMessageDeflate: false,
    followRedirects: false,
    handshakeTimeout: openTimeoutMs,
    maxPayload: maxFrameBytes,
    // The page was found to be ours; to the gateway its own address is.
    ...(request.headers.origin !== undefined && { origin: `http://${host}` }),
    headers: {
      host,
      ...(request.headers['user-agent'] !== undefined && { 'user-agent': request.headers['user-agent'] }),
    },
  })
  gateway.on('error', () => gateway.terminate())
  return gateway
}

function readChallenge(frame: Frame | null): { nonce: string; ts: number } {
  const event = frame === null || frame.isBinary ? null : parseObject(String(frame.data))
  const { nonce, ts } = (event?.payload ?? {}) as { nonce?: unknown; ts?: unknown }
  if (event?.event === 'connect.challenge' && typeof nonce === 'string' && typeof ts === 'number') return { nonce, ts }
  throw new Error('the gateway did not open with a challenge')
}

function ourParams(
  { params, role, hasDevice }: ConnectRequest,
  { nonce, ts, call, around, token }: { nonce: string; ts: number; call: Call; around: Surroundings; token: Secret },
): Record<string, unknown> {
  const { who } = call.visit
  const scopes = who === null ? [] : allowedScopes(who, params.scopes)
  const { device: _, ...rest } = params
  const ours = { ...rest, role, scopes, auth: { token: token.reveal() } }
  if (!hasDevice || who === null) return ours
  const client = pinnedClient((params.client ?? {}) as Record<string, unknown>)
  return {
    ...ours,
    client,
    device: signDevice(around.ports.device(), who.name, { client, role, scopes, token, nonce, ts }),
  }
}
