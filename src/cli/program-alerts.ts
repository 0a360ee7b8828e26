import type { Command } from 'commander'
import { command, type SetExit } from './command.ts'
import type { Terminal } from './terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** Who is told: `alerts`. */
export function addAlerts(program: Command, terminal: Terminal, setExit: SetExit): void {
  const alerts = program.command('alerts').description('who is told when something happens')
  command(alerts, 'list', 'every destination: last delivery, what waits, what was lost. Exit 1: one gets nothing just now', 'hardshell alerts list')
    .action(async (options: Options) => setExit(await (await import('./commands/alerts.ts')).alertsList(options, terminal)))
  command(alerts, 'test', 'send a test message and say how each destination answers; exit 1 unless all took it', 'hardshell alerts test slack')
    .argument('[destination]', 'slack, pagerduty, email, webhook or syslog (default: all that are configured)')
    .action(async (destination: string | undefined, options: Options) => setExit(await (await import('./commands/alerts.ts')).alertsTest(destination, options, terminal)))
}
