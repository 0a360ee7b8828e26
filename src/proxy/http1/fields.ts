import { tokenBytes, valueBytes } from './grammar.ts'

/** The fields of one head. Attacker-controlled; names are tokens, values have no line breaks or control characters. */
export interface Fields {
  /** @param name lower case; @returns repeated fields joined as RFC 9110 says; `undefined` when there is none */
  get(name: string): string | undefined
  /** Name, value, name, value … in the order received, names in lower case. */
  list(): readonly string[]
  /** As node:http has them: lower case names, repeats joined, `set-cookie` always a list. Without a prototype. */
  record(): Record<string, string | string[]>
}

// Apache's bound, and far above what a browser sends: looking for a name stays cheap.
const maxFields = 128

/** Names that frame a message or say who speaks: two of them, and two readers may believe different ones. */
const single = [
  'host',
  'content-length',
  'transfer-encoding',
  'content-type',
  'expect',
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'traceparent',
] as const

type Single = (typeof single)[number]

// Common names beside these, so that their lower-case form need not be made anew for every message.
const common = `accept accept-encoding accept-language access-control-allow-origin age alt-svc anthropic-beta
  anthropic-version cache-control cf-cache-status cf-ray connection content-encoding cookie date etag keep-alive
  openai-organization openai-processing-ms openai-version origin referer request-id retry-after server set-cookie
  strict-transport-security te tracestate trailer upgrade user-agent vary via x-request-id x-stainless-arch
  x-stainless-lang x-stainless-os x-stainless-package-version x-stainless-retry-count x-stainless-runtime
  x-stainless-runtime-version x-stainless-timeout`.split(/\s+/)

interface KnownName {
  name: string
  /** One bit per single name; 0 for the others. */
  bit: number
}

const knownNames = new Map<string, KnownName>(
  [...single, ...common].flatMap((name, index) => {
    const known = { name, bit: index < single.length ? 1 << index : 0 }
    const title = name.replaceAll(/(^|-)([a-z])/g, (letter) => letter.toUpperCase())
    return [[name, known], [title, known]] as const
  }),
)

/** The fields as they stood in a head, with what framing has to know about them. */
export class FieldList implements Fields {
  readonly #flat: readonly string[]
  readonly #present: number
  readonly #repeated: number

  constructor(flat: readonly string[], present: number, repeated: number) {
    this.#flat = flat
    this.#present = present
    this.#repeated = repeated
  }

  /** Quick answer for the names framing asks about in every message. */
  has(name: Single): boolean {
    return (this.#present & knownNames.get(name)!.bit) !== 0
  }

  /** A name occurs twice that must not. */
  get ambiguous(): boolean {
    return this.#repeated !== 0
  }

  get(name: string): string | undefined {
    const flat = this.#flat
    let joined: string | undefined
    for (let i = 0; i < flat.length; i += 2) {
      if (flat[i] !== name) continue
      joined = joined === undefined ? flat[i + 1] : joined + (name === 'cookie' ? '; ' : ', ') + flat[i + 1]!
    }
    return joined
  }

  list(): readonly string[] {
    return this.#flat
  }

  record(): Record<string, string | string[]> {
    const record = { __proto__: null } as unknown as Record<string, string | string[]>
    const flat = this.#flat
    for (let i = 0; i < flat.length; i += 2) {
      const [name, value] = [flat[i]!, flat[i + 1]!]
      const before = record[name]
      if (name === 'set-cookie') record[name] = before === undefined ? [value] : [...before, value]
      else record[name] = before === undefined ? value : `${before as string}${name === 'cookie' ? '; ' : ', '}${value}`
    }
    return record
  }
}

/**
 * Reads field lines. A space before the colon, an empty name, a fold, a bare CR or LF and control characters make
 * them malformed.
 * @param bytes holds the lines from `at` to `end`, each with its CRLF, and an empty line behind them
 * @param text the same bytes as latin1, its first character standing for `bytes[base]`
 */
export function readFields(
  bytes: Uint8Array,
  { at, end, text, base }: { at: number; end: number; text: string; base: number },
): FieldList | 'malformed' | 'too-many' {
  const flat: string[] = []
  let present = 0
  let repeated = 0
  while (at < end) {
    const nameAt = at
    while (tokenBytes[bytes[at]!] === 1) at++
    if (at === nameAt || bytes[at] !== colon) return 'malformed'
    const spelled = text.slice(nameAt - base, at - base)
    at++
    while (isBlank(bytes[at]!)) at++
    const valueAt = at
    while (valueBytes[bytes[at]!] === 1) at++
    if (bytes[at] !== cr || bytes[at + 1] !== lf) return 'malformed'
    let valueEnd = at
    while (valueEnd > valueAt && isBlank(bytes[valueEnd - 1]!)) valueEnd--
    at += 2
    const known = knownNames.get(spelled) ?? lowered(spelled)
    repeated |= present & known.bit
    present |= known.bit
    flat.push(known.name, text.slice(valueAt - base, valueEnd - base))
    if (flat.length > 2 * maxFields) return 'too-many'
  }
  return new FieldList(flat, present, repeated)
}

const colon = 0x3a
const cr = 0x0d
const lf = 0x0a

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09
}

function lowered(spelled: string): KnownName {
  const name = spelled.toLowerCase()
  return knownNames.get(name) ?? { name, bit: 0 }
}
