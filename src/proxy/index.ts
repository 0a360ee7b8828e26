/**
 * The doors. What every one of them shares is here: a `Visit` is born when a request arrives, a `Turn` says which
 * turn of an agent it belongs to, and `close` leaves exactly one outcome in the log, whatever happened in between.
 * Each door has its own face: `model/index.ts`, `ingress/index.ts`, `egress/index.ts`.
 */
export { close, entryOf, type Outcome } from './close.ts'
export { createTurnBook, traceIdOf, type TurnBook } from './turns.ts'
export { meet, type Turn, type TurnOrigin, type Visit, type Who } from './visit.ts'
export {
  createModelProxy,
  scriptedModel,
  type Caller,
  type Claim,
  type LocalModelAnswer,
  type LocalModelMessage,
  type LocalModelRequest,
  type ModelApi,
  type ModelContent,
  type ModelMeter,
  type ModelProxy,
  type ModelProxyOptions,
  type ModelProxyPorts,
  type Provider,
  type Reservation,
  type Settlement,
  type Usage,
} from './model/index.ts'
