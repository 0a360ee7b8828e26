import type { Api, Ask, Asked } from './api.ts'
import { writeAnswer, writeError, writeErrorEvent, writeStream } from './google-generative-answer.ts'
import { countMembers, isObject, objectsOf, topLevel, type JsonObject } from './json-text.ts'
import type { LocalModelMessage } from './local.ts'
import { addJsonPiece, addPiece, withEcho, type Piece } from './pieces.ts'
import { textsIn } from './texts.ts'
import { countOf, inside, note, tierOf, type Tally } from './usage.ts'

/** Google Gemini, generateContent. Source: Gemini API reference, models.generateContent and GenerateContentResponse. */
export const googleGenerative: Api = {
  flavor: 'google-generative',
  readAsk,
  readMessages,
  readToolNames: (body) =>
    objectsOf(body.tools)
      .flatMap((tool) => objectsOf(tool.functionDeclarations ?? tool.function_declarations))
      .map(({ name }) => name)
      .filter((name) => typeof name === 'string'),
  keyHeader: (key) => ({ name: 'x-goog-api-key', value: key }),
  pieces,
  endedSlots,
  tally,
  stopReason,
  isUsageOnly: () => false,
  isKeepAlive: () => false,
  isFailure: () => false, // an `error` member, as everywhere
  streamsAsArray: true,
  usageRequest: null,
  outputCap: { field: 'maxOutputTokens', parent: 'generationConfig' },
  writeModels: (id) => JSON.stringify({ models: [modelEntry(id)] }),
  writeModel: (id) => JSON.stringify(modelEntry(id)),
  writeTokenCount: (totalTokens) => JSON.stringify({ totalTokens }),
  writeAnswer,
  writeStream,
  writeError,
  writeErrorEvent,
}

/**
 * Google reads every field under two spellings. Where both are there, or one twice, nobody knows which one counts: the
 * output limit we reserve by could be the one that is set aside.
 */
function readAsk(body: JsonObject, asked: Asked): Ask | string {
  if (asked.model === null) return 'the model must stand in the address'
  if (body.model !== undefined && body.model !== asked.model && body.model !== `models/${asked.model}`) {
    return 'the model of the body is not the model of the address'
  }
  if (body.generation_config !== undefined) return 'generation_config must be written generationConfig'
  const config = body.generationConfig ?? {}
  if (!isObject(config)) return 'generationConfig must be an object'
  if (config.max_output_tokens !== undefined || config.candidate_count !== undefined) {
    return 'the fields of generationConfig must be written maxOutputTokens and candidateCount'
  }
  if (repeatsKey(asked.text(), config)) return 'a key occurs twice in generationConfig; which one counts is not defined'
  const answers = config.candidateCount ?? 1
  if (typeof answers !== 'number' || !Number.isSafeInteger(answers) || answers < 1) {
    return 'candidateCount must be a positive integer'
  }
  const perAnswer = countOf(config.maxOutputTokens)
  return {
    model: asked.model,
    stream: asked.stream === true,
    maxOutputTokens: perAnswer > 0 ? perAnswer * answers : null,
    answers,
    wantsUsage: true,
    serviceTier: tierOf(body.serviceTier ?? body.service_tier),
  }
}

function repeatsKey(text: string, config: JsonObject): boolean {
  const place = topLevel(text).get('generationConfig')
  return place !== undefined && countMembers(text.slice(...place)) !== Object.keys(config).length
}

function readMessages(body: JsonObject): LocalModelMessage[] {
  const system = textsIn(inside(body.systemInstruction ?? body.system_instruction, 'parts'))
  const messages = objectsOf(body.contents).flatMap(splitContent)
  return system === '' ? messages : [{ role: 'system', text: system, isToolResult: false }, ...messages]
}

function splitContent({ role, parts }: JsonObject): LocalModelMessage[] {
  const results = objectsOf(parts)
    .map(resultIn)
    .filter((text) => text !== null)
    .map((text): LocalModelMessage => ({ role: 'user', text, isToolResult: true }))
  const text = objectsOf(parts).map((part) => textsIn(part.text)).join('')
  if (text === '' && results.length > 0) return results
  return [...results, { role: role === 'model' ? 'assistant' : 'user', text, isToolResult: false }]
}

