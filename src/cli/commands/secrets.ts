import { HardshellError, Secret } from '../../base/index.ts'
import { openSecrets } from '../../guard/secrets.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell secrets put NAME`: the value comes on stdin, never as an argument. */
export async function put(name: string, options: Options, terminal: Terminal): Promise<number> {
  const value = (await terminal.input()).replace(/\r?\n$/, '')
  if (value === '') throw new HardshellError('cli.usage', 'stdin is empty: nothing was stored', { hint: `pass show key | hardshell secrets put ${name}` })
  await openSecrets(pathsFor(options, terminal), terminal.env).local.put(name, new Secret(value))
  terminal.out(options['json'] === true ? JSON.stringify({ ok: true, name }) : `stored ${name}, encrypted`)
  return 0
}

/** `hardshell secrets list`. */
export async function list(options: Options, terminal: Terminal): Promise<number> {
  const stored = await openSecrets(pathsFor(options, terminal), terminal.env).local.list()
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, secrets: stored }))
  else for (const { name, createdAt } of stored) terminal.out(`${name}  stored ${new Date(createdAt).toISOString()}`)
  return 0
}
