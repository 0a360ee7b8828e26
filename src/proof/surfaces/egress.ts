import type { FindEntry, RunAsGateway } from '../ports.ts'
import { broken, held, type Proof, type Surface } from '../surface.ts'

// Asks the proxy for tunnels and prints the status of each answer. Runs as the gateway's user, with its own Node.
const askForTunnels = `
const [host, port, ...asked] = process.argv.slice(1)
const net = require('node:net')
const ask = (credential, target) => new Promise((done) => {
  const socket = net.connect(Number(port), host)
  let text = ''
  socket.setTimeout(5000, () => socket.destroy())
  socket.on('error', () => {})
  socket.on('data', (chunk) => { text += chunk; if (text.includes('\\r\\n')) socket.destroy() })
  socket.on('close', () => done(Number(/^HTTP\\/1\\.1 (\\d+)/.exec(text)?.[1] ?? 0)))
  const who = credential && 'Proxy-Authorization: Basic ' + Buffer.from(credential).toString('base64') + '\\r\\n'
  socket.write('CONNECT ' + target + ' HTTP/1.1\\r\\nHost: ' + target + '\\r\\n' + who + '\\r\\n')
})
;(async () => { const out = []; for (let i = 0; i < asked.length; i += 2) out.push(await ask(asked[i], asked[i + 1])); console.log(JSON.stringify(out)) })()
`

export interface EgressSurfacePorts {
  listen: () => { host: string; port: number }
  /** What the lists mean: only with `enforce` is the way out closed to hosts nobody allowed. */
  mode: 'enforce' | 'report' | 'learn'
  /**
   * The proof's own, `NAME:TOKEN`, good for being refused by the list and nothing else; empty: it asks as the gateway
   * does, without one. The gateway's user can see it, which is why it opens nothing.
   */
  credential: string
  runAsGateway: RunAsGateway
  findEntry: FindEntry
}

/**
 * The way out: a host nobody allowed, the cloud's metadata address, this machine and a forged credential are refused,
 * asked from where an agent stands.
 */
export function egressSurface(ports: EgressSurfacePorts): Surface {
  return {
    id: 'egress',
    title: ports.mode === 'enforce' ? 'the way out is closed to hosts nobody allowed' : 'the way out is closed to private addresses; hosts nobody allowed are only noted',
    async prove(nonce, signal) {
      const { host, port } = ports.listen()
      const target = `${nonce}.hardshell-probe.invalid:443`
      const targets = [target, '169.254.169.254:80', '[::ffff:127.0.0.1]:443', 'localhost:80']
      const asked = [...targets.flatMap((one) => [ports.credential, one]), `agent.main:${nonce}`, target]
      const printed = await ports.runAsGateway(askForTunnels, [host, String(port), ...asked], signal)
      const statuses = JSON.parse(printed) as number[]
      const forged = statuses.splice(targets.length)[0]
      return judgeStatuses(targets, statuses, forged) ?? (await judgeRecord(nonce, statuses, ports))
    },
  }
}

function judgeStatuses(targets: readonly string[], statuses: readonly number[], forged: number | undefined): Proof | null {
  const opened = targets.filter((_, i) => statuses[i]! >= 200 && statuses[i]! < 300)
  if (opened.length > 0) return broken(`the proxy opened a tunnel to ${opened.join(', ')}`)
  if (statuses.some((status) => status === 0)) return broken(`the proxy did not answer (${statuses.join(', ')})`)
  return forged === 407 ? null : broken(`a forged credential got ${forged}, not 407`)
}

/** Closed altogether proves nothing about the list: the refusal has to be the list's own. */
async function judgeRecord(nonce: string, statuses: readonly number[], { mode, findEntry }: EgressSurfacePorts): Promise<Proof> {
  const entry = await findEntry(nonce, ({ decision, rule }) => decision === 'deny' && rule === 'egress.not-listed')
  if (!entry) return broken('no refusal by the allow list in the audit log')
  const refused = `refused: ${statuses.join(', ')}`
  return held(mode === 'enforce' ? refused : `${refused}; egress.mode is ${mode}: hosts nobody allowed are reached`)
}
