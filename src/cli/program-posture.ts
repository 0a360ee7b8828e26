import { Option, type Command } from 'commander'
import { command, type SetExit } from './command.ts'
import type { Terminal } from './terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** What is found and mended: `security`, `harden`, `checklist`, `threat-model`. */
export function addPosture(program: Command, terminal: Terminal, setExit: SetExit): void {
  for (const add of [addSecurity, addHarden, addChecklist]) add(program, terminal, setExit)
}

function addSecurity(program: Command, terminal: Terminal, setExit: SetExit): void {
  const security = program.command('security').description('how well OpenClaw and its machine are set up')
  const several = (id: string, before: string[] | undefined): string[] => [...(before ?? []), id]
  command(security, 'audit', 'judge an installation and its machine; change nothing. Exit 0: nothing found, 1: something from low on', 'hardshell security audit --min-severity high')
    .option('--config <file>', 'judge this openclaw.json, whoever wrote it')
    .option('--state-dir <dir>', "judge this state folder of OpenClaw's")
    .option('--host-root <dir>', 'judge the machine whose / is this folder')
    .option('--no-native', "do not ask OpenClaw's own judges (seconds to a minute)")
    .option('--native-timeout <time>', 'how long they may take', '60s')
    .option('--openclaw <path>', 'the OpenClaw program or package to ask')
    .addOption(new Option('--format <format>', 'instead of text').choices(['text', 'json', 'sarif', 'junit', 'html']))
    .option('--out <file>', 'write it into a file instead')
    .option('--area <area>', 'only checks of this area')
    .option('--only <id>', 'only this check; may be repeated', several)
    .addOption(new Option('--min-severity <severity>', 'neither show nor count for the exit code what is less').choices(['critical', 'high', 'medium', 'low', 'info']))
    .option('--diff', 'only what is new or fixed since the last audit')
    .option('--all', 'also what passed, does not apply or was not asked')
    .option('--remember', 'remember this audit for the next difference, in the state folder, also where no guard runs')
    .option('--settings <dir>', 'folder with posture.yaml, which says what is accepted (default: as for --config of other commands)')
    .action(async (options: Options) => setExit(await (await import('./commands/security-audit.ts')).securityAudit(options, terminal)))
  command(security, 'explain', 'one check: why, who says so, a failing example and its fix', 'hardshell security explain gateway.bind-loopback')
    .argument('<id>', "id of a check, or of OpenClaw's own audit")
    .action(async (id: string, options: Options) => setExit(await (await import('./commands/security-explain.ts')).securityExplain(id, options, terminal)))
  command(security, 'checks', 'every check by area', 'hardshell security checks --area gateway')
    .option('--area <area>', 'one area')
    .action(async (options: Options) => setExit(await (await import('./commands/security-explain.ts')).securityChecks(options, terminal)))
  command(security, 'fleet', 'many installations by their reports: who stands worst, what is new, who is silent. Exit 1: something from low on, or silence', 'hardshell security fleet /srv/reports --max-age 2d')
    .argument('<folder>', 'with what `security audit --json` printed: FOLDER/NAME.json, or FOLDER/NAME/WHATEVER.json')
    .option('--max-age <time>', 'an older report says nothing about now', '7d')
    .option('--expect <names>', 'installations that must be among them; commas between')
    .addOption(new Option('--min-severity <severity>', 'do not count for the exit code what is less').choices(['critical', 'high', 'medium', 'low', 'info']))
    .action(async (folder: string, options: Options) => setExit(await (await import('./commands/security-fleet.ts')).securityFleet(folder, options, terminal)))
}

