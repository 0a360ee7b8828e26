/** A rule of ufw as it keeps it in `user.rules`. */
export interface UfwRule {
  action: 'allow' | 'deny' | 'reject' | 'limit'
  protocol: 'tcp' | 'udp' | 'any'
  /** First and last; a list in ufw becomes several. `null` for every port. */
  ports: readonly (readonly [number, number])[] | null
  /** Network it counts for; `null` for everybody. */
  from: string | null
  direction: 'in' | 'out'
  comment: string
  line: number
}

const actions = ['allow', 'deny', 'reject', 'limit'] as const

/**
 * The tuples of `user.rules` or `user6.rules`: `### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=53` (the
 * comment in hexadecimal). Routed rules are left out. Pure.
 */
export function parseUfwRules(text: string): readonly UfwRule[] {
  return text.split('\n').flatMap((raw, index) => {
    const words = /^### tuple ### (.*)$/.exec(raw.trim())?.[1]?.split(/\s+/)
    if (words === undefined || words[0]!.startsWith('route:')) return []
    const [act, protocol, ports, , , from, ...rest] = words
    const action = actions.find((one) => act!.split('_')[0] === one)
    if (action === undefined || from === undefined) return []
    const direction = rest.some((word) => word === 'out' || word.startsWith('out_')) ? 'out' : 'in'
    const comment = rest.find((word) => word.startsWith('comment='))?.slice('comment='.length) ?? ''
    return [{
      action,
      protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : 'any',
      ports: ports === 'any' ? null : portsOf(ports!),
      from: from === '0.0.0.0/0' || from === '::/0' || from === 'any' ? null : from,
      direction,
      comment: Buffer.from(comment, 'hex').toString('utf8'),
      line: index + 1,
    }]
  })
}

/** `KEY="value"` and `KEY=value` lines, as in /etc/default/ufw and ufw.conf. Pure. */
export function parseAssignments(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^\s*([A-Z][A-Z0-9_]*)\s*=\s*"?([^"\n#]*?)"?\s*(?:#.*)?$/gim)]
  return Object.fromEntries(found.map(([, key, value]) => [key!, value!]))
}

/** `22,80:90`: pairs of first and last. */
export function portsOf(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((part) => {
    const [first, last = first] = part.split(/[:-]/).map(Number)
    return [first!, last!] as const
  })
}
