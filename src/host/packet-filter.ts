/** What a packet filter does with packets nobody mentioned, and whom it lets in. */
export interface InboundPolicy {
  /** `none`: no chain looks at what comes in. */
  policy: 'deny' | 'allow' | 'none'
  /** Ports that are let in from everywhere, first and last. */
  open: readonly (readonly [number, number])[]
}

/**
 * The input chain of `nft list ruleset` or /etc/nftables.conf. A chain whose last rule drops everything denies as well.
 * Only plain port rules are understood; others open nothing here. Pure.
 */
export function parseNftInbound(text: string): InboundPolicy {
  const chains = [...text.matchAll(/chain\s+\S+\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g)].map(([, body]) => body!)
  const inputs = chains.filter((body) => /type\s+filter\s+hook\s+input/.test(body))
  if (inputs.length === 0) return { policy: 'none', open: [] }
  const rules = inputs.flatMap((body) => body.split(/[\n;]/).map((rule) => rule.replace(/#.*/, '').trim()).filter((rule) => rule !== ''))
  const denies = inputs.some((body) => /policy\s+drop/.test(body)) || rules.some((rule) => /^(counter\s+(packets \d+ bytes \d+ )?)?(drop|reject(\s+with\s+.*)?)$/.test(rule))
  const open = rules.flatMap((rule) => {
    const ports = /(?:tcp|udp|th)\s+dport\s+(?:\{([^}]*)\}|(\S+))/.exec(rule)
    if (ports === null || !/\baccept\b/.test(rule) || /\b(saddr|iif|iifname)\b/.test(rule)) return []
    return (ports[1] ?? ports[2]!).split(',').map((port) => pair(port.trim()))
  })
  return { policy: denies ? 'deny' : 'allow', open }
}

/** The INPUT chain of `iptables-save`. Pure. */
export function parseIptablesInbound(text: string): InboundPolicy {
  const filter = /^\*filter$([\s\S]*?)^COMMIT$/m.exec(text)?.[1]
  const policy = /^:INPUT\s+(\S+)/m.exec(filter ?? '')?.[1]
  if (filter === undefined || policy === undefined) return { policy: 'none', open: [] }
  const rules = filter.split('\n').filter((line) => line.startsWith('-A INPUT '))
  const denies = policy !== 'ACCEPT' || rules.some((rule) => /^-A INPUT -j (DROP|REJECT)/.test(rule))
  const open = rules.filter((rule) => rule.includes('-j ACCEPT') && !/ -(s|i) /.test(rule)).flatMap((rule) => {
    const ports = /--dports? (\S+)/.exec(rule)?.[1]
    return ports === undefined ? [] : ports.split(',').map(pair)
  })
  return { policy: denies ? 'deny' : 'allow', open }
}

/**
 * A zone of firewalld: what is not named is rejected unless its target is ACCEPT (firewalld.zone(5)). `services` are
 * ports by name. Pure.
 */
export function parseFirewalldZone(xml: string): InboundPolicy & { services: readonly string[] } {
  const text = xml.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/<rule[\s\S]*?<\/rule>/g, '')
  const ports = [...text.matchAll(/<port\s[^>]*port="([^"]+)"/g)].map(([, port]) => pair(port!))
  const services = [...text.matchAll(/<service\s+name="([^"]+)"/g)].map(([, name]) => name!)
  return { policy: /<zone[^>]*target="ACCEPT"/i.test(text) ? 'allow' : 'deny', open: ports, services }
}

// The names nftables prints instead of numbers, as far as they matter here (/etc/services).
const named: Readonly<Record<string, number>> = { ssh: 22, http: 80, https: 443 }

function pair(text: string): readonly [number, number] {
  const [first, last = first] = text.split(/[:-]/).map((part) => named[part] ?? Number(part))
  return [first!, last!]
}
