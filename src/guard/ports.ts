import { createServer } from 'node:net'
import type { Listen } from '../base/index.ts'

/**
 * The address to listen on: the wanted one, or, when it is taken and the operator did not name it, any free port
 * of the same host.
 */
export async function freeAddress(wanted: Listen, named: boolean): Promise<Listen> {
  if (named || (await tryPort(wanted)) !== null) return wanted
  return { host: wanted.host, port: (await tryPort({ ...wanted, port: 0 })) ?? wanted.port }
}

function tryPort({ host, port }: Listen): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}
