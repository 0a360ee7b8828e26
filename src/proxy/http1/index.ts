/**
 * HTTP/1.1 framing of our own, for a proxy that reads every byte anyway: a server, and a pool of connections to one
 * origin. `node:http` costs more than everything the model proxy does with a call (docs/performance.md).
 *
 * It promises: what two readers could frame differently is refused, in requests and in answers (RFC 9112, and
 * stricter where old forms are only used by attacks); a head, a body and a silence have deadlines no trickle of bytes
 * can move; connections that have not yet said anything never close the door for one that does; nothing a peer sends
 * throws, and a field that would end its line is never written. Bodies are not looked at.
 */
export { createHttp1Server, type Http1Server, type Http1ServerOptions, type Http1ServerPorts } from './server.ts'
export { createHttp1Pool, type Http1Pool, type Http1PoolOptions, type Http1PoolPorts } from './pool.ts'
export type { Exchange, Reply } from './exchange.ts'
export type { AnswerSink, Line, OutgoingRequest } from './answer.ts'
export type { Fields } from './fields.ts'
export type { FlatFields, OutgoingFields } from './head-text.ts'
export { http1Errors } from './errors.ts'
