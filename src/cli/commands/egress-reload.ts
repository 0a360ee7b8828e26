import { ask, operatorName } from '../guard-access.ts'
import { visible, type Terminal } from '../terminal.ts'

interface Reloaded {
  allowed: number
  denied: number
  cut: number
  pending: string[]
  missing: string[]
}

/** `hardshell egress reload`: the lists as they are written now, without a restart. */
export async function egressReload(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const done = await ask<Reloaded>(options, terminal, 'reloadEgress', { by: operatorName(terminal.env) })
  if (options['json'] === true) {
    terminal.out(JSON.stringify(done))
    return 0
  }
  const cut = done.cut > 0 ? `; ${done.cut} open connection${done.cut === 1 ? '' : 's'} cut` : ''
  terminal.out(`in force: ${done.allowed} allowed and ${done.denied} denied entries${cut}`)
  for (const sentence of done.missing) terminal.err(`${terminal.paint('yellow', 'missing')}: ${visible(sentence)}`)
  if (done.pending.length > 0) terminal.err(`${terminal.paint('yellow', 'not yet')}: ${done.pending.map(visible).join(', ')} changed too and ${done.pending.length === 1 ? 'waits' : 'wait'} for a restart`)
  return 0
}
