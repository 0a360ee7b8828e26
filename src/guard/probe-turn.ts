import { randomId, type Secret } from '../base/index.ts'
import { connectGateway, probeModel, probeProvider, type GatewayRpc } from '../openclaw/index.ts'
import type { GatewayToken } from './gateway-token.ts'

/** Runs probe turns, and knows which sessions are theirs while they run. */
export interface ProbeTurns {
  /**
   * One turn in the real gateway, over its HTTP API: a session of its own, answered by the probe's model, deleted
   * afterwards. A user's chats never see it.
   *
   * @returns the agent's last words
   * @throws when the gateway refuses or does not answer
   */
  run(prompt: string, signal: AbortSignal): Promise<string>
  /** True for the session of a turn that runs right now: a name alone, which anybody can claim, is not enough. */
  isProbe(sessionKey: string): boolean
}

export function createProbeTurns(gateway: { port: number }, gatewayToken: GatewayToken): ProbeTurns {
  const running = new Set<string>()
  return {
    isProbe: (sessionKey) => running.has(sessionKey),
    async run(prompt, signal) {
      const token = await gatewayToken.settled()
      const rpc = await connectGateway(`ws://127.0.0.1:${gateway.port}`, token)
      const { agents } = (await rpc.call('agents.list')) as { agents: { id: string }[] }
      const agentId = agents[0]?.id ?? 'main'
      // Incognito sessions would leave even less, but are for the browser client alone ("incognito sessions are web-only").
      const key = `agent:${agentId}:hardshell-probe-${randomId()}`.toLowerCase()
      running.add(key)
      try {
        await clearLeftovers(rpc, running)
        return await ask({ port: gateway.port, token }, { agentId, key }, prompt, signal)
      } finally {
        running.delete(key)
        await rpc.call('sessions.delete', { key }).catch(() => undefined) // no turn, no session
        rpc.close()
      }
    },
  }
}

// A guard that was killed in the middle of a proof could not delete its session; the next proof does.
async function clearLeftovers(rpc: GatewayRpc, running: ReadonlySet<string>): Promise<void> {
  const { sessions } = (await rpc.call('sessions.list')) as { sessions: { key: string }[] }
  const left = sessions.filter(({ key }) => /^agent:[^:]+:hardshell-probe-/.test(key) && !running.has(key))
  for (const { key } of left) await rpc.call('sessions.delete', { key }).catch(() => undefined)
}

async function ask(gateway: { port: number; token: Secret }, session: { agentId: string; key: string }, prompt: string, signal: AbortSignal): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.token.reveal()}`,
      'content-type': 'application/json',
      'x-openclaw-session-key': session.key,
      'x-openclaw-model': `${probeProvider}/${probeModel}`,
    },
    body: JSON.stringify({ model: `openclaw/${session.agentId}`, messages: [{ role: 'user', content: prompt }] }),
    signal,
  })
  if (!reply.ok) throw new Error(`the gateway answered the probe turn with HTTP ${reply.status}: ${(await reply.text()).slice(0, 200)}`)
  const body = (await reply.json()) as { choices?: { message?: { content?: string } }[] }
  return body.choices?.[0]?.message?.content ?? ''
}
