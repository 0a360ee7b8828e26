import type { RunAsGateway } from '../ports.ts'
import { broken, held, type Proof, type Surface } from '../surface.ts'

/** Services on loopback that OpenClaw's user must not reach, made for one proof. */
export interface ForbiddenServices {
  tcp: readonly Address[]
  udp: Address
  /** Did any of them receive this? */
  heard(nonce: string): boolean
  close(): Promise<void>
}

interface Address {
  host: string
  port: number
}

// Knocks at the guard's door, which must open, then at what must not be reachable. No proxy is asked: this is the
// program that ignores it.
const knock = `
const net = require('node:net')
const { nonce, door, tcp, udp } = JSON.parse(process.argv[1])
const reach = ({ host, port }, say) => new Promise((done) => {
  const socket = net.connect(port, host)
  socket.setTimeout(3000, () => { socket.destroy(); done('no answer') })
  socket.on('error', (error) => done(error.code))
  socket.on('connect', () => say ? socket.end(say, () => done('connected')) : (socket.destroy(), done('connected')))
})
const send = ({ host, port }) => new Promise((done) => {
  const socket = require('node:dgram').createSocket('udp4')
  socket.on('error', (error) => done(error.code))
  socket.send(nonce, port, host, (error) => { socket.close(); done(error ? error.code : 'sent') })
})
;(async () => {
  const opened = await reach(door, '')
  const found = []
  for (const target of tcp) found.push(await reach(target, nonce))
  found.push(await send(udp))
  console.log(JSON.stringify({ opened, found }))
})()
`

/** The kernel: a program of OpenClaw's user that ignores the proxy reaches the guard's doors, and nothing else. */
export function kernelSurface(ports: {
  /** Is an isolation of this kind in force, or asked for by the settings? */
  applies: () => boolean
  /** Why there is none although there should be, or `null`. */
  missing: () => string | null
  openForbiddenServices: () => Promise<ForbiddenServices>
  /** Packets the kernel refused so far; `null` where the isolation has no counters. */
  refusals: () => Promise<number | null>
  door: () => Address
  runAsGateway: RunAsGateway
}): Surface {
  return {
    id: 'kernel',
    title: "a program that ignores the proxy reaches nothing but the guard's doors",
    applies: ports.applies,
    async prove(nonce, signal) {
      const missing = ports.missing()
      if (missing !== null) return broken(missing)
      const services = await ports.openForbiddenServices()
      try {
        const before = await ports.refusals()
        const aim = { nonce, door: ports.door(), tcp: services.tcp, udp: services.udp }
        const printed = JSON.parse(await ports.runAsGateway(knock, [JSON.stringify(aim)], signal)) as { opened: string; found: string[] }
        const after = await ports.refusals()
        return judge(printed, { heard: services.heard(nonce), counted: before === null || after === null ? null : after - before })
      } finally {
        await services.close()
      }
    },
  }
}

function judge({ opened, found }: { opened: string; found: readonly string[] }, seen: { heard: boolean; counted: number | null }): Proof {
  if (seen.heard || found.includes('connected')) return broken(`OpenClaw's user reached a service it must not reach (${found.join(', ')}): the kernel refuses nothing`)
  // Closed altogether proves nothing about the rules, and no agent could work.
  if (opened !== 'connected') return broken(`OpenClaw's user cannot reach the egress proxy either: ${opened}`)
  if (seen.counted !== null && seen.counted < found.length) return broken(`${found.length} forbidden packets were sent and the kernel counted ${seen.counted}`)
  return held(`refused: ${found.join(', ')}${seen.counted === null ? '' : `; counted by the kernel: ${seen.counted}`}`)
}
