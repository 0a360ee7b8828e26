import type { AnswerSink as RemoteSink, FlatFields, Line } from '../http1/index.ts'

export type { Line }

/** Where an answer arrives, from a provider or from a model inside the guard. */
export type AnswerSink = Pick<RemoteSink, 'sent' | 'data' | 'end' | 'fail'> & {
  /** Names in lower case. */
  start(status: number, fields: ReceivedFields): void
}

/** As much of an answer's head as is asked for. Attacker-controlled. */
export interface ReceivedFields {
  get(name: string): string | undefined
  list(): FlatFields
}

/** The fields of an answer of our own. */
export function ownFields(fields: Readonly<Record<string, string>>): ReceivedFields {
  return { get: (name) => fields[name], list: () => Object.entries(fields).flat() }
}
