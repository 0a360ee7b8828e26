import type { FindEntry, RunAsGateway } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

// Asks the proxy for a tunnel and prints the status of its answer. Runs as the gateway's user, with its own Node.
const askForTunnel = `
const [host, port, ...targets] = process.argv.slice(1)
const net = require('node:net')
const ask = (target) => new Promise((done) => {
  const socket = net.connect(Number(port), host)
  let text = ''
  socket.setTimeout(5000, () => socket.destroy())
  socket.on('error', () => {})
  socket.on('data', (chunk) => { text += chunk; if (text.includes('\\r\\n')) socket.destroy() })
  socket.on('close', () => done(Number(/^HTTP\\/1\\.1 (\\d+)/.exec(text)?.[1] ?? 0)))
  socket.write('CONNECT ' + target + ' HTTP/1.1\\r\\nHost: ' + target + '\\r\\n\\r\\n')
})
;(async () => { const out = []; for (const target of targets) out.push(await ask(target)); console.log(JSON.stringify(out)) })()
`

/** The way out: a host nobody allowed and the cloud's metadata address are refused, asked from where an agent stands. */
export function egressSurface(ports: { listen: () => { host: string; port: number }; runAsGateway: RunAsGateway; findEntry: FindEntry }): Surface {
  return {
    id: 'egress',
    title: 'the way out is closed to hosts nobody allowed',
    async prove(nonce, signal) {
      const { host, port } = ports.listen()
      const targets = [`${nonce}.hardshell-probe.invalid:443`, '169.254.169.254:80', '[::ffff:127.0.0.1]:443']
      const printed = await ports.runAsGateway(askForTunnel, [host, String(port), ...targets], signal)
      const statuses = JSON.parse(printed) as number[]
      const opened = targets.filter((_, i) => statuses[i]! >= 200 && statuses[i]! < 300)
      if (opened.length > 0) return broken(`the proxy opened a tunnel to ${opened.join(', ')}`)
      if (statuses.some((status) => status === 0)) return broken(`the proxy did not answer (${statuses.join(', ')})`)
      // Closed altogether proves nothing about the list: the refusal has to be the list's own.
      const entry = await ports.findEntry(nonce, (e) => e.decision === 'deny' && !/^(proof|kill-switch)\./.test(e.rule ?? ''))
      if (!entry) return broken('no refusal by the allow list in the audit log')
      return held(`refused: ${statuses.join(', ')}`)
    },
  }
}
