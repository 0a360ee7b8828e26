import { HardshellError } from '../../base/index.ts'
import { ask, operatorName } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

type Options = Record<string, string | boolean | undefined>

// Calls with the old key may take ten minutes to end; the rotation goes on in the guard whoever waits.
const rotationMs = 15 * 60_000
// OpenClaw reloads in seconds; every surface is proven anew afterwards.
const reloadMs = 180_000

interface Answer {
  plans?: { name: string; issuer: string; store: string; steps: string[] }[]
  outcomes?: { name: string; state: string; detail: string }[]
}

/** `hardshell secrets rotate NAME|--all`: exit 0 when every key is rotated or waits for a person, 1 otherwise. */
export async function rotateSecrets(names: readonly string[], options: Options, terminal: Terminal): Promise<number> {
  const { all, dryRun, accept, revoked, resume } = options
  if (names.length === 0 && all !== true && resume !== true) {
    throw new HardshellError('cli.usage', 'no secret was named', { hint: 'hardshell secrets rotate NAME, or --all' })
  }
  const request = {
    names,
    all: all === true,
    dryRun: dryRun === true,
    revoked: revoked === true,
    resume: resume === true,
    by: operatorName(terminal.env),
    ...(accept === true && { accepted: await givenKey(terminal) }),
  }
  const answer = await ask<Answer>(options, terminal, 'rotateSecrets', request, rotationMs)
  if (options['json'] === true) terminal.out(JSON.stringify(answer))
  else show(answer, terminal)
  const good = new Set(['rotated', 'waiting'])
  return (answer.outcomes ?? []).every(({ state }) => good.has(state)) ? 0 : 1
}

/** `hardshell secrets reload`. */
export async function reloadSecrets(options: Options, terminal: Terminal): Promise<number> {
  const answer = await ask<object>(options, terminal, 'reloadSecrets', { by: operatorName(terminal.env) }, reloadMs)
  terminal.out(options['json'] === true ? JSON.stringify(answer) : 'OpenClaw has asked for its secrets again, and every surface was proven anew')
  return 0
}

/** The new key comes on stdin, never as an argument: arguments are read by everybody on the machine. */
async function givenKey(terminal: Terminal): Promise<string> {
  const key = (await terminal.input()).replace(/\r?\n$/, '')
  if (key === '') throw new HardshellError('cli.usage', 'stdin is empty: there is no new key to take', { hint: 'hardshell secrets rotate NAME --accept < new-key' })
  return key
}

function show({ plans, outcomes }: Answer, terminal: Terminal): void {
  for (const { name, issuer, store, steps } of plans ?? []) {
    terminal.out(`${name}  issuer ${issuer}, store ${store}`)
    for (const [at, step] of steps.entries()) terminal.out(`  ${at + 1}. ${step}`)
  }
  for (const { name, state, detail } of outcomes ?? []) terminal.out(`${name}  ${state}: ${detail}`)
  if (outcomes?.length === 0) terminal.out('no rotation is unfinished')
}
