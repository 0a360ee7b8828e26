import { canonicalName } from './name.ts'

/** Where an SVCB or HTTPS record leads. */
export interface ServiceBinding {
  /** `null`: the owner itself. */
  target: string | null
  /** Addresses hidden in it as hints, which clients may use without asking further. */
  addresses: string[]
}

/**
 * Reads the data of an SVCB or HTTPS record, as far as it says where to go.
 * @returns `null` when it is malformed, also by a key written twice or out of order
 * Source: RFC 9460, sections 2.2 and 7.3 (ipv4hint is key 4, ipv6hint key 6).
 */
export function readServiceBinding(data: Buffer): ServiceBinding | null {
  const target = readTarget(data)
  if (target === null) return null
  const addresses: string[] = []
  let [at, lastKey] = [target.end, -1]
  while (at < data.length) {
    if (at + 4 > data.length) return null
    const [key, length] = [data.readUInt16BE(at), data.readUInt16BE(at + 2)]
    const value = data.subarray(at + 4, at + 4 + length)
    const size = key === 4 ? 4 : 16
    if (key <= lastKey || value.length !== length) return null
    if (key === 4 || key === 6) {
      if (length === 0 || length % size !== 0) return null
      for (let i = 0; i < length; i += size) addresses.push(textOf(value.subarray(i, i + size)))
    }
    lastKey = key
    at += 4 + length
  }
  return { target: target.name, addresses }
}

/** The name after the priority, which is never compressed. */
function readTarget(data: Buffer): { name: string | null; end: number } | null {
  const labels: string[] = []
  let at = 2
  while (at < data.length && data[at] !== 0) {
    const length = data[at]!
    if (length > 63 || at + 1 + length > data.length) return null
    const label = data.toString('latin1', at + 1, at + 1 + length)
    if (label.includes('.')) return null
    labels.push(label)
    at += 1 + length
  }
  if (at >= data.length) return null
  const name = labels.length === 0 ? null : canonicalName(labels.join('.'))
  return labels.length > 0 && name === null ? null : { name, end: at + 1 }
}

function textOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':')
}
