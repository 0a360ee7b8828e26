import { isObject, type JsonObject } from './json-text.ts'
import { addPiece, withEcho, type Piece } from './pieces.ts'

// Parts of JSON; all others are plain text.
const jsonDeltas = /^response\.(?:function_call|mcp_call)_arguments\.delta$/
// Sound and pictures.
const mediaDeltas = /^response\.(?:audio|output_audio)\.delta$/

/**
 * Every `….delta` is part of a text; the events between them, and the `….done` that repeat the text, carry whole texts.
 * What a later version adds is read like what there is.
 */
export function responsePieces(event: JsonObject): Piece[] {
  const found: Piece[] = []
  const { type } = event
  if (typeof type !== 'string' || !type.endsWith('.delta')) return found
  const slot = slotOf(event, type.slice(0, -'.delta'.length))
  const kind = mediaDeltas.test(type) ? 'kept' : jsonDeltas.test(type) ? 'json' : 'text'
  const { delta } = event
  if (!isObject(delta)) addPiece(found, event, 'delta', slot, kind)
  else for (const field of Object.keys(delta)) addPiece(found, delta, field, `${slot}:${field}`, kind)
  return withEcho(found, event, 'logprobs')
}

/** A text ends with its own `….done`, with its item, or with the answer. */
export function endedResponseSlots(event: JsonObject): readonly string[] | 'all' {
  const { type } = event
  if (typeof type !== 'string') return []
  if (/^response\.(?:completed|incomplete|failed)$/.test(type) || type === 'error') return 'all'
  if (type === 'response.output_item.done') return [`${event.output_index}/*`]
  return type.endsWith('.done') ? [`${slotOf(event, type.slice(0, -'.done'.length))}*`] : []
}

function slotOf({ output_index, content_index, summary_index, command_index }: JsonObject, what: string): string {
  return `${output_index}/${content_index ?? summary_index ?? command_index ?? 0}/${what}`
}
