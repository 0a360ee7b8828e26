/** What texts hide in other texts, alone: for whoever looks through files and judges no conversation. */
export { withoutLookAlikes } from './confusables.ts'
export { seeThrough, unwrap, type UnwrapBounds } from './unwrap.ts'
export type { Encoding, Layer, Place } from './layer.ts'
