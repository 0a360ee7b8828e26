import type { Step } from './call.ts'
import { forwardHttp } from './forward-http.ts'
import { answerHealth, isHealth } from './health.ts'
import { carryWebSocket } from './web-socket.ts'

/** Hands the request to the gateway and its answer back. */
export const forward: Step = async (call, around) => {
  if (isHealth(call)) return await answerHealth(call, around)
  const { client } = call
  if (client.kind === 'websocket') return await carryWebSocket(call, client, around)
  return await forwardHttp(call, client.response, around)
}
