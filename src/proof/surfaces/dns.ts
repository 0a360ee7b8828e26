import type { FindEntry, RunAsGateway } from '../ports.ts'
import { broken, held, type Surface } from '../surface.ts'

// Asks for the names, each over UDP and TCP, and prints {name: [[rcode, rule], ...]}; null for no answer. The rule is
// what the filter says about itself in an Extended DNS Error. Runs as the gateway's user, with its own Node.
const askForNames = `
const [host, port, ...names] = process.argv.slice(1)
const dgram = require('node:dgram'), net = require('node:net')
const question = (name) => Buffer.concat([Buffer.from([7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
  ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.from([0, 0, 1, 0, 1]),
  Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])])
const read = (reply) => {
  const at = reply.lastIndexOf(Buffer.from([0, 15]))
  const length = at < 12 ? 0 : reply.readUInt16BE(at + 2)
  return [reply[3] & 15, length > 2 ? reply.toString('utf8', at + 6, at + 4 + length) : '']
}
const udp = (name) => new Promise((done) => {
  const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4')
  const end = (result) => { clearTimeout(timer); clearInterval(again); socket.close(); done(result) }
  const timer = setTimeout(() => end(null), 6000)
  // A packet that is lost, because somebody floods the filter, is sent again, as every resolver library does.
  const again = setInterval(() => socket.send(question(name), Number(port), host), 1000)
  socket.on('error', () => end(null))
  socket.on('message', (reply) => end(read(reply)))
  socket.send(question(name), Number(port), host)
})
const tcp = (name) => new Promise((done) => {
  const socket = net.connect(Number(port), host)
  let bytes = Buffer.alloc(0)
  const end = (result) => { socket.destroy(); done(result) }
  socket.setTimeout(6000, () => end(null))
  socket.on('error', () => end(null))
  socket.on('close', () => end(null))
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk])
    if (bytes.length > 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) end(read(bytes.subarray(2)))
  })
  socket.write(Buffer.concat([Buffer.from([0, question(name).length]), question(name)]))
})
;(async () => {
  const answers = {}
  for (const name of names) answers[name] = [await udp(name), await tcp(name)]
  console.log(JSON.stringify(answers))
})()
`

type Answer = [rcode: number, rule: string] | null

/**
 * The DNS filter: a name nobody approved is refused over UDP and TCP, by the list and on record; one that is approved
 * is not, so that the refusal means something. Asked from where an agent stands.
 *
 * @param ports.elsewhere a resolver questions to which have to end up here as well; `null`: none. Asked anew with every proof
 */
export function dnsSurface(ports: {
  listen: () => { host: string; port: number }
  names: (nonce: string) => { forbidden: string; control: string }
  elsewhere: () => { host: string; port: number } | null
  runAsGateway: RunAsGateway
  findEntry: FindEntry
}): Surface {
  return {
    id: 'dns',
    title: 'names nobody approved do not resolve',
    async prove(nonce, signal) {
      const { host, port } = ports.listen()
      const { forbidden, control } = ports.names(nonce)
      const ask = async (at: { host: string; port: number }, names: string[]): Promise<Record<string, Answer[]>> =>
        JSON.parse(await ports.runAsGateway(askForNames, [at.host, String(at.port), ...names], signal)) as Record<string, Answer[]>
      const answers = await ask({ host, port }, [forbidden, control])
      const wrong = judge(answers[forbidden] ?? [], answers[control] ?? [])
      if (wrong !== null) return broken(wrong)
      const refusal = await ports.findEntry(forbidden, (e) => e.decision === 'deny' && e.rule === ruleOfList)
      if (!refusal) return broken('the refusal is not in the audit log')
      const elsewhere = ports.elsewhere()
      if (elsewhere === null) return held('refused over UDP and TCP by the list; an approved name passed')
      const led = (await ask(elsewhere, [forbidden]))[forbidden] ?? []
      if (led.length === 0 || led.some((answer) => answer?.[1] !== ruleOfList)) return broken("questions to another resolver's port 53 do not end at the filter")
      return held('refused over UDP and TCP by the list; an approved name passed; port 53 of any address leads here')
    },
  }
}

const ruleOfList = 'dns.not-approved'
function judge(forbidden: readonly Answer[], control: readonly Answer[]): string | null {
  for (const [i, transport] of ['UDP', 'TCP'].entries()) {
    const [no, yes] = [forbidden[i] ?? null, control[i] ?? null]
    if (no === null) return `the filter did not answer over ${transport}`
    if (no[1] !== ruleOfList) return `a name nobody approved was not refused by the list over ${transport} (code ${no[0]}${no[1] === '' ? '' : `, ${no[1]}`})`
    // Whether somebody further on knows the name is another matter: it has no address anywhere.
    if (yes === null) return `the filter did not answer over ${transport} to an approved name`
    if (yes[1].startsWith(ruleOfList) || yes[0] === 5) return `an approved name was refused too over ${transport}, so nothing was shown`
  }
  return null
}
