import { Option, type Command } from 'commander'

/** Told what the process ends with. */
export type SetExit = (code: number) => void

/** A command with what every command has: an example, `--json`, `--state`. */
export function command(parent: Command, name: string, description: string, example: string): Command {
  return parent
    .command(name)
    .description(description)
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .option('--json', 'print JSON')
    .option('--state <dir>', 'state folder (default: HARDSHELL_STATE, /var/lib/hardshell for root, ~/.hardshell for others)')
}

/** Where our own YAML files are, for commands that obey them. */
export function configOption(): Option {
  return new Option('--config <dir>', 'folder of the YAML files (default: HARDSHELL_CONFIG, ./.openclaw, /etc/openclaw, ~/.openclaw)')
}
