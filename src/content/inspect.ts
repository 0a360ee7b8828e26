import { sourceLayer } from './encoding/layer.ts'
import { findIn, unwrap } from './encoding/unwrap.ts'
import type { Channel } from './injection/channel.ts'
import { detectInLayers, injectionThresholds } from './injection/detect.ts'
import { compileBlocked } from './input/blocked.ts'
import { findSmuggled } from './input/smuggled.ts'
import { findExfiltration, type ExfiltrationOptions } from './output/exfiltration/find.ts'
import { findPii } from './pii/find.ts'
import type { PhonePlans } from './pii/recognizer.ts'
import { findSecrets } from './secrets/find.ts'

/** Something a detector saw. Offsets are UTF-16 units of the text as it was given, `end` is exclusive. */
export interface Signal {
  /** `injection.…`, `smuggled.…`, `blocked-pattern`, `secret.…`, `pii.…`, `exfiltration.…`. */
  id: string
  start: number
  end: number
}

export interface Inspected {
  /** The verdict at default thresholds: see `createInspector`. */
  flagged: boolean
  /** 0 to 1; 0.5 and more exactly when flagged. */
  score: number
  /** Sorted by place. Also what does not flag is listed. */
  signals: Signal[]
}

export interface InspectorOptions {
  /** RE2, besides the detectors. Default none. */
  blockedPatterns?: readonly string[]
  /** Hosts an answer may name with data in the address. */
  allowedHosts?: readonly string[]
  /** From `loadPhonePlans`; without them telephone numbers are judged by their form. */
  phones?: PhonePlans
}

/**
 * All detectors of the product over one text, with a verdict. What flags depends on where the text comes from. From a
 * user, a tool or a document: an injection, smuggled characters, a blocked pattern; secrets and personal data are
 * listed, because carrying them is what such texts are often for. From a model: secrets, personal data, and addresses
 * that carry data away; a picture from elsewhere is only listed.
 * @throws HardshellError `content.bad-pattern`
 */
export function createInspector(options: InspectorOptions = {}): (text: string, channel: Channel) => Inspected {
  const blockedIn = compileBlocked(options.blockedPatterns ?? [])
  const pii = { ...(options.phones && { phones: options.phones }) }
  const exfiltration = { allowedHosts: options.allowedHosts ?? [] }

  return (text, channel) => {
    const layers = [sourceLayer(text), ...unwrap(text)]
    const injection = detectInLayers(layers, channel)
    const blocked = blockedIn(text)
    const found: Weighed[] = [
      ...injection.signals.map(({ id, start, end }) => ({ id, start, end, score: 0 })),
      ...findSmuggled(text).map(({ kind, start, end }) => {
        return { id: `smuggled.${kind}`, start, end, score: inward(channel, smuggledScores[kind]) }
      }),
      ...(blocked ? [{ id: 'blocked-pattern', start: blocked.start, end: blocked.end, score: inward(channel, 1) }] : []),
      ...findIn(layers, findSecrets).map(({ type, start, end }) => {
        return { id: `secret.${type}`, start, end, score: outward(channel, 0.99) }
      }),
      ...findIn(layers, (layer) => findPii(layer, pii)).map(({ type, start, end, certainty }) => {
        return { id: `pii.${type}`, start, end, score: outward(channel, certainty === 'certain' ? 0.95 : 0.7) }
      }),
      ...(channel === 'model_output' ? exfiltrationIn(text, exfiltration) : []),
    ]
    const score = found.reduce((most, one) => Math.max(most, one.score), injection.score)
    return { flagged: score >= injectionThresholds.flag, score, signals: inOrder(found) }
  }
}

/** A picture loads by itself, from anywhere: what counts is whether its address would carry data as a link, too. */
function exfiltrationIn(text: string, options: ExfiltrationOptions): Weighed[] {
  return findExfiltration(text, options).map(({ reason, start, end }) => {
    const harmless = reason === 'loads-by-itself' && findExfiltration(text.slice(start, end), options).length === 0
    return { id: `exfiltration.${reason}`, start, end, score: harmless ? 0.4 : 0.9 }
  })
}

interface Weighed extends Signal {
  score: number
}

// Mixed scripts happen in brands and formulas; nobody types the others.
const smuggledScores = { tags: 0.99, selectors: 0.95, bidi: 0.6, 'zero-width': 0.7, 'mixed-script': 0.3 } as const

function inward(channel: Channel, score: number): number {
  return channel === 'model_output' ? 0 : score
}

function outward(channel: Channel, score: number): number {
  return channel === 'model_output' ? score : 0
}

/** Sorted, without doubles: hidden text is often found in more than one reading. */
function inOrder(found: readonly Weighed[]): Signal[] {
  const different = new Map(found.map(({ id, start, end }) => [`${id} ${start} ${end}`, { id, start, end }]))
  return [...different.values()].sort((a, b) => a.start - b.start || a.end - b.end)
}
