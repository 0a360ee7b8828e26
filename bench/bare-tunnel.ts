/**
 * The floor of `bench/egress-proxy.ts`: the shortest CONNECT proxy there is on `node:net`. It knows one name, looks
 * nothing up, judges nothing, reads no ClientHello and writes nothing down. What a tunnel costs here, Node costs.
 *
 *   node bench/bare-tunnel.ts PORT
 */
import { connect, createServer } from 'node:net'

const forbidden = 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  client.on('error', () => client.destroy())
  client.once('data', (bytes) => {
    const end = bytes.indexOf('\r\n\r\n') + 4
    const [, host, port] = /^CONNECT ([^ :]+):(\d+) /.exec(bytes.toString('latin1', 0, end)) ?? []
    if (host !== 'localhost') return void client.end(forbidden)
    client.pause()
    const upstream = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true, noDelay: true, autoSelectFamily: false }, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      if (end < bytes.length) upstream.write(bytes.subarray(end))
      client.pipe(upstream)
      upstream.pipe(client)
    })
    upstream.on('error', () => client.destroy()).on('close', () => client.destroySoon())
    client.on('close', () => upstream.destroy())
  })
})
server.listen(Number(process.argv[2]), '127.0.0.1', 4_096)
