import type { AnswerMeta, Api } from './api.ts'
import { ownFields, type AnswerSink, type Line } from './line.ts'
import type { LocalModelAnswer } from './local.ts'

export interface LocalCall {
  api: Api
  kind: 'call' | 'count' | 'models'
  /** The model the path names: its entry is wanted, not the list. */
  asked: string | null
  stream: boolean
  visit: string
  model: string
  nowMs: number
  inputBytes: number
  ask(): LocalModelAnswer | Promise<LocalModelAnswer>
}

/**
 * Serves a model inside the guard as if it were a provider: the same bytes, the same screen, the same accounting.
 * Its failure is a provider's failure.
 */
export function openLocalLine(call: LocalCall, sink: AnswerSink): Line {
  const pace = createPace()
  const speak = async (): Promise<void> => {
    await Promise.resolve() // never before the caller holds the line
    sink.sent()
    if (call.kind !== 'call') return whole(call, null, sink)
    const answer = await call.ask()
    if (pace.over()) return
    if (!call.stream) {
      await pace.wait('text' in answer ? (answer.slowMs ?? 0) : 0)
      return pace.over() ? undefined : whole(call, answer, sink)
    }
    sink.start(200, ownFields({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }))
    const frames = call.api.writeStream(answer, metaOf(call, answer))
    const everyMs = 'text' in answer && answer.slowMs ? answer.slowMs / frames.length : 0
    for (const frame of frames) {
      await pace.wait(everyMs)
      if (pace.over()) return
      sink.data(Buffer.from(frame))
    }
    sink.end()
  }
  speak().catch((error: unknown) => {
    if (!pace.over()) sink.fail(error instanceof Error ? error : new Error(String(error)))
  })
  return pace
}

function whole(call: LocalCall, answer: LocalModelAnswer | null, sink: AnswerSink): void {
  const { api, kind, model, asked } = call
  sink.start(200, ownFields({ 'content-type': 'application/json' }))
  if (answer) sink.data(Buffer.from(api.writeAnswer(answer, metaOf(call, answer))))
  else if (kind === 'models') sink.data(Buffer.from(asked === null ? api.writeModels(model) : api.writeModel(asked)))
  else sink.data(Buffer.from(api.writeTokenCount(tokens(call.inputBytes))))
  sink.end()
}

function metaOf({ visit, model, nowMs, inputBytes }: LocalCall, answer: LocalModelAnswer): AnswerMeta {
  const said = 'text' in answer ? answer.text : JSON.stringify(answer.args)
  return {
    visit,
    model,
    createdAt: Math.floor(nowMs / 1000),
    inputTokens: tokens(inputBytes),
    outputTokens: tokens(Buffer.byteLength(said)),
    includeUsage: true,
  }
}

/** Four bytes a token: what English comes to with the tokenisers of the big providers. Nobody is billed by it. */
function tokens(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4))
}

interface Pace extends Line {
  over(): boolean
  /** Waits so long, and longer while paused; returns at once when aborted. */
  wait(ms: number): Promise<void>
}

function createPace(): Pace {
  let ended = false
  let paused = false
  let timer: NodeJS.Timeout | undefined
  let wakeUp = (): void => {}
  let goOn = (): void => {}
  return {
    over: () => ended,
    async wait(ms) {
      if (ms > 0 && !ended) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve
          timer = setTimeout(resolve, ms)
        })
      }
      while (paused && !ended) await new Promise<void>((resolve) => (goOn = resolve))
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      goOn()
    },
    abort() {
      ended = true
      clearTimeout(timer)
      wakeUp()
      goOn()
    },
  }
}
