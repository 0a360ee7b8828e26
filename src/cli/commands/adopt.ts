import type { Change } from '../../openclaw/index.ts'
import { pathsFor } from '../guard-access.ts'
import type { Terminal } from '../terminal.ts'

/** `hardshell adopt [DIR]`: plan as a diff, ask, back up, apply, verify; `--undo` puts it back byte for byte. */
export async function adopt(directory: string, options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const { applyAdoption, planAdoption, undoAdoption } = await import('../../guard/adoption.ts')
  const start = {
    paths: pathsFor(options, terminal),
    config: typeof options['config'] === 'string' ? options['config'] : undefined,
    openclaw: undefined,
    env: terminal.env,
    cwd: terminal.cwd,
  }
  if (options['undo'] === true) {
    const kept = await undoAdoption(start)
    terminal.out(options['json'] === true ? JSON.stringify({ ok: true, kept }) : `put back as it was${kept ? `; what it held until now is kept in ${kept}` : ''}`)
    return 0
  }
  const plan = await planAdoption(directory, start)
  const { adoption, changes, movedSecrets } = plan
  if (options['json'] !== true) {
    terminal.out(`${adoption.installation.configFile}: ${changes.length} settings`)
    for (const change of changes) terminal.out(describeChange(change, terminal))
    for (const name of movedSecrets.keys()) terminal.out(`  moved into the guard's own store: ${name}`)
  }
  if (options['dryRun'] !== true && (options['yes'] === true || (await agreed(terminal)))) {
    terminal.err("backing up, applying, and asking OpenClaw's own audit and schema (up to a minute)")
    await applyAdoption(plan, start)
    terminal.err(`applied; the file as it was: ${adoption.backup}`)
    terminal.err('next: stop the gateway that runs now, then: hardshell start   (back: hardshell adopt --undo)')
    if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, applied: true, backup: adoption.backup, changes: changes.map(({ at }) => at.join('.')) }))
    return 0
  }
  terminal.err('nothing was changed')
  if (options['json'] === true) terminal.out(JSON.stringify({ ok: true, applied: false, changes: changes.map(({ at }) => at.join('.')) }))
  return 0
}

async function agreed(terminal: Terminal): Promise<boolean> {
  const answer = await terminal.ask('Apply? A backup is kept. [y/N] ')
  if (answer === null) terminal.err('nobody can be asked here: use --yes')
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}

const secretSetting = /(^|\.)(apiKey|auth|token|password|secret)$/i

function describeChange({ at, from, to }: Change, { paint }: Terminal): string {
  const name = at.join('.')
  const show = (value: unknown): string => (value === undefined ? '(not set)' : redacted(name, value))
  return [`  ${paint('bold', name)}`, `    ${paint('red', `- ${show(from)}`)}`, `    ${paint('green', `+ ${show(to)}`)}`].join('\n')
}

/** A value for the eye: nothing that could be a key is shown, however deep it lies. */
function redacted(name: string, value: unknown): string {
  if (secretSetting.test(name)) return '[redacted]'
  return JSON.stringify(value, (key, inner: unknown) => (secretSetting.test(key) ? '[redacted]' : inner))
}
