import { formatTarget, type Account, type EgressConnection, type EgressMode } from '../../proxy/egress/index.ts'
import { ask } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

interface Listed {
  mode: EgressMode
  listen: string
  active: EgressConnection[]
  accounts: Account[]
}

/** `hardshell egress list`: who talked to which host, how often, how much; the newest first. */
export async function egressList(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const listed = await ask<Listed>(options, terminal, 'egress')
  const who = typeof options['who'] === 'string' ? options['who'] : null
  const accounts = listed.accounts
    .filter((account) => who === null || account.who === who || account.agentId === who)
    .sort((a, b) => b.lastAt - a.lastAt)
  if (options['json'] === true) terminal.out(JSON.stringify({ ...listed, accounts }))
  else terminal.out(asText({ ...listed, accounts }, terminal))
  return 0
}

function asText({ mode, listen, active, accounts }: Listed, terminal: Terminal): string {
  const weak = mode === 'enforce' ? '' : terminal.paint('yellow', ` (mode ${mode}: hosts nobody allowed are reached, and only noted)`)
  const lines = [`egress proxy on ${listen}${weak}, ${active.length} open now`]
  if (accounts.length === 0) return [...lines, 'nobody has asked for anything yet'].join('\n')
  const heads = ['who', 'host', 'allowed', 'refused', 'sent', 'received', 'first', 'last'].map((head) => terminal.paint('bold', head))
  const rows = accounts.map(({ who, host, port, allowed, refused, bytesUp, bytesDown, firstAt, lastAt }) => [
    visible(who),
    visible(port === 0 ? host : formatTarget({ host, port, literal: false })),
    String(allowed),
    refused > 0 ? terminal.paint('yellow', String(refused)) : '0',
    size(bytesUp),
    size(bytesDown),
    when(firstAt),
    when(lastAt),
  ])
  return [...lines, columns([heads, ...rows])].join('\n')
}

function size(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} KB` : `${Math.round(bytes / 1_000_000)} MB`
}

function when(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}
