import { formatListen } from '../../base/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell serve model|egress|ingress`: one proxy alone, until interrupted. */
export async function serve(what: 'model' | 'egress' | 'ingress', options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const { serveAlone } = await import('../../guard/serve.ts')
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  const served = await serveAlone({
    what,
    listen: text('listen')!,
    upstream: text('upstream'),
    origins: text('origins')?.split(',') ?? [],
    config: text('config'),
    stateRoot: pathsFor(options, terminal).root,
    dangerouslyPlain: options['dangerouslyPlain'] === true,
    env: terminal.env,
    cwd: terminal.cwd,
  })
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, listen: formatListen(served.at), notes: served.notes }))
  else {
    terminal.out(`${what} listens on ${formatListen(served.at)}`)
    for (const note of served.notes) terminal.err(`  ${note}`)
  }
  await stopped
  await served.close()
  return 0
}
