import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { HardshellError, messageOf } from '../base/index.ts'
import { controlRoutes, type ControlRoute } from './contract.ts'

/** What the guard does for each route. The body is what the command line sent; it is checked by the handler. */
export type ControlHandlers = Readonly<Record<ControlRoute, (body: Record<string, unknown>) => Promise<unknown>>>

/** A server that ends at once when it is told to. */
export interface Closable {
  close(): Promise<void>
}

// A command's body is a name and a reason.
const maxBodyBytes = 64 * 1024

/**
 * Serves the operator's commands on a unix socket. Who can open the socket is the operator: mode 0600, in a folder
 * only the guard's user enters.
 */
export async function serveControl(path: string, handlers: ControlHandlers): Promise<Closable> {
  const server = createServer((request, response) => {
    answer(request, handlers).then(
      (result) => send(response, 200, result),
      (error: unknown) => send(response, 400, describe(error)),
    )
  })
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, handlers: ControlHandlers): Promise<unknown> {
  const line = `${request.method} ${request.url}`
  const route = Object.entries(controlRoutes).find(([, wanted]) => wanted === line)?.[0] as ControlRoute | undefined
  if (!route) throw new HardshellError('control.unknown-route', `the guard has no ${line}`, { hint: 'hardshell --version' })
  return await handlers[route](await readBody(request))
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > maxBodyBytes) throw new HardshellError('control.bad-request', 'the request is too large')
  }
  if (text === '') return {}
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new HardshellError('control.bad-request', 'the request is not an object')
  }
  return body as Record<string, unknown>
}

function describe(error: unknown): object {
  const known = error instanceof HardshellError
  return { error: { code: known ? error.code : 'control.failed', message: messageOf(error), hint: known ? error.hint : undefined } }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
}
