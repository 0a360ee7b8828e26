import type { RunAsGateway } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

/** What a cell may not reach of another one. */
export interface NeighborTargets {
  name: string
  /** Files and folders of it that hold its agents' data, keys and settings. */
  paths: readonly string[]
  ports: Readonly<Record<'ingress' | 'model' | 'egress' | 'gateway' | 'dns', number>>
  /** Processes of its gateway, while it runs. */
  pids: readonly number[]
}

// Stands where an agent of this cell stands, takes the keys this cell's own gateway holds, and tries each thing it would
// try with a neighbor. Prints what was possible. It reads the keys from the file itself: arguments are seen by everybody.
const cross = `
const fs = require('node:fs'), net = require('node:net')
const { own, neighbors, nonce, guardUid } = JSON.parse(process.argv[1])
const keys = [...new Set(fs.readFileSync(own, 'utf8').match(/hs_(?:vk|tok)_[\\w-]{20,}/g))]
const possible = []
let shown = 0
// Whoever sits on a neighbor's address while its guard is away would be told our keys by trying them there.
const isOfGuard = (port) => {
  const rows = ['tcp', 'tcp6'].flatMap((table) => { try { return fs.readFileSync('/proc/net/' + table, 'utf8').split('\\n').slice(1) } catch { return [] } })
  const uids = rows.map((row) => row.trim().split(/\\s+/)).filter((row) => row[3] === '0A' && parseInt((row[1] ?? '').split(':')[1], 16) === port).map((row) => Number(row[7]))
  return uids.length > 0 && uids.every((uid) => uid === guardUid)
}
const attempt = (what, work) => { try { work(); possible.push(what) } catch {} }
const ask = (port, text) => new Promise((resolve) => {
  let said = ''
  const socket = net.connect(port, '127.0.0.1', () => socket.write(text))
  socket.setTimeout(4000, () => socket.destroy())
  socket.on('data', (part) => { said += part; if (said.includes('\\r\\n')) socket.destroy() })
  socket.on('error', () => {}).on('close', () => resolve(Number(/^HTTP\\/1\\.1 (\\d+)/.exec(said)?.[1] ?? 0)))
})
// Any answer is one too many: a refusal too uses up what the neighbor's agents may ask.
const resolves = (port) => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket('udp4')
  const end = (answered) => { clearTimeout(timer); socket.close(); resolve(answered) }
  const timer = setTimeout(() => end(false), 1500)
  socket.on('error', () => end(false)).on('message', () => end(true))
  const name = [nonce, 'hardshell-probe', 'invalid'].map((label) => String.fromCharCode(label.length) + label).join('')
  socket.send(Buffer.from('\\x12\\x34\\x01\\0\\0\\x01\\0\\0\\0\\0\\0\\0' + name + '\\0\\0\\x01\\0\\x01', 'latin1'), port, '127.0.0.1', (error) => error && end(false))
})
const head = (line, key) => line + ' HTTP/1.1\\r\\nhost: 127.0.0.1\\r\\nauthorization: Bearer ' + key + '\\r\\nconnection: close\\r\\n\\r\\n'
;(async () => {
  for (const { name, paths, ports, pids } of neighbors) {
    for (const path of paths) {
      attempt('read ' + path, () => { fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path) })
      attempt('write ' + path, () => { fs.accessSync(path, fs.constants.W_OK) })
    }
    for (const pid of pids) {
      attempt('signal process ' + pid + ' of ' + name, () => { process.kill(pid, 0) })
      attempt('read the environment of process ' + pid + ' of ' + name, () => { fs.readFileSync('/proc/' + pid + '/environ') })
    }
    for (const door of ['model', 'gateway', 'ingress']) {
      // The gateway of a neighbor runs as its agents do, so that it gets a key of nobody's.
      const isShown = isOfGuard(ports[door])
      if (isShown) shown++
      for (const key of isShown ? keys : ['hs_tok_' + nonce]) {
        const status = await ask(ports[door], head('GET /v1/models', key))
        if (status >= 200 && status < 400) possible.push('use the ' + door + ' of ' + name + ' with a key of this cell')
      }
    }
    // Its way out has a list of its own, which is not for us: whoever is not known there must be asked who they are (407),
    // or not get there at all. The name does not exist, so that nothing is ever sent.
    const status = await ask(ports.egress, 'CONNECT ' + nonce + '.hardshell-probe.invalid:443 HTTP/1.1\\r\\nhost: ' + nonce + '.hardshell-probe.invalid\\r\\n\\r\\n')
    if (status !== 0 && status !== 407) possible.push('speak with the way out of ' + name + ' as if it were one of its agents')
    if (await resolves(ports.dns)) possible.push('ask the DNS filter of ' + name)
  }
  console.log(JSON.stringify({ keys: keys.length, shown, possible }))
})()
`

/**
 * The walls between cells: the agents' user of this one can read, write, signal and use nothing of any other.
 *
 * @param ports.ownConfig the file of this cell's gateway that holds its keys: it has to be readable, so that a refusal means something
 * @param ports.guardUid the user guards run as: keys are shown to listeners of it and to nobody else
 * @param ports.neighbors asked for at proof time; without any there is nothing to prove
 */
export function cellsSurface(ports: {
  separated: boolean
  ownConfig: string
  guardUid: number
  neighbors: () => readonly NeighborTargets[]
  runAsGateway: RunAsGateway
}): Surface {
  return {
    id: 'cells',
    title: 'no other cell can be read, used or disturbed from this one',
    applies: () => ports.neighbors().length > 0,
    async prove(nonce, signal) {
      const neighbors = ports.neighbors()
      if (!ports.separated) return broken('cells share a user here: nothing stands between them; run the guard as root')
      const answer = await ports.runAsGateway(cross, [JSON.stringify({ own: ports.ownConfig, neighbors, nonce, guardUid: ports.guardUid })], signal)
      const { keys, shown, possible } = JSON.parse(answer) as { keys: number; shown: number; possible: string[] }
      if (keys === 0) return broken('the probe found no key of its own to try: its refusals mean nothing')
      if (possible.length > 0) return broken(`an agent of this cell can ${possible.slice(0, 5).join(', ')}${possible.length > 5 ? ` and ${possible.length - 5} more` : ''}`)
      return held(`${neighbors.length} other ${neighbors.length === 1 ? 'cell was' : 'cells were'} tried with ${keys} keys of this one, at ${shown} doors of their guards: nothing was possible`)
    },
  }
}
