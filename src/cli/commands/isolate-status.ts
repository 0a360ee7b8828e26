import { describeIsolation, isolationPorts, partInWords, type IsolationStatus } from '../../isolation/index.ts'
import { pathsFor } from '../guard-access.ts'
import { columns, type Terminal } from '../terminal.ts'

/** `hardshell isolate status`: what is in force and whether the kernel agrees. Exit 1 when it does not stand. */
export async function isolationStatus(options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const status = await describeIsolation(pathsFor(options, terminal).isolation, isolationPorts())
  if (options['json'] === true) {
    terminal.out(JSON.stringify(status, null, 2))
    return status.stands ? 0 : 1
  }
  const rows = [
    ['mode', `${status.mode}${status.state === 'none' ? '' : `, ${status.state}`}`],
    ...standing(status, terminal),
  ]
  if (status.uid !== null) rows.push(['confined', `uid ${status.uid}, as ${status.name}`])
  if (status.confirmBy !== null) rows.push(['confirm by', status.confirmBy])
  if (status.refused.length > 0) rows.push(['refused', status.refused.map(({ name, packets }) => `${name.replace('refused_', '')} ${packets}`).join(', ') + ' packets'])
  if (status.next !== null) rows.push(['next', status.next])
  for (const file of status.files) rows.push(['file', file])
  terminal.out(columns(rows))
  return status.stands ? 0 : 1
}

/** Part by part where something is missing. */
function standing({ stands, detail, parts }: IsolationStatus, { paint }: Terminal): string[][] {
  if (stands) return [['stands', `${paint('green', 'yes')}: ${detail}`]]
  if (parts.length === 0) return [['stands', `${paint('red', 'no')}: ${detail}`]]
  const some = parts.some((part) => part.stands)
  return [['stands', paint('red', some ? 'in part' : 'no')], ...parts.map((part) => ['', `${part.stands ? paint('green', '✓') : paint('red', '✗')} ${partInWords(part)}`])]
}
