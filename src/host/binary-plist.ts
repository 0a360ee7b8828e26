/** What a property list holds; numbers and dates are texts, as in its XML form; data is left out. */
export type PlistValue = string | boolean | readonly PlistValue[] | { readonly [key: string]: PlistValue }

// A job of launchd has a dozen; more, or deeper, is made to exhaust whoever reads it.
const maxObjects = 20_000
const maxDepth = 32

/**
 * The binary form of a property list, `bplist00` (Apple's CFBinaryPList.c): a table of offsets at its end, objects that
 * name each other by number. Every offset and length is somebody's word and checked. Pure.
 * @throws Error where it is cut, points out of itself, or is larger than any honest one
 */
export function parseBinaryPlist(bytes: Buffer): PlistValue {
  if (bytes.subarray(0, 8).toString('latin1') !== 'bplist00' || bytes.length < 40) throw new Error('no binary property list of version 00')
  return new Reader(bytes).value(null, 0)
}

class Reader {
  private readonly bytes: Buffer
  private readonly offsetSize: number
  private readonly numberSize: number
  private readonly count: number
  private readonly top: number
  private readonly table: number
  private read = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
    const trailer = bytes.length - 32
    this.offsetSize = bytes[trailer + 6]!
    this.numberSize = bytes[trailer + 7]!
    this.count = this.number(trailer + 8, 8)
    this.top = this.number(trailer + 16, 8)
    this.table = this.number(trailer + 24, 8)
    if (this.count > maxObjects) throw new Error('the property list has too many objects')
  }

  /** @param index of the object; `null`: the one at the top */
  value(index: number | null, depth: number): PlistValue {
    // Objects may be named again and again, so that few of them become many, or a ring.
    if (depth > maxDepth || ++this.read > maxObjects) throw new Error('the property list is too deep or too large')
    const number = index ?? this.top
    if (number >= this.count) throw new Error('the property list points out of itself')
    const at = this.number(this.table + number * this.offsetSize, this.offsetSize)
    const marker = this.slice(at, 1)[0]!
    const [kind, size] = [marker >> 4, marker & 0x0f]
    if (kind === 0x0) return size === 0x9
    if (kind === 0x1) return String(this.number(at + 1, 2 ** size))
    if (kind === 0x2 || kind === 0x3) return String(size === 2 ? this.slice(at + 1, 4).readFloatBE() : this.slice(at + 1, 8).readDoubleBE())
    const { length, start } = this.lengthAt(at, size)
    if (kind === 0x4 || kind === 0x8) return ''
    if (kind === 0x5) return this.slice(start, length).toString('latin1')
    if (kind === 0x6) return Buffer.from(this.slice(start, length * 2)).swap16().toString('utf16le')
    if (kind === 0xa || kind === 0xc) return this.numbers(start, length).map((one) => this.value(one, depth + 1))
    if (kind === 0xd) return this.dictionary(start, length, depth)
    throw new Error('the property list holds something unknown')
  }

  private dictionary(start: number, length: number, depth: number): PlistValue {
    const [keys, values] = [this.numbers(start, length), this.numbers(start + length * this.numberSize, length)]
    const made: Record<string, PlistValue> = Object.create(null) as Record<string, PlistValue>
    for (const [index, key] of keys.entries()) {
      const name = this.value(key, depth + 1)
      if (typeof name !== 'string') throw new Error('a dictionary of the property list has no key')
      made[name] = this.value(values[index]!, depth + 1)
    }
    return made
  }

  /** A length of 15 says that a number with the length follows. */
  private lengthAt(at: number, size: number): { length: number; start: number } {
    if (size !== 0x0f) return { length: size, start: at + 1 }
    const bytes = 2 ** (this.slice(at + 1, 1)[0]! & 0x0f)
    return { length: this.number(at + 2, bytes), start: at + 2 + bytes }
  }

  private numbers(start: number, length: number): number[] {
    if (length > maxObjects) throw new Error('the property list is too large')
    return Array.from({ length }, (_, index) => this.number(start + index * this.numberSize, this.numberSize))
  }

  private number(at: number, size: number): number {
    const part = this.slice(at, size)
    const value = size > 6 ? part.subarray(-8).readBigUInt64BE() : BigInt(size === 0 ? 0 : part.readUIntBE(0, size))
    return Number(value)
  }

  private slice(at: number, length: number): Buffer {
    if (!Number.isSafeInteger(at) || at < 0 || at + length > this.bytes.length) throw new Error('the property list ends too early')
    return this.bytes.subarray(at, at + length)
  }
}

/** A property list as lines for an eye or a search: `Label: x`, lists of texts as one command line. Pure. */
export function plistText(value: PlistValue, name = ''): string {
  if (typeof value !== 'object') return `${name}: ${String(value)}\n`
  if (isList(value)) return value.every((one) => typeof one === 'string') ? `${name}: ${value.join(' ')}\n` : value.map((one) => plistText(one, name)).join('')
  return Object.entries(value).map(([key, one]) => plistText(one, key)).join('')
}

function isList(value: PlistValue): value is readonly PlistValue[] {
  return Array.isArray(value)
}
