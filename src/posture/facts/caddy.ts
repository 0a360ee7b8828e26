import { parseCaddyfile, type CaddyLine } from '../../host/index.ts'
import { numberAt } from '../config-values.ts'
import { frontPorts } from '../gateway-ports.ts'
import { DoesNotArise, linuxOf, type FactReader } from '../subject.ts'

/** Caddy, where it stands in front of OpenClaw or of the guard. */
export interface CaddyFacts {
  text: string
  /** Sites that hand requests on to it. */
  sites: readonly CaddySite[]
  /** `auto_https off` for all of them, and the line that says so. */
  httpsOff: number | null
}

export interface CaddySite {
  addresses: readonly string[]
  line: number
  lines: readonly CaddyLine[]
}

export const caddyfilePath = '/etc/caddy/Caddyfile'

export const caddy: FactReader<CaddyFacts> = {
  async read(subject, ask) {
    const text = await linuxOf(subject).text(caddyfilePath)
    if (text === null) throw new DoesNotArise('no Caddyfile in /etc/caddy')
    const own = await ask('config').then((config) => numberAt(config, 'gateway.port')).catch(() => undefined)
    const ports = [...frontPorts, ...(own === undefined ? [] : [own])]
    const blocks = parseCaddyfile(text)
    const sites = blocks.filter(({ words, children }) => words.length > 0 && children.some((line) => handsOn(line, ports)))
    if (sites.length === 0) throw new DoesNotArise('Caddy does not stand in front of OpenClaw')
    const off = blocks.filter(({ words }) => words.length === 0).flatMap(({ children }) => children).find(({ words }) => words[0] === 'auto_https' && words[1] === 'off')
    return { text, sites: sites.map(({ words, line, children }) => ({ addresses: words.map((word) => word.replace(/,$/, '')), line, lines: children })), httpsOff: off?.line ?? null }
  },
}

function handsOn({ words, children }: CaddyLine, ports: readonly number[]): boolean {
  if (words[0] === 'reverse_proxy' && words.slice(1).some((word) => ports.includes(Number(/^(?:\w+:\/\/)?[^:/]*:(\d+)$/.exec(word)?.[1])))) return true
  return children.some((child) => handsOn(child, ports) || (words[0] === 'reverse_proxy' && child.words[0] === 'to' && handsOn({ ...child, words: ['reverse_proxy', ...child.words.slice(1)] }, ports)))
}

/** Every line of a site, those in its blocks too. */
export function linesOf({ lines }: CaddySite): readonly CaddyLine[] {
  const all = (line: CaddyLine): CaddyLine[] => [line, ...line.children.flatMap(all)]
  return lines.flatMap(all)
}
