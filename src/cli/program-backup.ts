import type { Command } from 'commander'
import { command, configOption, type SetExit } from './command.ts'
import type { Terminal } from './terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** What is kept and put back: `backup snapshots`, `upgrade`. */
export function addBackup(program: Command, terminal: Terminal, setExit: SetExit): void {
  for (const add of [addSnapshots, addUpgrade]) add(program, terminal, setExit)
}

function addSnapshots(program: Command, terminal: Terminal, setExit: SetExit): void {
  const backup = program.command('backup').description('copies that can be put back')
  const snapshots = backup.command('snapshots').description("the configuration, OpenClaw's and the guard's own, as it was each time it changed")
  command(snapshots, 'list', 'every snapshot, the newest last', 'hardshell backup snapshots list')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/backup-snapshots.ts')).listAll(options, terminal)))
  command(snapshots, 'keep', 'keep one more, as it is now', 'hardshell backup snapshots keep --why "known good"')
    .option('--why <text>', 'what it is for')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/backup-snapshots.ts')).keep(options, terminal)))
  command(snapshots, 'show', 'what one holds; secrets are never shown', 'hardshell backup snapshots show 20261122-001554-7')
    .argument('<id>', 'as the list names it')
    .addOption(configOption())
    .action(async (id: string, options: Options) => setExit(await (await import('./commands/backup-snapshots.ts')).show(id, options, terminal)))
  command(snapshots, 'diff', 'between two snapshots, or one and now. Exit 1: they differ', 'hardshell backup snapshots diff 20261122-001554-7')
    .argument('<from>', 'as the list names it')
    .argument('[to]', 'another one (default: as it is now)')
    .addOption(configOption())
    .action(async (from: string, to: string | undefined, options: Options) => setExit(await (await import('./commands/backup-snapshots.ts')).diff(from, to, options, terminal)))
  command(snapshots, 'restore', 'put one back byte for byte, the difference first; all files or none', 'hardshell backup snapshots restore 20261122-001554-7 --dry-run')
    .argument('<id>', 'as the list names it')
    .option('--dry-run', 'show the difference, change nothing')
    .option('--yes', 'put it back without asking')
    .option('--openclaw <path>', 'the OpenClaw program or package that judges the result')
    .addOption(configOption())
    .action(async (id: string, options: Options) => setExit(await (await import('./commands/backup-snapshots-restore.ts')).restore(id, options, terminal)))
}

function addUpgrade(program: Command, terminal: Terminal, setExit: SetExit): void {
  const upgrade = command(program, 'upgrade', 'another version of OpenClaw: back up, exchange, prove everything again, and back by itself when a proof fails. Exit 1: taken back', 'hardshell upgrade --to 2026.9.7 --dry-run')
    .option('--to <version>', 'the version, by number; npm brings it')
    .option('--from <path>', 'a tarball of the package, or a folder with it')
    .option('--dry-run', 'show what would be done, change nothing')
    .option('--yes', 'do not ask')
    .option('--allow-downgrade', 'also an older version than the one in use')
    .option('--openclaw <path>', 'the OpenClaw program or package that is exchanged (default: the one a start would run)')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/upgrade.ts')).upgrade(options, terminal)))
  command(upgrade, 'list', 'every upgrade, and what became of it', 'hardshell upgrade list').addOption(configOption()).action(async (_: Options, self: Command) =>
    setExit(await (await import('./commands/upgrade.ts')).listUpgrades(self.optsWithGlobals(), terminal)),
  )
  command(upgrade, 'undo', "the program and OpenClaw's data as they were before the last upgrade", 'hardshell upgrade undo --yes')
    .option('--yes', 'do not ask: what agents have done since is set aside')
    .addOption(configOption())
    .action(async (_: Options, self: Command) => setExit(await (await import('./commands/upgrade.ts')).undoUpgrade(self.optsWithGlobals(), terminal)))
}
