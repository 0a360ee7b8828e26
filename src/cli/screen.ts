import { formatMoney } from '../base/index.ts'
import type { AuditCounts, Status } from '../control/index.ts'
import { columns, visible, type Terminal } from './terminal.ts'

/** The one screen: what runs where, what was proven when, what is missing, what to type next. */
export function screen(status: Status, terminal: Terminal): string {
  const { paint } = terminal
  const headline = status.ok
    ? paint('green', '■ guarded') + ' and proven'
    : paint('red', '■ not proven') + ': agents have no way out and no model until every surface below is'
  return [
    '',
    `${paint('bold', 'Hardshell')}  ${headline}`,
    '',
    surfaceTable(status, terminal),
    '',
    columns(facts(status, terminal)),
    ...boundaries(status, terminal),
    '',
    paint('bold', 'Next'),
    columns(nextCommands(status, terminal)),
    '',
  ].join('\n')
}

/** Each surface with its last proof. */
export function surfaceTable(status: Status, { paint }: Pick<Terminal, 'paint'>): string {
  return columns(
    status.surfaces.map(({ id, ok, provenAt, title, detail }) => [
      `  ${ok ? paint('green', '✓') : paint('red', '✗')} ${id}`,
      provenAt === null ? 'never proven' : `last proven ${provenAt.slice(11, 19)}`,
      ok ? title : paint('red', visible(detail)),
    ]),
  )
}

function facts(status: Status, { paint }: Terminal): string[][] {
  const { gateway, addresses, audit, spend, log, configuration } = status
  const limit = (amount: number | null): string => (amount === null ? 'no limit' : formatMoney(amount))
  const rows = [
    ['OpenClaw', `${gateway.version}, ${gateway.state} on 127.0.0.1:${gateway.port}${gateway.restarts > 0 ? `, restarted ${gateway.restarts}×` : ''}`],
    ['front door', addresses.ingress],
    ['model', `${status.provider}, through ${addresses.model}`],
    ['way out', addresses.egress],
    ['names', addresses.dns === null ? 'DNS filter off' : `${addresses.dns} (DNS filter)`],
    ['own audit', `before: ${counts(audit.before)}   after: ${counts(audit.after)}   (openclaw security audit)`],
    ['spend', `today ${formatMoney(spend.todayMicroUsd)} of ${limit(spend.dayLimitMicroUsd)}, month ${formatMoney(spend.monthMicroUsd)} of ${limit(spend.monthLimitMicroUsd)}`],
    ['audit log', `${log.path}, ${log.entries} entries`],
    ['settings', `${configuration.directory ?? 'defaults'}${configuration.notEnforced > 0 ? `, ${configuration.notEnforced} accepted and not enforced yet` : ''}`],
  ]
  if (status.paused) rows.push(['paused', paint('yellow', `every agent, by ${visible(`${status.paused.by}: ${status.paused.reason}`)}`)])
  for (const { name, store, since } of status.staleSecrets) rows.push(['secrets', paint('yellow', visible(`${store} says nothing: ${name} is used as of ${since} (hardshell secrets status)`))])
  if (status.disabledAgents.length > 0) rows.push(['disabled', paint('yellow', status.disabledAgents.join(', '))])
  return rows.map(([name, value]) => [`  ${paint('dim', name!)}`, value!])
}

function boundaries(status: Status, { paint }: Terminal): string[] {
  const missing = status.boundaries.filter(({ stands }) => !stands)
  if (missing.length === 0) return []
  return ['', paint('yellow', 'Missing walls'), ...missing.map(({ detail, hint }) => `  ${paint('yellow', '!')} ${detail}${hint ? `\n    ${hint}` : ''}`)]
}

function counts(audit: AuditCounts | null): string {
  return audit === null ? 'unknown' : `${audit.critical} critical, ${audit.warn} warn, ${audit.info} info`
}

// What `--state` defaults to.
const usualStates = ['/.hardshell', '/var/lib/hardshell']

function nextCommands(status: Status, { self }: Terminal): string[][] {
  const state = /^(.*)\/guard\//.exec(status.addresses.control)?.[1] ?? ''
  // Another state than the usual one has to be named every time.
  const where = usualStates.some((usual) => state.endsWith(usual)) ? '' : ` --state ${state}`
  const { ingress } = status.addresses
  return [
    ...(status.ok ? [] : [[`  ${self} prove${where}`, 'attack every surface again, now']]),
    [`  ${self} status${where}`, 'this screen'],
    [`  open ${ingress}`, `log in with the token in ${status.log.path.replace(/audit\/audit\.log$/, 'operator.token')}`],
    [`  ${self} audit stream${where}`, 'every decision as it is made'],
    [`  ${self} pause --all${where}`, 'stop every agent within a second'],
  ]
}
