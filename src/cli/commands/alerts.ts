import { ask, operatorName } from '../guard-access.ts'
import { columns, visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

interface DestinationRow {
  name: string
  where: string
  minimumSeverity: string
  delivered: number
  deliveredAt: number | null
  waiting: number
  lost: number
  failingSince: number | null
  problem: string | null
}

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

interface Tested {
  name: string
  where: string
  state: 'delivered' | 'later' | 'refused'
  reason?: string
  note?: string
}

// A destination has 20 s to answer; all of them are asked at once.
const patienceMs = 30_000

/** `hardshell alerts test [DESTINATION]`: exit 1 unless every one took the message. */
export async function alertsTest(destination: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  const tested = await ask<Tested[]>(options, terminal, 'testAlerts', { ...(destination !== undefined && { destination }), by: operatorName(terminal.env) }, patienceMs)
  if (options['json'] === true) terminal.out(JSON.stringify(tested))
  else for (const one of tested) terminal.out(sentence(one, terminal))
  return tested.every(({ state }) => state === 'delivered') ? 0 : 1
}

function sentence({ name, where, state, reason, note }: Tested, terminal: Terminal): string {
  if (state !== 'delivered') return `${terminal.paint('red', 'not delivered')} ${name} (${visible(where)}): ${visible(reason ?? 'no reason given')}`
  return `${terminal.paint('green', 'delivered')} ${name} (${visible(where)})${note === undefined ? '' : `: ${visible(note)}`}`
}