function addHarden(program: Command, terminal: Terminal, setExit: SetExit): void {
  const several = (id: string, before: string[] | undefined): string[] => [...(before ?? []), id]
  const harden = command(program, 'harden', 'mend what the audit finds: one diff, applied, judged again, undone byte for byte', 'hardshell harden --profile team --dry-run')
    .addOption(new Option('--profile <profile>', 'which checks take part and how strict').choices(['personal', 'team', 'production']).default('personal'))
    .option('--only <id>', 'only this check or area; may be repeated', several)
    .option('--dry-run', 'show the whole plan, change nothing')
    .option('--yes', 'also what restarts a service, and what could lock you out (that under a timer)')
    .option('--confirm-within <time>', 'how long a change that could lock you out waits for `harden confirm`', '5m')
    .option('--config <file>', 'harden this openclaw.json')
    .option('--state-dir <dir>', "harden this state folder of OpenClaw's")
    .option('--host-root <dir>', 'harden the copy of a machine in this folder; commands are shown and not run')
    .action(async (options: Options) => setExit(await (await import('./commands/harden.ts')).harden(options, terminal)))
  command(harden, 'confirm', 'let a run stay that waits for it', 'hardshell harden confirm')
    .argument('[run]', 'which one (default: the one that waits)')
    .action(async (run: string | undefined, _: Options, self: Command) => setExit(await (await import('./commands/harden-confirm.ts')).confirm(run, self.optsWithGlobals(), terminal)))
  command(harden, 'undo', 'put back what a run changed, byte for byte', 'hardshell harden undo')
    .argument('[run]', 'which one (default: the last)')
    .option('--force', 'also over what somebody else has written since; theirs is kept beside')
    .action(async (run: string | undefined, _: Options, self: Command) => setExit(await (await import('./commands/harden-undo.ts')).undo(run, self.optsWithGlobals(), terminal)))
  command(harden, 'list', 'every run, and what became of it', 'hardshell harden list').action(async (_: Options, self: Command) =>
    setExit(await (await import('./commands/harden-undo.ts')).list(self.optsWithGlobals(), terminal)),
  )
}

function addChecklist(program: Command, terminal: Terminal, setExit: SetExit): void {
  const given = (added: Command): Command =>
    added
      .option('--config <file>', 'judge this openclaw.json')
      .option('--state-dir <dir>', "judge this state folder of OpenClaw's")
      .option('--host-root <dir>', 'judge the machine whose / is this folder')
  const list = given(command(program, 'checklist', 'every tick box of the five hardening guides, with evidence. Exit 1: some are open', 'hardshell checklist 2 --format markdown'))
    .argument('[guide]', '1 to 5; left out: all')
    .addOption(new Option('--format <format>', 'instead of text').choices(['text', 'json', 'markdown', 'csv']))
    .action(async (guide: string | undefined, options: Options) => setExit(await (await import('./commands/checklist.ts')).checklist(guide, options, terminal)))
  command(list, 'attest', 'vouch for an item no machine sees', 'hardshell checklist attest 1.exercise --by alex --note "leaked key played through" --expires 180d')
    .argument('<item>', 'id, as the checklist shows it')
    .requiredOption('--by <name>', 'who vouches')
    .requiredOption('--note <text>', 'what was seen')
    .option('--expires <time>', 'how long it holds, a year at most', '90d')
    .action(async (item: string, options: Options) => setExit(await (await import('./commands/checklist-attest.ts')).attestItem(item, options, terminal)))
  command(list, 'revoke', 'take an attestation back', 'hardshell checklist revoke 1.exercise')
    .argument('<item>')
    .option('--by <name>', 'who takes it back')
    .action(async (item: string, options: Options) => setExit(await (await import('./commands/checklist-attest.ts')).revokeItem(item, options, terminal)))
  command(list, 'attestations', 'who vouches for what, until when', 'hardshell checklist attestations')
    .action(async (options: Options) => setExit(await (await import('./commands/checklist-attest.ts')).listAttestations(options, terminal)))
  given(command(program, 'threat-model', 'ways into this installation, what they reach and what stands there', 'hardshell threat-model --format svg --out threat-model.svg'))
    .addOption(new Option('--format <format>', 'instead of text').choices(['text', 'json', 'svg']))
    .option('--out <file>', 'write it into a file instead')
    .action(async (options: Options) => setExit(await (await import('./commands/threat-model.ts')).threatModel(options, terminal)))
}
