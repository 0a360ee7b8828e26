import type { Channel } from './channel.ts'
import { featureCount } from './features.ts'
import type { Model } from './model.ts'
import { forChat, forContent, limits, type Packed } from './weights.ts'

/** From which log-odds on a text is flagged, and from which it may be blocked. */
export interface Limits {
  flag: number
  block: number
}

/** The model and the limits of a channel. Texts of users and texts agents find have a model each. */
export function trainedFor(channel: Exclude<Channel, 'model_output'>): { model: Model; limits: Limits } {
  if (channel === 'user') return { model: unpackedOnce('chat', forChat), limits: limits.chat }
  return { model: unpackedOnce('content', forContent), limits: limits.content }
}

const unpacked = new Map<string, Model>()

/** Unpacking takes a millisecond, which a command that inspects nothing does not pay. */
function unpackedOnce(name: string, packed: Packed): Model {
  let model = unpacked.get(name)
  if (!model) {
    model = { weights: unpack(packed), scale: packed.scale, bias: packed.bias }
    unpacked.set(name, model)
  }
  return model
}

function unpack({ weights }: Packed): Int8Array {
  const bytes = Int8Array.from(atob(weights.join('')), (unit) => unit.charCodeAt(0))
  if (bytes.length !== featureCount) throw new Error(`the model has ${bytes.length} weights, not ${featureCount}`)
  return bytes
}
