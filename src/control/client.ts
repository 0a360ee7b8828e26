import { request, type RequestOptions } from 'node:http'
import { HardshellError, isNodeError } from '../base/index.ts'
import { controlRoutes, type ControlRoute } from './contract.ts'

/**
 * Asks the running guard.
 * @throws HardshellError `control.unreachable` when no guard listens there, or the guard's own error
 */
export async function askGuard(socketPath: string, route: ControlRoute, body: object = {}, timeoutMs = 10_000): Promise<unknown> {
  const [method, path] = controlRoutes[route].split(' ')
  const { status, text } = await exchange({ socketPath, method, path, timeout: timeoutMs }, method === 'GET' ? '' : JSON.stringify(body))
  const answer = JSON.parse(text) as { error?: { code: string; message: string; hint?: string } }
  if (status === 200) return answer
  throw new HardshellError(answer.error?.code ?? 'control.failed', answer.error?.message ?? `HTTP ${status}`, {
    hint: answer.error?.hint,
  })
}

function exchange(options: RequestOptions & { socketPath: string }, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ ...options, headers: { 'content-type': 'application/json' } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    call.on('timeout', () => call.destroy(new HardshellError('control.unreachable', 'the guard did not answer in time', { hint: 'hardshell status' })))
    call.on('error', (error) => reject(unreachable(error, options.socketPath)))
    call.end(body)
  })
}

function unreachable(error: Error, socketPath: string): Error {
  if (error instanceof HardshellError) return error
  if (isNodeError(error, 'EACCES')) {
    return new HardshellError('control.unreachable', `${socketPath} belongs to another user`, { hint: 'run the command as the user who started Hardshell' })
  }
  return new HardshellError('control.unreachable', `no guard is running (${socketPath})`, { hint: 'hardshell start', cause: error })
}
