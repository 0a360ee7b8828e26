/** An address as a browser would understand it. */
export interface Address {
  url: URL
  /** `web` leaves the machine, `script` runs, `local` stays (relative, `data:`, `mailto:`). */
  kind: 'web' | 'script' | 'local'
}

// Stands in for the page an answer is shown on; reserved by RFC 2606, so nothing else is called so.
const ownHost = 'own-page.invalid'

/**
 * Reads an address as browsers do: character references resolved, tabs and line breaks dropped, `\` as `/`,
 * `//host` as a host, full-width letters and dots as plain ones.
 * @returns `null` for what no browser would follow
 */
export function readAddress(written: string): Address | null {
  const plain = resolveReferences(written).replace(/[\t\n\r]/g, '').trim()
  // `https:host` is relative on a page of that scheme and a host on every other: which page it will be is not known.
  const whole = plain.replace(/^www\./i, 'https://www.').replace(/^(https?|wss?|ftp):[/\\]*/i, '$1://')
  const url = URL.parse(whole, `https://${ownHost}/`)
  if (!url) return null
  if (isScript(url)) return { url, kind: 'script' }
  return { url, kind: /^(?:https?|wss?|ftp):$/.test(url.protocol) && url.hostname !== ownHost ? 'web' : 'local' }
}

/**
 * Is the host one of these? `example.com` is that host alone, `*.example.com` every host below it. Case and a dot at
 * the end do not count.
 */
export function isAllowedHost(hostname: string, allowed: readonly string[]): boolean {
  const host = plainHost(hostname)
  return allowed.some((entry) => {
    const rule = plainHost(entry)
    return rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : host === rule
  })
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

function isScript({ protocol, pathname }: URL): boolean {
  if (protocol === 'data:') return /^(?:text\/html|image\/svg|application\/x?html)/i.test(pathname)
  return protocol === 'javascript:' || protocol === 'vbscript:'
}

/** The character references an address can be written with; others are left and make no address. */
function resolveReferences(text: string): string {
  if (!text.includes('&')) return text
  const reference = /&(?:#([0-9]{1,7}|[xX][0-9A-Fa-f]{1,6})|([A-Za-z]{2,10}));?/g
  return text.replace(reference, (whole, number?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = Number(number!.replace(/^x/i, '0x'))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

// HTML Living Standard, 13.5: those that stand for signs of an address.
const named: Readonly<Record<string, string>> = {
  amp: '&',
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  quest: '?',
  num: '#',
  equals: '=',
  percnt: '%',
  commat: '@',
  lowbar: '_',
  tab: '',
  newline: '',
  nbsp: ' ',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
}
