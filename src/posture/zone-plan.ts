import type { Change } from './change.ts'

/** A zone of firewalld: the file that counts, and the one of ours that would. */
export interface Zone {
  /** Where it is changed: the package's own file is left alone. */
  own: string
  /** Whether that file is there. */
  isOwn: boolean
  text: string
}

/** The zone without `target="ACCEPT"`, with these ports let in: what nobody named is rejected then (firewalld.zone(5)). */
export function rejectByDefault(zone: Zone, ports: readonly number[]): readonly Change[] {
  const bare = zone.text.replace(/(<zone\b[^>]*?)\s+target="ACCEPT"/i, '$1')
  const missing = ports.filter((port) => !isNamed(bare, port)).map((port) => `  <port protocol="tcp" port="${port}"/>\n`)
  return changed(zone, bare.replace(/\n?[ \t]*<\/zone>/, `\n${missing.join('')}</zone>`))
}

/** The zone with these ports taken out of what it opens; a range that holds one is opened around it. */
export function withoutPorts(zone: Zone, ports: readonly number[]): readonly Change[] {
  return changed(zone, zone.text.replaceAll(/[ \t]*<port\s[^>]*\/>[ \t]*\n?/g, (element) => {
    const range = /port="(\d+)(?:-(\d+))?"/.exec(element)
    if (range === null) return element
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])]
    const gone = ports.filter((port) => port >= first && port <= last)
    return gone.length === 0 ? element : around([first, last], gone).map((piece) => element.replace(/port="[^"]*"/, `port="${piece}"`)).join('')
  }))
}

function around([first, last]: readonly [number, number], gone: readonly number[]): string[] {
  const edges = [first - 1, ...gone.toSorted((a, b) => a - b), last + 1]
  return edges.slice(1).flatMap((next, index) => {
    const [from, to] = [edges[index]! + 1, next - 1]
    return from > to ? [] : [from === to ? `${from}` : `${from}-${to}`]
  })
}

// The names firewalld gives these ports (its services/*.xml).
const named: Readonly<Record<number, string>> = { 22: 'ssh', 80: 'http', 443: 'https' }

function isNamed(text: string, port: number): boolean {
  return new RegExp(`<port\\s(?=[^>]*protocol="tcp")[^>]*port="${port}"`).test(text) || (named[port] !== undefined && text.includes(`<service name="${named[port]}"`))
}

function changed({ own, isOwn, text }: Zone, to: string): readonly Change[] {
  return to === text ? [] : [{ kind: 'file', path: own, from: isOwn ? text : null, to, mode: 0o644 }]
}