/** What a tool said: a function under names of its client's choosing, code that ran on Google's side as output. */
function resultIn(part: JsonObject): string | null {
  const code = part.codeExecutionResult ?? part.code_execution_result
  if (isObject(code)) return textsIn(code.output)
  const function_ = part.functionResponse ?? part.function_response
  if (!isObject(function_)) return null
  const { response } = function_
  const said = inside(response, 'output') ?? inside(response, 'result')
  const only = isObject(response) && Object.keys(response).length === 1
  return only && typeof said === 'string' ? said : JSON.stringify(response ?? null)
}

function pieces(event: JsonObject): Piece[] {
  return objectsOf(event.candidates).flatMap((candidate) => {
    const slot = String(candidate.index ?? 0)
    const found = objectsOf(inside(candidate.content, 'parts')).flatMap((part, at) => partPieces(part, slot, at))
    if (found.length === 0) return found // looked at as a whole
    for (const field of ['groundingMetadata', 'citationMetadata', 'urlContextMetadata']) {
      addJsonPiece(found, candidate, field, `${slot}:now:${field}`)
    }
    return withEcho(found, candidate, 'logprobsResult')
  })
}

/** Text comes in parts, everything else whole. Signatures are the provider's proof and go back to it as they came. */
function partPieces(part: JsonObject, slot: string, at: number): Piece[] {
  const found: Piece[] = []
  addPiece(found, part, 'text', part.thought === true ? `${slot}:thought` : `${slot}:text`, 'text')
  addPiece(found, part, 'thoughtSignature', `${slot}:signature`, 'kept')
  const partial = partialArguments(part)
  for (const argument of partial) addPiece(found, argument, 'stringValue', argumentSlot(slot, argument), 'text')
  for (const field of ['functionCall', 'functionResponse', 'executableCode', 'codeExecutionResult', 'fileData']) {
    if (partial.length === 0 || field !== 'functionCall') addJsonPiece(found, part, field, `${slot}:now:${at}:${field}`)
  }
  if (isObject(part.inlineData)) addPiece(found, part.inlineData, 'data', `${slot}:media`, 'kept')
  return found
}

/** Vertex may send the arguments of a call bit by bit, each named by its place. */
function partialArguments(part: JsonObject): JsonObject[] {
  return objectsOf(inside(part.functionCall, 'partialArgs'))
}

function argumentSlot(slot: string, { jsonPath }: JsonObject): string {
  return `${slot}:args:${String(jsonPath)}|`
}

/** A reason to stop ends all slots of its candidate; what comes whole in one event (`now`) ends with it. */
function endedSlots(event: JsonObject): string[] {
  return objectsOf(event.candidates).flatMap((candidate) => {
    const slot = String(candidate.index ?? 0)
    if (typeof candidate.finishReason === 'string') return [`${slot}:*`]
    const parts = objectsOf(inside(candidate.content, 'parts'))
    const last = parts.flatMap(partialArguments).filter(({ willContinue }) => willContinue !== true)
    return [`${slot}:now:*`, ...last.map((argument) => `${argumentSlot(slot, argument)}*`)]
  })
}

/** The counts run along with the answer; with a reason to stop they are the last ones. */
function tally(json: JsonObject, to: Tally): void {
  const candidates = objectsOf(json.candidates)
  for (const { groundingMetadata } of candidates) {
    const queries = inside(groundingMetadata, 'webSearchQueries')
    if (Array.isArray(queries)) to.searches = Math.max(to.searches, queries.length)
  }
  note(to, json.usageMetadata, stopReason(json) !== null)
}

function stopReason(json: JsonObject): string | null {
  for (const { finishReason } of objectsOf(json.candidates)) if (typeof finishReason === 'string') return finishReason
  const blocked = inside(json.promptFeedback, 'blockReason')
  return typeof blocked === 'string' ? blocked : null
}

function modelEntry(id: string): object {
  const supportedGenerationMethods = ['generateContent', 'countTokens']
  return { name: `models/${id}`, version: '1', displayName: 'built-in', supportedGenerationMethods }
}
