/**
 * What shim and server say to each other: frames of one letter, four bytes of length (big endian) and a payload.
 *
 * From the shim: `H` what to run (once, first), `I` bytes for its stdin, `E` the end of them.
 * From the server: `W` so many bytes of stdin may follow, `O` and `X` bytes of stdout and stderr, `Q` exit status.
 * The shim sends no more stdin than it was allowed, so that the server can always read and always notices its end.
 */
export interface Frame {
  type: string
  payload: Buffer
}

// One argument of a program has 128 KiB at most (Linux, MAX_ARG_STRLEN); the command is one argument.
export const maxFrameBytes = 256 * 1024

/** How much of stdin may be under way: enough to keep a pipe busy, little enough to hold for every call. */
export const stdinWindowBytes = 512 * 1024

export function frame(type: string, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(payload.length, 1)
  return Buffer.concat([head, payload])
}

export function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Cuts a stream into frames. Attacker-controlled: a frame larger than `maxFrameBytes` is `null`, and so is all that follows. */
export function frameReader(): (chunk: Buffer) => Frame[] | null {
  let rest: Buffer = Buffer.alloc(0)
  let broken = false
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames: Frame[] = []
    while (!broken && rest.length >= 5) {
      const length = rest.readUInt32BE(1)
      if (length > maxFrameBytes) broken = true
      if (broken || rest.length < 5 + length) break
      frames.push({ type: rest.toString('latin1', 0, 1), payload: rest.subarray(5, 5 + length) })
      rest = rest.subarray(5 + length)
    }
    return broken ? null : frames
  }
}
