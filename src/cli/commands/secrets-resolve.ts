import { connect } from 'node:net'
import { HardshellError } from '../../base/index.ts'
import { socketOf } from '../../guard/secret-handover.ts'
import { pathsFor } from '../guard-access.ts'
import type { Options } from '../secret-stores.ts'
import type { Terminal } from '../terminal.ts'

// A guard asks a store for five seconds at most, several for a request with several ids.
const deadlineMs = 15_000

/**
 * `hardshell secrets resolve`: passes one request of OpenClaw's exec protocol from stdin to the guard, and the answer
 * to stdout. The guard decides what is given; OpenClaw itself uses the resolver the guard puts beside its socket.
 */
export async function resolve(options: Options, terminal: Terminal): Promise<number> {
  const request = (await terminal.input()).replaceAll(/[\r\n]+/g, ' ')
  const answer = await exchange(socketOf(pathsFor(options, terminal)), request)
  if (answer === '') throw new HardshellError('cli.usage', 'stdin is no request of the exec protocol, version 1', { hint: `echo '{"protocolVersion":1,"provider":"hardshell","ids":["NAME"]}' | hardshell secrets resolve` })
  terminal.out(answer)
  return 0
}

function exchange(path: string, request: string): Promise<string> {
  return new Promise((done, reject) => {
    let answer = ''
    const fail = (): void => reject(new HardshellError('control.unreachable', `no guard hands out secrets at ${path}`, { hint: 'list names under secrets.openclaw in config.yaml, then hardshell start' }))
    const guard = connect(path, () => guard.write(`${request}\n`))
    guard.setEncoding('utf8')
    guard.setTimeout(deadlineMs, () => guard.destroy(new Error('the guard did not answer in time')))
    guard.on('data', (chunk: string) => (answer += chunk))
    guard.on('close', () => done(answer.trimEnd()))
    guard.on('error', fail)
  })
}
