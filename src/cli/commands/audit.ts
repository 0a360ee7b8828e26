import { eventTypes, followLog, searchLog, verifyLog, type AuditQuery, type Entry } from '../../auditlog/index.ts'
import { HardshellError, nearest, parseDuration, systemClock } from '../../base/index.ts'
import { logPathFor } from '../guard-access.ts'
import { visible, type Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell audit verify`: exit 1 when a line is bad, and its place is named. */
export async function verify(options: Options, terminal: Terminal): Promise<number> {
  const target = typeof options['file'] === 'string' ? { file: options['file'] } : { path: logPathFor(options, terminal) }
  const result = await verifyLog(target)
  if (options['json'] === true) terminal.out(JSON.stringify(result))
  else if (result.ok) terminal.out(`${terminal.paint('green', 'whole')}: ${result.entries} entries, chain unbroken, head ${result.head}`)
  else terminal.out(`${terminal.paint('red', 'broken')}: ${describeBad(result)}`)
  return result.ok ? 0 : 1
}

function describeBad(result: Awaited<ReturnType<typeof verifyLog>>): string {
  if (!result.firstBad) return `after ${result.entries} good entries: the log ends before its head`
  const { file, line, reason } = result.firstBad
  return `${file}:${line}: ${reason}`
}

/** `hardshell audit search` and `hardshell logs AGENT`. */
export async function search(text: string | undefined, options: Options, terminal: Terminal): Promise<number> {
  const query: AuditQuery = {
    text,
    agent: textOf(options['agent']),
    user: textOf(options['user']),
    type: typeOf(options['type']),
    session: textOf(options['session']),
    trace: textOf(options['trace']),
    keyPrefix: textOf(options['apiKeyPrefix']),
    since: sinceOf(options['last']),
    limit: limitOf(options['limit']),
    newestFirst: options['limit'] !== undefined,
  }
  const found: Entry[] = []
  const show = (entry: Entry): void => void (options['json'] === true ? found.push(entry) : terminal.out(oneLine(entry, terminal)))
  const newest: Entry[] = []
  const unreadable = (line: unknown): void => terminal.err(`${terminal.paint('yellow', 'unreadable line')} passed over: ${JSON.stringify(line)}; next: hardshell audit verify`)
  for await (const entry of searchLog({ path: logPathFor(options, terminal) }, query, { unreadable })) {
    if (query.newestFirst) newest.push(entry)
    else show(entry)
  }
  for (const entry of newest.toReversed()) show(entry) // read from the end, shown in the order it happened
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, entries: found }))
  return 0
}

/** `hardshell audit stream`: runs until interrupted. */
export async function stream(options: Options, terminal: Terminal): Promise<number> {
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  process.once('SIGTERM', () => abort.abort())
  process.stdout.on('error', () => abort.abort()) // the reader of the pipe went away
  const from = options['from'] === undefined ? 'end' : options['from'] === 'start' ? 'start' : numberOf(options['from'], '--from')
  for await (const entry of followLog({ path: logPathFor(options, terminal), from }, abort.signal)) terminal.out(JSON.stringify(entry))
  return 0
}

function oneLine(entry: Entry, terminal: Terminal): string {
  const mark = entry.decision === 'deny' ? terminal.paint('red', 'deny ') : entry.decision === 'allow' ? 'allow' : '     '
  const what = [entry.event_type === 'kill_switch' ? `${entry.rule} by ${entry.user}` : '', entry.agent_id, entry.tool ?? entry.target ?? entry.model ?? entry.surface, entry.input_summary].filter(Boolean).join(' ')
  const why = entry.reason ?? entry.result_summary ?? (entry.status === undefined ? '' : `status ${entry.status}`)
  const rest = visible(`${what}${why ? ` — ${why}` : ''}`)
  return `${terminal.paint('dim', visible(entry.timestamp))} ${String(entry.seq).padStart(7)} ${visible(entry.event_type).padEnd(14)} ${mark} ${rest}`
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function typeOf(value: string | boolean | undefined): AuditQuery['type'] {
  if (typeof value !== 'string') return undefined
  const known = eventTypes.find((type) => type === value)
  if (known) return known
  const meant = nearest(value, eventTypes)
  throw new HardshellError('cli.usage', `--type ${value} is no event type`, { hint: meant ? `--type ${meant}` : `one of ${eventTypes.join(', ')}` })
}

function sinceOf(value: string | boolean | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const ms = parseDuration(value)
  if (ms === null) throw new HardshellError('cli.usage', `--last ${value} is not a duration`, { hint: 'write 30d, 24h or 15m' })
  return systemClock.now() - ms
}

function limitOf(value: string | boolean | undefined): number | undefined {
  return value === undefined ? undefined : numberOf(value, '--limit')
}

function numberOf(value: string | boolean, option: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new HardshellError('cli.usage', `${option} ${String(value)} is not a whole number`)
}
