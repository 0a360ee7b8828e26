/**
 * The model proxy: the one way from an agent to a model. It speaks OpenAI Chat Completions and Responses,
 * Anthropic Messages and Google Gemini, streaming or not, holds the provider's key so that nobody behind it has to, and
 * asks before it sends.
 *
 * It promises: the decision is on the disk before the provider sees a byte; money is reserved before and settled
 * after, never below what was seen; what carries no secret goes through byte for byte, in both directions; every
 * visit leaves exactly one outcome in the log; whatever cannot be decided, written or inspected is refused.
 *
 * The one change it makes unasked: a streaming chat completion that did not ask for usage is sent with
 * `stream_options.include_usage`, and the chunk this adds at the end is kept from the client (`usageInStream`).
 *
 * Not served: whatever no answer tells the price of (background answers, batches, pictures, embeddings), and what
 * others left at the provider (`GET /v1/responses/{id}` and its kin): a key that all agents share would show each of
 * them what the others said.
 */
export { createModelProxy, type ModelProxy } from './model-proxy.ts'
export { pathAtProvider } from './provider-path.ts'
export { scriptedModel } from './scripted.ts'
export { modelProxyErrors } from './errors.ts'
export type { AnswerFinder, Caller, InputText, InputVerdict, ModelContent, ModelProxyOptions, ModelProxyPorts, Provider } from './ports.ts'
export type { Claim, ModelMeter, Reservation, Settlement, Usage } from './meter.ts'
export type { LocalModelAnswer, LocalModelMessage, LocalModelRequest } from './local.ts'
export type { ApiName as ModelApi } from './api.ts'
