/**
 * A process inside the network namespace that makes sockets there and hands them to the guard outside: it never reads
 * a byte of what goes through them. Told by its parent, over the channel it was started with:
 * `{listen: port}`, `{bind: port}` (UDP) and `{connect: port, id}`; answers carry the socket.
 */
import { createSocket } from 'node:dgram'
import { createServer, Socket } from 'node:net'

type Wish = { listen: number } | { bind: number } | { connect: number; id: number }

process.on('message', (wish: Wish) => {
  if ('listen' in wish) listen(wish.listen)
  else if ('bind' in wish) bind(wish.bind)
  else connect(wish.connect, wish.id)
})
process.once('disconnect', () => process.exit(0)) // the guard is gone, and nobody is left to serve
process.send?.({ ready: true })

function listen(port: number): void {
  const server = createServer({ pauseOnConnect: true })
  server.once('error', (error) => process.send?.({ failed: port, message: error.message }))
  server.listen(port, '127.0.0.1', () => process.send?.({ listening: port }, server, {}, () => server.close()))
}

function bind(port: number): void {
  const socket = createSocket('udp4')
  socket.once('error', (error) => process.send?.({ failed: port, message: error.message }))
  socket.bind(port, '127.0.0.1', () => process.send?.({ bound: port }, socket, {}, () => socket.close()))
}

function connect(port: number, id: number): void {
  const socket = new Socket()
  socket.pause() // else it reads as soon as it is connected, and what it read would be lost
  socket.once('error', () => process.send?.({ refused: id }))
  socket.connect(port, '127.0.0.1', () => process.send?.({ connected: id }, socket))
}
