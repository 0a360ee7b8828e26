import { ask, operatorName } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

interface Options {
  json?: unknown
  state?: string | boolean
  reason?: string | boolean
}

/** What the guard says after a switch was thrown. */
interface Switched {
  ok: boolean
  cut: number
  paused: { by: string; reason: string } | null
  disabledAgents: string[]
}

/** `hardshell agent disable|enable ID`. */
export async function switchAgent(verb: 'disable' | 'enable', agentId: string, options: Options, terminal: Terminal): Promise<number> {
  const done = await ask<Switched>(options, terminal, verb === 'disable' ? 'disableAgent' : 'enableAgent', { agentId, ...who(options, terminal) })
  const cut = done.cut > 0 ? `; ${done.cut} running call${done.cut === 1 ? '' : 's'} cut` : ''
  return say(done, `agent ${agentId} is ${verb}d${cut}`, options, terminal)
}

/** `hardshell pause --all`. */
export async function pause(options: Options, terminal: Terminal): Promise<number> {
  const done = await ask<Switched>(options, terminal, 'pause', who(options, terminal))
  return say(done, `every agent is paused; ${done.cut} running call${done.cut === 1 ? '' : 's'} cut; go on with: hardshell resume`, options, terminal)
}

/** `hardshell resume`. */
export async function resume(options: Options, terminal: Terminal): Promise<number> {
  const done = await ask<Switched>(options, terminal, 'resume', who(options, terminal))
  const still = done.disabledAgents.length > 0 ? `; still disabled: ${done.disabledAgents.join(', ')}` : ''
  return say(done, `agents run again${still}`, options, terminal)
}

/** `hardshell agent list`. */
export async function listAgents(options: Options, terminal: Terminal): Promise<number> {
  const state = await ask<Omit<Switched, 'cut'>>(options, terminal, 'agents')
  const lines = [
    state.paused ? `paused: every agent (by ${state.paused.by}: ${state.paused.reason})` : 'paused: none',
    `disabled: ${state.disabledAgents.join(', ') || 'none'}`,
  ]
  return say(state, lines.join('\n'), options, terminal)
}

function who(options: Options, terminal: Terminal): { by: string; reason: string } {
  return { by: operatorName(terminal.env), reason: typeof options.reason === 'string' ? options.reason : 'no reason given' }
}

function say(answer: object, sentence: string, options: Options, terminal: Terminal): number {
  terminal.out(options.json === true ? JSON.stringify(answer) : sentence)
  return 0
}
