import type { Change, IsolationMode, IsolationPlan } from '../../isolation/index.ts'
import { confinementOf } from '../../guard/isolation.ts'
import { readConfiguration } from '../../guard/prepare.ts'
import { isolationModes, isolationPorts, planIsolation } from '../../isolation/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** `hardshell isolate plan`: what would be different, line by line; changes nothing. Exit 1 when it could not be applied. */
export async function plan(options: Options, terminal: Terminal): Promise<number> {
  const made = await makePlan(options, terminal)
  if (options['json'] === true) terminal.out(JSON.stringify(asJson(made), null, 2))
  else showPlan(made, terminal)
  return made.refusal === null ? 0 : 1
}

/** The plan of these options: mode by flag or setting, doors by the settings. */
export async function makePlan(options: Options, terminal: Terminal): Promise<IsolationPlan & { withinMs: number }> {
  const { config } = await readConfiguration({ config: text(options['config']), env: terminal.env, cwd: terminal.cwd })
  const mode = isolationModes.find((one) => one === options['mode']) ?? config.isolation.mode
  const made = await planIsolation(mode, confinementOf(pathsFor(options, terminal), config), etcOf(options), isolationPorts())
  return { ...made, withinMs: config.isolation.confirm_within }
}

/** Where files for the next start of the machine go. */
export function etcOf(options: Options): string {
  return text(options['etc']) ?? '/etc'
}

/** Prints a plan for a person. */
export function showPlan({ mode, confinement, changes, limits, refusal }: IsolationPlan, terminal: Terminal): void {
  const { paint } = terminal
  terminal.out(`${paint('bold', `isolation ${mode}`)} for uid ${confinement.uid}${mode === 'off' ? '' : `, whose only way out are the doors ${doorsOf(confinement)}`}`)
  for (const change of changes) showChange(change, terminal)
  if (changes.length === 0) terminal.out(`  ${nothingFor(mode)}`)
  for (const limit of limits) terminal.out(`${paint('yellow', '!')} ${limit}`)
  if (refusal !== null) terminal.out(`${paint('red', 'cannot be applied:')} ${refusal.message}${refusal.hint ? `\n  try: ${refusal.hint}` : ''}`)
}

function showChange({ what, lines }: Change, { out, paint }: Terminal): void {
  out(`\n${what}`)
  for (const line of lines) out(`  ${line.startsWith('+') ? paint('green', line) : line.startsWith('-') ? paint('red', line) : line}`)
}

function nothingFor(mode: IsolationMode): string {
  return mode === 'user' ? 'nothing changes: a guard that is run as root gives OpenClaw a user without an account at every start' : 'nothing changes'
}

function doorsOf({ doors, gatewayPort }: IsolationPlan['confinement']): string {
  const at = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`
  return [`model ${at(doors.model)}`, `egress ${at(doors.egress)}`, ...(doors.dns ? [`DNS ${at(doors.dns)}`] : []), `its own gateway 127.0.0.1:${gatewayPort}`].join(', ')
}

function asJson({ mode, confinement, ruleset, changes, limits, refusal }: IsolationPlan): object {
  return { mode, confinement, ruleset, changes, limits, refusal: refusal && { code: refusal.code, message: refusal.message, hint: refusal.hint } }
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
