import { HardshellError } from '../base/index.ts'
import { ask, lost, reasonIn } from './chat.ts'
import { findConnection, processPorts, type ConnectionPorts } from './connection.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import { readEvents } from './events.ts'

export interface AgentOptions {
  /** Model instead of the agent's own, such as `anthropic/claude-sonnet-4`. The guard's policy has the last word. */
  model?: string
  /** OpenClaw agent id. Default: the gateway's default agent. */
  agent?: string
  /** The guard's front door, such as `http://127.0.0.1:3001`. Default: environment, then connection file. */
  url?: string
  /** Default: environment, then the file the connection file names. */
  token?: string
  /** Milliseconds an answer may take; for a stream, how long it may be silent. Default 300,000. */
  timeoutMs?: number
  /** Send the token over http:// to an address that is not loopback. */
  dangerouslyAllowPlainHttp?: boolean
}

// OpenClaw answers warm turns within a second; turns with tools take minutes.
const defaultTimeoutMs = 300_000
// Far more than a model writes in one answer: a bound for memory.
const maxAnswerBytes = 16_777_216

/**
 * An OpenClaw agent behind the guard. Every call is one turn through the front door, so login, limits, budget,
 * redaction and the audit log apply to programs as they do to people. The gateway keeps no session between calls.
 */
export class Agent {
  readonly #options: AgentOptions
  readonly #ports: ConnectionPorts

  /** Nothing is read or connected before the first question. */
  constructor(options: AgentOptions = {}, ports: ConnectionPorts = processPorts()) {
    this.#options = options
    this.#ports = ports
  }

  /**
   * Asks and waits for the whole answer.
   * @throws HardshellError `sdk.refused` naming the visit, `sdk.unreachable`, `sdk.timeout`, `sdk.bad-answer`,
   * `sdk.not-connected`, `sdk.insecure-address`
   */
  async run(prompt: string): Promise<string> {
    const deadline = this.#deadline()
    try {
      const response = await this.#ask(prompt, false, deadline)
      const content = contentOf(await readWhole(response, deadline))
      if (content === null) throw badAnswer('the answer is not a chat completion with text')
      return content
    } finally {
      deadline.end()
    }
  }

  /**
   * Asks and hands out the answer in the pieces it arrives in. Leaving the loop early ends the request.
   * @throws the same as `run`, while iterating; `sdk.bad-answer` also when the stream stops before it said so
   */
  async *stream(prompt: string): AsyncGenerator<string> {
    const deadline = this.#deadline()
    try {
      const response = await this.#ask(prompt, true, deadline)
      for await (const data of readEvents(heard(response, deadline))) {
        if (data === '[DONE]') return
        const piece = contentOf(data)
        if (piece) yield piece
        deadline.putOff() // the time the caller took for this piece is not the agent's silence
      }
      throw badAnswer('the stream was cut off before its end')
    } finally {
      deadline.end()
    }
  }

  #deadline(): Deadline {
    return createDeadline(this.#options.timeoutMs ?? defaultTimeoutMs)
  }

  async #ask(prompt: string, stream: boolean, deadline: Deadline): Promise<Response> {
    const { agent, model } = this.#options
    const connection = await findConnection(this.#options, this.#ports)
    return await ask({ prompt, stream, agent, model }, connection, deadline)
  }
}

async function readWhole(response: Response, deadline: Deadline): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of heard(response, deadline, { putsOff: false })) {
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}

/** The body's bytes, bounded; losing the connection becomes our error, and every byte heard puts off the deadline. */
async function* heard(response: Response, deadline: Deadline, more = { putsOff: true }): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > maxAnswerBytes) throw badAnswer('the answer is larger than 16 MiB')
      if (more.putsOff) deadline.putOff()
      yield chunk
    }
  } catch (cause) {
    throw lost(cause, deadline, 'the answer was cut off', 'sdk.bad-answer')
  }
}

/**
 * The text of a completion or of one piece of it.
 * @returns `null` when there is none: a piece may carry only a role
 */
function contentOf(json: string): string | null {
  let parsed: { choices?: { message?: { content?: unknown }; delta?: { content?: unknown } }[]; error?: unknown }
  try {
    parsed = JSON.parse(json) as typeof parsed
  } catch (cause) {
    throw new HardshellError('sdk.bad-answer', 'the answer is not JSON', { cause })
  }
  if (parsed?.error) throw badAnswer(`the agent failed: ${reasonIn(json) || 'no reason given'}`)
  const choice = parsed?.choices?.[0]
  const content = choice?.message?.content ?? choice?.delta?.content
  return typeof content === 'string' ? content : null
}

function badAnswer(message: string): HardshellError {
  const hint = 'is this address a guard’s front door? see `hardshell status`'
  return new HardshellError('sdk.bad-answer', message, { hint })
}
