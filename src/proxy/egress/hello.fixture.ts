/** A hello of our own making. */
export function helloWith(extensions: readonly [number, Buffer][], more: { extra?: Buffer; legacy?: boolean } = {}): Buffer {
  const sized = (size: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    const length = Buffer.alloc(size)
    length.writeUIntBE(body.length, 0, size)
    return Buffer.concat([length, body])
  }
  const list = Buffer.concat(extensions.map(([type, data]) => Buffer.concat([Buffer.from([type >> 8, type & 255]), sized(2, data)])))
  const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32), sized(1), sized(2, Buffer.from([0x13, 0x01])), sized(1, Buffer.from([0])), ...(more.legacy ? [] : [sized(2, list)]), more.extra ?? Buffer.alloc(0)])
  return Buffer.concat([Buffer.from([0x16, 3, 1]), sized(2, Buffer.from([1]), sized(3, body))])
}

export function nameList(...names: string[]): Buffer {
  const entries = names.map((name) => Buffer.concat([Buffer.from([0, name.length >> 8, name.length & 255]), Buffer.from(name)]))
  const all = Buffer.concat(entries)
  return Buffer.concat([Buffer.from([all.length >> 8, all.length & 255]), all])
}

/** One that asks for this server. */
export function helloFor(name: string): Buffer {
  return helloWith([[0, nameList(name)]])
}
