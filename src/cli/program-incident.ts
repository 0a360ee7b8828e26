import type { Command } from 'commander'
import { command, type SetExit } from './command.ts'
import type { Terminal } from './terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** What is done when it happened: `lockdown`. */
export function addIncident(program: Command, terminal: Terminal, setExit: SetExit): void {
  const several = (address: string, before: string[] | undefined): string[] => [...(before ?? []), address]
  const lockdown = command(program, 'lockdown', 'shut the network of this machine both ways, all but your own SSH; opens by itself unless confirmed', 'hardshell lockdown --keep 203.0.113.0/24')
    .option('--keep <address>', 'an address or network that may still come in over SSH, beside yours; may be repeated', several)
    .option('--within <time>', 'how long it waits for `lockdown confirm`', '5m')
    .option('--no-timer', 'let it stay at once: for whoever stands at the machine')
    .option('--dry-run', 'show the rules, change nothing')
    .action(async (options: Options) => setExit(await (await import('./commands/lockdown.ts')).lockdown(options, terminal)))
  command(lockdown, 'confirm', 'let it stay shut until it is lifted', 'hardshell lockdown confirm --for 12h')
    .option('--for <time>', 'open by itself after this long')
    .action(async (_: Options, self: Command) => setExit(await (await import('./commands/lockdown.ts')).confirm(self.optsWithGlobals(), terminal)))
  command(lockdown, 'lift', 'open the network again', 'hardshell lockdown lift')
    .action(async (_: Options, self: Command) => setExit(await (await import('./commands/lockdown.ts')).lift(self.optsWithGlobals(), terminal)))
  command(lockdown, 'status', 'whether it is shut, for how long, and what was refused. Exit 0: shut, 1: open', 'hardshell lockdown status --json')
    .action(async (_: Options, self: Command) => setExit(await (await import('./commands/lockdown.ts')).status(self.optsWithGlobals(), terminal)))
}
