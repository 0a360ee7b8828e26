import { describeIsolation, isolationPorts } from '../../isolation/index.ts'
import { pathsFor } from '../guard-access.ts'
import { columns, type Terminal } from '../terminal.ts'

/** `hardshell isolate status`: what is in force and whether the kernel agrees. Exit 1 when it does not stand. */
export async function isolationStatus(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const status = await describeIsolation(pathsFor(options, terminal).isolation, isolationPorts())
  if (options['json'] === true) {
    terminal.out(JSON.stringify(status, null, 2))
    return status.stands ? 0 : 1
  }
  const { paint } = terminal
  const rows = [
    ['mode', `${status.mode}${status.state === 'none' ? '' : `, ${status.state}`}`],
    ['stands', status.stands ? `${paint('green', 'yes')}: ${status.detail}` : status.parts.length === 0 ? `${paint('red', 'no')}: ${status.detail}` : paint('red', status.parts.some(({ stands }) => stands) ? 'in part' : 'no')],
    ...(status.stands ? [] : status.parts.map(({ stands, detail, waitsFor }) => ['', `${stands ? paint('green', '✓') : paint('red', '✗')} ${detail}${waitsFor === 'guard' ? ": the guard makes it anew at its start, before OpenClaw's" : ''}`])),
  ]
  if (status.uid !== null) rows.push(['confined', `uid ${status.uid}, as ${status.name}`])
  if (status.confirmBy !== null) rows.push(['confirm by', status.confirmBy])
  if (status.refused.length > 0) rows.push(['refused', status.refused.map(({ name, packets }) => `${name.replace('refused_', '')} ${packets}`).join(', ') + ' packets'])
  if (status.next !== null) rows.push(['next', status.next])
  for (const file of status.files) rows.push(['file', file])
  terminal.out(columns(rows))
  return status.stands ? 0 : 1
}
