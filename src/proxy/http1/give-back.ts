// Less is not worth the call: the next collection of young memory finds it.
const minBytes = 16_384

/**
 * Gives memory back at once that nobody reads any more. Left to the collector, the bodies of large requests are what
 * makes it look through the whole heap several times a second. Whoever still held these bytes would find none: never
 * another one's.
 *
 * @param bytes that no write is still under way with. Part of a larger memory: left alone
 */
export function giveBack(bytes: Buffer): void {
  const { buffer } = bytes
  if (bytes.length < minBytes || bytes.length !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return
  buffer.transfer(0)
}
