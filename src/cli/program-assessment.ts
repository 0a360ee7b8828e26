import type { Command } from 'commander'
import { command, type SetExit } from './command.ts'
import type { Terminal } from './terminal.ts'

type Options = Record<string, string | boolean | undefined>

/** What runs and what is known of it, and whether somebody was in. */
export function addAssessment(program: Command, terminal: Terminal, setExit: SetExit): void {
  const compromise = program.command('compromise').description('was I hit?')
  command(compromise, 'assess', 'traces of known attacks, and what only attacks do, in skills, memory, transcripts, histories, cron, units, logs; change nothing. Exit 0: nothing found, 1: something', 'hardshell compromise assess')
    .option('--state-dir <dir>', "look at this state folder of OpenClaw's")
    .option('--host-root <dir>', 'look at the machine whose / is this folder')
    .option('--home <dir>', 'home of the person who runs OpenClaw, as that machine names it')
    .option('--indicators <file>', 'look for these too: {"indicators": [...]}, each tested before it counts')
    .action(async (options: Options) => setExit(await (await import('./commands/compromise-assess.ts')).compromiseAssess(options, terminal)))
  const versions = program.command('versions').description('what runs, and what is known of it')
  command(versions, 'list', 'OpenClaw, Node, system, plugins and skills, with known holes and ends of support. Exit 1: one has a known hole', 'hardshell versions list').action(async (options: Options) =>
    setExit(await (await import('./commands/versions-list.ts')).versionsList(options, terminal)),
  )
  const advisories = program.command('advisories').description('the list of known holes')
  command(advisories, 'seal', 'make such a list out of a folder of CVE records', 'hardshell advisories seal cve-records --date 2026-11-21 > advisories.json')
    .argument('<dir>', 'folder with CVE records (format 5), one JSON file each')
    .requiredOption('--date <date>', 'the day they were fetched: YYYY-MM-DD')
    .option('--product <name>', 'what they have to be about', 'openclaw')
    .option('--origin <text>', 'where they are from', 'CVE records, cve.org')
    .option('--licence <text>', 'under which licence', 'CVE terms of use')
    .action(async (dir: string, options: Options) => setExit(await (await import('./commands/advisories-seal.ts')).advisoriesSeal(dir, options, terminal)))
  command(advisories, 'update', 'take another list from here on; nothing is fetched', 'hardshell advisories update --file advisories.json')
    .requiredOption('--file <file>', 'the list, sealed by its digest')
    .option('--sha256 <hex>', 'the digest it has to name, got by another way')
    .option('--force', 'also an older one, and in the place of a broken one')
    .action(async (options: Options) => setExit(await (await import('./commands/advisories-update.ts')).advisoriesUpdate(options, terminal)))
}
