import { resolve } from 'node:path'
import { HardshellError, writeFileAtomic } from '../../base/index.ts'
import { ask, operatorName } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/**
 * `hardshell egress credential AGENT --to FILE`: the address of the proxy with a credential in it, for `HTTPS_PROXY` of
 * whoever is to be recognised. It goes into a file only its owner can read, and is never printed.
 */
export async function egressCredential(agent: string, options: Options, terminal: Terminal): Promise<number> {
  if (typeof options['to'] !== 'string') throw new HardshellError('cli.usage', '--to names the file the credential is written to', { hint: 'hardshell egress credential main --to main.proxy' })
  const file = resolve(terminal.cwd, options['to'])
  const skill = typeof options['skill'] === 'string' ? { skill: options['skill'] } : {}
  const { name, url } = await ask<{ name: string; url: string }>(options, terminal, 'egressCredential', { agent, ...skill, by: operatorName(terminal.env) })
  await writeFileAtomic(file, `${url}\n`, { mode: 0o600 })
  terminal.out(options['json'] === true ? JSON.stringify({ name, file }) : `the proxy address for ${name} is in ${file}; use it as HTTPS_PROXY and HTTP_PROXY`)
  return 0
}
