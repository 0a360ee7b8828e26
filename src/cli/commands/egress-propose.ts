import { searchLog } from '../../auditlog/index.ts'
import { HardshellError, parseDuration } from '../../base/index.ts'
import { configDisk, findConfig, requireConfig } from '../../config/index.ts'
import { egressRules } from '../../guard/egress.ts'
import { proposePolicy } from '../../proxy/egress/index.ts'
import { logPathFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/**
 * `hardshell egress propose`: the smallest lists that let pass what was let pass, with the evidence, as YAML. Nothing
 * is changed: a person reads it and puts it into network.yaml.
 */
export async function egressPropose(options: Options, terminal: Terminal): Promise<number> {
  const flag = typeof options['config'] === 'string' ? options['config'] : undefined
  const found = await findConfig({ flag, env: terminal.env, cwd: terminal.cwd, home: terminal.env['HOME'] ?? null }, configDisk)
  const rules = egressRules((await requireConfig(found?.directory ?? null)).config)
  const query = { type: 'egress_request', ...since(options['last']) } as const
  const proposal = await proposePolicy(searchLog({ path: logPathFor(options, terminal) }, query), rules)
  if (options['json'] === true) terminal.out(JSON.stringify(proposal))
  else {
    terminal.out(proposal.yaml.trimEnd())
    if (proposal.used.length === 0) terminal.err('nothing was let out in that time: egress.mode: learn in network.yaml lets an installation show what it needs')
    if (proposal.unused.length > 0) terminal.err(`left out, nothing was seen to use it: ${proposal.unused.join(', ')}`)
  }
  return 0
}

function since(last: string | boolean | undefined): { since?: number } {
  if (typeof last !== 'string') return {}
  const ms = parseDuration(last)
  if (ms !== null && ms > 0) return { since: Date.now() - ms }
  throw new HardshellError('cli.usage', 'a duration is written 30m, 24h or 7d', { hint: 'hardshell egress propose --last 7d' })
}
