import type { DestinationRow, TestedDestination } from '../../alerts/index.ts'
import { ask, operatorName } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell alerts list`: exit 1 when a destination gets nothing just now. */
export async function alertsList(options: Options, terminal: Terminal): Promise<number> {
  const rows = await ask<DestinationRow[]>(options, terminal, 'alerts')
  const isWell = rows.every(({ problem }) => problem === null)
  if (options['json'] === true) terminal.out(JSON.stringify(rows))
  else if (rows.length === 0) terminal.out('nobody is told of anything: write a destination below notifications in monitoring.yaml, then: hardshell config check')
  else {
    terminal.out(columns([['destination', 'where', 'from', 'last delivery', 'delivered', 'waiting', 'lost'], ...rows.map(cells)]))
    for (const row of rows) if (row.problem !== null) terminal.out(`${terminal.paint('red', row.name)}: ${visible(row.problem)}, since ${time(row.failingSince)}`)
  }
  return isWell ? 0 : 1
}

function cells({ name, where, minimumSeverity, deliveredAt, delivered, waiting, lost }: DestinationRow): string[] {
  return [name, visible(where), minimumSeverity, time(deliveredAt), String(delivered), String(waiting), String(lost)]
}

function time(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString()
}

// A destination has 20 s to answer; all of them are asked at once.
const patienceMs = 30_000

/** `hardshell alerts test [DESTINATION]`: exit 1 unless every one took the message. */
export async function alertsTest(destination: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  const tested = await ask<TestedDestination[]>(options, terminal, 'testAlerts', { ...(destination !== undefined && { destination }), by: operatorName(terminal.env) }, patienceMs)
  if (options['json'] === true) terminal.out(JSON.stringify(tested))
  else for (const one of tested) terminal.out(sentence(one, terminal))
  return tested.every(({ state }) => state === 'delivered') ? 0 : 1
}

function sentence(one: TestedDestination, terminal: Terminal): string {
  const whom = `${one.name} (${visible(one.where)})`
  if (one.state !== 'delivered') return `${terminal.paint('red', 'not delivered')} ${whom}: ${visible(one.reason)}`
  return `${terminal.paint('green', 'delivered')} ${whom}${one.note === undefined ? '' : `: ${visible(one.note)}`}`
}
