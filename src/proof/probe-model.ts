import { backwards, fakeSecret } from './fake-secret.ts'

/** What the probe's model is asked: the conversation of a probe turn, as the model proxy read it. */
export interface ProbeRequest {
  messages: readonly { role: string; text: string; isToolResult: boolean }[]
  /** Names of the tools OpenClaw offers in this turn. */
  tools: readonly string[]
}

const redaction = /HARDSHELL-REDACTION ([0-9a-f]{32}) (.*)/
const canary = /HARDSHELL-CANARY [0-9a-f]{32} (.*)/
const forbiddenCall = /HARDSHELL-PROBE ([0-9a-f]{32})/
const harmlessTool = 'session_status'

/**
 * The model behind a probe turn; it costs nothing and knows one conversation. It first calls a harmless tool, which
 * must run: that shows the tool is there for the taking. Then it calls the same tool carrying the nonce, which only
 * our decision can stop. Last it repeats both results, so that the proof can read what the agent was told.
 * Asked about redaction it repeats what it was told, backwards so that nothing is taken out of that on the way back, and says a secret of its own; told a canary it says it.
 */
export function probeAnswer(request: ProbeRequest): { text: string } | { tool: string; args: object } {
  const told = request.messages.map(({ text }) => redaction.exec(text)).find(Boolean)
  if (told) return { text: `HEARD<<${backwards(told[2]!)}>> SAID<<${fakeSecret(told[1]!, 'said')}>>` }
  const planted = request.messages.map(({ text }) => canary.exec(text)?.[1]).find(Boolean)
  if (planted) return { text: `CANARY<<${planted}>>` }
  const nonce = request.messages.map(({ text }) => forbiddenCall.exec(text)?.[1]).find(Boolean)
  if (!nonce) return { text: 'this model answers only the probes of Hardshell' }
  const results = request.messages.filter(({ isToolResult }) => isToolResult)
  if (results.length === 0) return call(request.tools, {})
  if (results.length === 1) return call(request.tools, { sessionKey: `forbidden-${nonce}` })
  return { text: `CONTROL<<${results[0]!.text.slice(0, 300)}>> FORBIDDEN<<${results[1]!.text.slice(0, 600)}>>` }
}

// With tool search on (OpenClaw's default) tools sit behind `tool_call`; without it they are called by name.
function call(tools: readonly string[], args: object): { tool: string; args: object } {
  if (tools.includes(harmlessTool)) return { tool: harmlessTool, args }
  return { tool: 'tool_call', args: { id: harmlessTool, args } }
}
