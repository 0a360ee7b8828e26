import { createHmac } from 'node:crypto'
import type { Secret } from '../base/index.ts'
import { boundaryBlock, markerFor, type MarkerDigest } from '../content/index.ts'

/** The block in every system prompt that says what marks around untrusted text mean, and how those marks are made. */
export interface Boundary {
  /** Carried by the block's own tags. */
  marker: string
  block: string
  digest: MarkerDigest
}

/** @param key of this installation: whoever has it can write marks that are believed */
export function boundaryOf(key: Secret): Boundary {
  const digest: MarkerDigest = (text) => createHmac('sha256', key.reveal()).update(text).digest('hex')
  const marker = markerFor('boundary', digest)
  return { marker, block: boundaryBlock({ marker }), digest }
}
