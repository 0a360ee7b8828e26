import { ask } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

interface SentinelRow {
  secret: string
  host: string
  header: string
  sentinel: string
}

/** `hardshell egress sentinels`: what an agent is given instead of each secret that is put in for it. They are no secrets. */
export async function egressSentinels(options: Options, terminal: Terminal): Promise<number> {
  const rows = await ask<SentinelRow[]>(options, terminal, 'egressSentinels')
  if (options['json'] === true) terminal.out(JSON.stringify(rows))
  else if (rows.length === 0) terminal.out('no credential is put in anywhere: egress.inspect, credentials in network.yaml')
  else for (const { secret, host, header, sentinel } of rows) terminal.out(`${secret}=${sentinel}  (${header} towards ${host})`)
  return 0
}
