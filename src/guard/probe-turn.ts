import { randomId, type Secret } from '../base/index.ts'
import { connectGateway, probeAgentId } from '../openclaw/index.ts'

/**
 * Runs one turn of the probe's agent in the real gateway, over its HTTP API, in a session of its own which is
 * deleted afterwards: a user's chats never see it.
 *
 * @returns the agent's last words
 * @throws when the gateway refuses or does not answer
 */
export async function runProbeTurn(gateway: { port: number; token: Secret }, prompt: string, signal: AbortSignal): Promise<string> {
  const rpc = await connectGateway(`ws://127.0.0.1:${gateway.port}`, gateway.token)
  const key = `agent:${probeAgentId}:${randomId()}`.toLowerCase()
  try {
    // Incognito sessions would leave even less, but are for the browser client alone ("incognito sessions are web-only").
    return await ask(gateway, key, prompt, signal)
  } finally {
    await rpc.call('sessions.delete', { key }).catch(() => undefined) // no turn, no session
    rpc.close()
  }
}

async function ask(gateway: { port: number; token: Secret }, sessionKey: string, prompt: string, signal: AbortSignal): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.token.reveal()}`,
      'content-type': 'application/json',
      'x-openclaw-session-key': sessionKey,
    },
    body: JSON.stringify({ model: `openclaw/${probeAgentId}`, messages: [{ role: 'user', content: prompt }] }),
    signal,
  })
  if (!reply.ok) throw new Error(`the gateway answered the probe turn with HTTP ${reply.status}`)
  const body = (await reply.json()) as { choices?: { message?: { content?: string } }[] }
  return body.choices?.[0]?.message?.content ?? ''
}
