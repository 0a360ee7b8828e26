import { readFileSync } from 'node:fs'
import type { Installation } from './installation.ts'

export interface Turn {
  status: number
  /** What the agent said, all pieces together. */
  text: string
  pieces: number
  /** False when the stream ended without its closing word. */
  whole: boolean
  /** `x-hardshell-visit` */
  visit: string
}

export interface TurnOptions {
  agent?: string
  /** Calls with the same name share one OpenClaw session. */
  user?: string
  onPiece?: (text: string) => void
}

export function operatorToken(installation: Installation): string {
  return readFileSync(`${installation.state}/guard/operator.token`, 'utf8').trim()
}

/** One streamed turn through the front door, as a chat program makes it. Never throws for a connection that is cut. */
export async function chat(installation: Installation, prompt: string, { agent = 'main', user, onPiece }: TurnOptions = {}): Promise<Turn> {
  const reply = await fetch(`http://127.0.0.1:${installation.ports.ingress}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorToken(installation)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: `openclaw/${agent}`, stream: true, messages: [{ role: 'user', content: prompt }], ...(user && { user }) }),
  })
  const turn: Turn = { status: reply.status, text: '', pieces: 0, whole: false, visit: reply.headers.get('x-hardshell-visit') ?? '' }
  if (!reply.ok) return { ...turn, text: await reply.text() }
  try {
    for await (const data of events(reply)) {
      if (data === '[DONE]') turn.whole = true
      const piece = data.startsWith('{') ? (JSON.parse(data) as { choices?: { delta?: { content?: string } }[] }).choices?.[0]?.delta?.content : undefined
      if (!piece) continue
      turn.text += piece
      turn.pieces++
      onPiece?.(piece)
    }
  } catch {
    turn.whole = false // cut off: what was said until then is the answer
  }
  return turn
}

/** Starts a slow turn and resolves when its first words arrived. */
export async function startSlowTurn(installation: Installation, seconds: number, options: TurnOptions = {}): Promise<{ ended: Promise<Turn> }> {
  const heard = Promise.withResolvers<void>()
  const ended = chat(installation, `SLOW:${seconds} counting slowly`, { ...options, onPiece: () => heard.resolve() })
  ended.then((turn) => heard.reject(new Error(`the turn ended before its first word: ${turn.status} ${turn.text}`)), heard.reject)
  await heard.promise
  return { ended }
}

async function* events(reply: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of reply.body ?? []) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true })
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const event = rest.slice(0, end)
      rest = rest.slice(end + 2)
      for (const line of event.split('\n')) if (line.startsWith('data:')) yield line.slice(5).trim()
    }
  }
}
