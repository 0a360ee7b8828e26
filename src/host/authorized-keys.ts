/** One key of an `authorized_keys` file (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export interface AuthorizedKey {
  line: number
  type: string
  /** Length of an RSA or DSA modulus; `null` for types whose length is fixed. */
  bits: number | null
  /** Whether the rest of the line says whose it is. */
  named: boolean
  /** Whether it opens a shell: no forced command, and no certificate authority. */
  opensShell: boolean
  /** Whether it counts from given addresses only. */
  boundToAddress: boolean
}

const types = /^(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+$/

/** The keys of a file; lines that are none are left out, as sshd does. Pure. */
export function parseAuthorizedKeys(text: string): readonly AuthorizedKey[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const words = line.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? []
    const at = words.findIndex((word) => types.test(word))
    const [type, blob] = [words[at], words[at + 1]]
    // Options are one word before the type.
    if (at === -1 || at > 1 || type === undefined || blob === undefined) return []
    const options = at === 1 ? words[0]!.toLowerCase() : ''
    return [{
      line: index + 1,
      type,
      bits: bitsOf(type, blob),
      named: words.length > at + 2,
      opensShell: !/(^|,)(command=|cert-authority)/.test(options),
      boundToAddress: /(^|,)from=/.test(options),
    }]
  })
}

// RFC 4253 6.6: string type, mpint e, mpint n; for DSA string type, mpint p first.
function bitsOf(type: string, blob: string): number | null {
  if (type !== 'ssh-rsa' && type !== 'ssh-dss') return null
  const bytes = Buffer.from(blob, 'base64')
  const fields: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length && fields.length < 3; ) {
    const length = bytes.readUInt32BE(at)
    fields.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  const number = fields[type === 'ssh-rsa' ? 2 : 1]
  if (number === undefined || number.length === 0) return null
  const first = number.findIndex((byte) => byte !== 0)
  return first === -1 ? 0 : (number.length - first - 1) * 8 + (32 - Math.clz32(number[first]!))
}
