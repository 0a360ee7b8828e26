import { CommanderError } from 'commander'
import { enforceTlsEnvironment, HardshellError, messageOf } from '../base/index.ts'
import { buildProgram } from './program.ts'
import { asCalledHere, processTerminal, visible, type Terminal } from './terminal.ts'

/** Runs one command line. @returns the exit code, from the public table in exit-codes.ts */
export async function run(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  let exitCode = 0
  const program = buildProgram(terminal, (code) => (exitCode = code))
  try {
    for (const name of enforceTlsEnvironment(process.env, process.execArgv)) terminal.err(`${name} is not obeyed: certificates are always verified`)
    // Whoever types nothing wants to know where they stand; `--help` lists the commands.
    if (args.length === 0) return await (await import('./commands/security-audit.ts')).firstLook(terminal)
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    return await report(error, args.includes('--json'), terminal)
  }
}

async function report(error: unknown, asJson: boolean, terminal: Terminal): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2 // commander has said it already
  if (error instanceof Error && error.name === 'AbortError') {
    terminal.err('interrupted; everything that was started is stopped')
    return 130
  }
  const { exitCodeOf } = await import('./exit-codes.ts')
  const code = error instanceof HardshellError ? error.code : 'bug'
  const hint = error instanceof HardshellError ? error.hint && asCalledHere(error.hint, terminal) : 'please report this with the command you ran'
  if (asJson) terminal.out(JSON.stringify({ ok: false, error: { code, message: messageOf(error), hint } }))
  else {
    terminal.err(`${terminal.paint('red', 'hardshell:')} ${messageOf(error).split('\n').map(visible).join('\n')}`)
    if (hint !== undefined) terminal.err(`  try: ${hint}`)
    if (code === 'bug' && error instanceof Error && terminal.env['HARDSHELL_DEBUG']) terminal.err(error.stack ?? '')
  }
  return exitCodeOf(error)
}
