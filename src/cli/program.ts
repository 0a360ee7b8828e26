// long: every command with its help and its example
import { Command, Option } from 'commander'
import { command, configOption, type SetExit } from './command.ts'
import { addAlerts } from './program-alerts.ts'
import { addAssessment } from './program-assessment.ts'
import { addBackup } from './program-backup.ts'
import { addIncident } from './program-incident.ts'
import { addPosture } from './program-posture.ts'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

type Options = Record<string, string | boolean | undefined>

/**
 * The command line: every command with its help and one example. A command's own file is loaded when it runs, so
 * that `status` does not wait for what `start` needs.
 */
export function buildProgram(terminal: Terminal, setExit: SetExit): Command {
  const program = new Command('hardshell')
    .description("The operator's half of security for OpenClaw.")
    .version(version, '-V, --version')
    .exitOverride()
    .enablePositionalOptions() // `checklist` and `checklist attest` both take --state
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
    .showSuggestionAfterError()
    .showHelpAfterError(`(${terminal.self} --help lists the commands)`)
  for (const add of [addRunning, addSwitches, addRecords, addConfiguration, addProfiles, addEgress, addSecrets, addIsolation, addCells, addTools, addSandbox, addPosture, addAssessment, addBackup, addIncident, addAlerts]) add(program, terminal, setExit)
  return program
}

function addRunning(program: Command, terminal: Terminal, setExit: SetExit): void {
  command(program, 'start', 'run OpenClaw behind the guard, prove that it holds, and keep it so', 'hardshell start')
    .option('--once', 'prove everything once, print the result, stop')
    .addOption(configOption())
    .option('--openclaw <path>', 'the OpenClaw program or package to run')
    .option('--no-env-in-ps', 'accepted for the guides; nothing secret is ever in an environment or argument')
    .action(async (options: Options) => setExit(await (await import('./commands/start.ts')).start(options, terminal)))
  command(program, 'status', 'what runs, and when each surface was last proven', 'hardshell status --json').action(async (options: Options) =>
    setExit(await (await import('./commands/status.ts')).status(options, terminal)),
  )
  command(program, 'prove', 'attack every surface now and show what held', 'hardshell prove').alias('verify').action(async (options: Options) =>
    setExit(await (await import('./commands/prove.ts')).prove(options, terminal)),
  )
  command(program, 'adopt', 'put an existing OpenClaw installation behind the guard', 'hardshell adopt ~/.openclaw --dry-run')
    .argument('[dir]', 'folder with openclaw.json', '~/.openclaw')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--yes', 'apply without asking')
    .option('--undo', 'put back what adopt changed, byte for byte')
    .addOption(configOption())
    .action(async (dir: string, options: Options) => setExit(await (await import('./commands/adopt.ts')).adopt(dir, options, terminal)))
  const serve = program.command('serve').description('run one proxy alone, with all its checks')
  for (const [name, what] of [['model', 'model proxy'], ['egress', 'egress proxy'], ['ingress', 'front door']] as const) {
    const alone = command(serve, name, `run the ${what} alone`, `hardshell serve ${name} --listen 127.0.0.1:8080`)
      .requiredOption('--listen <host:port>', 'where to listen')
      .option('--upstream <url>', 'where to send what passes')
      .option('--dangerously-plain', 'listen in the clear on a private address: for the inner network of containers and nothing else')
      .addOption(configOption())
      .action(async (options: Options) => setExit(await (await import('./commands/serve.ts')).serve(name, options, terminal)))
    if (name === 'ingress') alone.option('--origins <list>', 'where it is seen from, such as http://localhost:8080, when it listens elsewhere; commas between')
  }
}

function addSwitches(program: Command, terminal: Terminal, setExit: SetExit): void {
  const agent = program.command('agent').description('switch single agents off and on')
  for (const verb of ['disable', 'enable'] as const) {
    command(agent, verb, `${verb} an agent; running turns included, restarts too`, `hardshell agent ${verb} main`)
      .argument('<id>', 'agent id')
      .option('--reason <text>', 'why, for the log')
      .action(async (id: string, options: Options) => setExit(await (await import('./commands/agent.ts')).switchAgent(verb, id, options, terminal)))
  }
  command(agent, 'list', 'agents that are switched off', 'hardshell agent list').action(async (options: Options) =>
    setExit(await (await import('./commands/agent.ts')).listAgents(options, terminal)),
  )
  command(program, 'pause', 'stop every agent at once, until resume', 'hardshell pause --all --reason "odd mails"')
    .requiredOption('--all', 'all agents (for one: hardshell agent disable ID)')
    .option('--reason <text>', 'why, for the log')
    .action(async (options: Options) => setExit(await (await import('./commands/agent.ts')).pause(options, terminal)))
  command(program, 'resume', 'let agents run again; disabled ones stay disabled', 'hardshell resume').action(async (options: Options) =>
    setExit(await (await import('./commands/agent.ts')).resume(options, terminal)),
  )
}

function addRecords(program: Command, terminal: Terminal, setExit: SetExit): void {
  const audit = program.command('audit').description('read and verify the audit log')
  command(audit, 'verify', 'check the whole chain and name the first bad line', 'hardshell audit verify --file audit.log --json')
    .option('--file <path>', 'one file instead of the whole log')
    .action(async (options: Options) => setExit(await (await import('./commands/audit.ts')).verify(options, terminal)))
  command(audit, 'search', 'find entries', 'hardshell audit search --agent main --type tool_call --last 30d')
    .argument('[text]', 'text anywhere in the entry')
    .option('--agent <id>')
    .option('--user <name>')
    .option('--type <event>', 'event type: tool_call, model_request, auth_event …')
    .option('--session <key>')
    .option('--trace <id>')
    .option('--api-key-prefix <prefix>', 'entries about a credential that starts so')
    .option('--last <duration>', 'only the last 30d, 24h, 15m')
    .option('--limit <n>', 'newest n entries')
    .action(async (text: string | undefined, options: Options) => setExit(await (await import('./commands/audit.ts')).search(text, options, terminal)))
  command(audit, 'stream', 'entries as they are written, one JSON object a line', 'hardshell audit stream --format json')
    .addOption(new Option('--format <format>').choices(['json']).default('json'))
    .option('--from <seq>', 'from the start, or from an entry on; otherwise only new ones')
    .action(async (options: Options) => setExit(await (await import('./commands/audit.ts')).stream(options, terminal)))
  command(program, 'logs', 'everything one agent did', 'hardshell logs main --last 24h')
    .argument('<agent>', 'agent id')
    .option('--last <duration>', 'how far back', '24h')
    .action(async (agent: string, options: Options) => setExit(await (await import('./commands/audit.ts')).search(undefined, { ...options, agent }, terminal)))
  const budget = program.command('budget').description('let a budget have more for a while, or start again')
  command(budget, 'override', 'another limit for one budget, until it ends by itself', 'hardshell budget override day --allow 20 --for 2h --reason "release week"')
    .argument('<limit>', 'day, month, global, session, agent, user, channel or cron-job')
    .argument('[name]', 'of which session, agent, user, channel or job')
    .requiredOption('--allow <amount>', 'what may be spent in all, or unlimited')
    .requiredOption('--for <duration>', 'how long: 30m, 2h, 1d')
    .requiredOption('--reason <text>', 'why, for the log')
    .action(async (limit: string, name: string | undefined, options: Options) => setExit(await (await import('./commands/budget.ts')).overrideBudget(limit, name, options, terminal)))
  command(budget, 'overrides', 'overrides that hold now', 'hardshell budget overrides').action(async (options: Options) =>
    setExit(await (await import('./commands/budget.ts')).listOverrides(options, terminal)),
  )
  command(budget, 'revoke', 'end an override before its time', 'hardshell budget revoke 3')
    .argument('<id>')
    .action(async (id: string, options: Options) => setExit(await (await import('./commands/budget.ts')).revokeOverride(id, options, terminal)))
  command(budget, 'reset', 'let a budget start again from here; the spending stays in the report', 'hardshell budget reset session agent:main:main --reason "new task"')
    .argument('<limit>', 'day, month, global, session, agent, user, channel or cron-job')
    .argument('[name]', 'of which session, agent, user, channel or job')
    .requiredOption('--reason <text>', 'why, for the log')
    .action(async (limit: string, name: string | undefined, options: Options) => setExit(await (await import('./commands/budget.ts')).resetBudget(limit, name, options, terminal)))
  const prices = program.command('prices').description('the price table')
  command(prices, 'seal', 'make a price file out of the JSON of models.dev, with its date and digest', 'hardshell prices seal models.json --date 2026-11-21 > prices.json')
    .argument('<file>', 'JSON of models.dev, as it is served')
    .requiredOption('--date <date>', 'the day it was fetched: YYYY-MM-DD')
    .action(async (file: string, options: Options) => setExit(await (await import('./commands/prices.ts')).sealPriceFile(file, options, terminal)))
  command(program, 'spend', 'money spent and left, by agent, session and model', 'hardshell spend').action(async (options: Options) =>
    setExit(await (await import('./commands/spend.ts')).spend(options, terminal)),
  )
}

function addConfiguration(program: Command, terminal: Terminal, setExit: SetExit): void {
  const config = program.command('config').description('the configuration of Hardshell')
  command(config, 'check', 'every mistake with file, line and column; what is accepted but not enforced yet', 'hardshell config check')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/config-check.ts')).configCheck(options, terminal)))
}

function addProfiles(program: Command, terminal: Terminal, setExit: SetExit): void {
  command(program, 'generate', 'write a profile for this installation: units, containers, manifests', 'hardshell generate systemd --out /tmp/units')
    .argument('[profile]', 'which one; --list names them')
    .option('--list', 'name every profile')
    .option('--out <dir>', 'write files there instead of printing them; a file that differs is shown, not replaced')
    .option('--force', 'replace files that differ')
    .option('--check', 'have systemd-analyze judge the units; exit 1 over the limit')
    .option('--openclaw <path>', 'the OpenClaw program or package to run')
    .addOption(configOption())
    .action(async (profile: string | undefined, options: Options) => setExit(await (await import('./commands/generate.ts')).generate(profile, options, terminal)))
}

function addEgress(program: Command, terminal: Terminal, setExit: SetExit): void {
  const network = program.command('network').description('the way to an endpoint')
  command(network, 'test', 'every hop to it: policy, DNS, route and VPN, TCP, TLS; exit 1 when an agent would not get there', 'hardshell network test --endpoint https://internal-api.example.com')
    .requiredOption('--endpoint <url>', 'http:// or https://')
    .option('--head', 'ask it for its status too')
    .option('--who <name>', 'for whom: agent.main, skill.main.weather (default: the gateway)')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/network-test.ts')).networkTest(options, terminal)))
  const egress = program.command('egress').description('the way out: who may go where, and who went')
  command(egress, 'list', 'who talked to which host: how often, how much, since when', 'hardshell egress list --who agent.main')
    .option('--who <name>', 'one agent, or the name of one credential')
    .action(async (options: Options) => setExit(await (await import('./commands/egress-list.ts')).egressList(options, terminal)))
  command(egress, 'check', 'what the proxy would say to requests, one {id, method, url, ip, sni} a line; nothing is sent', `echo '{"id":1,"method":"GET","url":"https://example.com/"}' | hardshell egress check --jsonl`)
    .option('--jsonl', 'lines of JSON in, one {id, verdict, rule, reason} a line out')
    .option('--allow <host>', 'allow this host too; may be repeated', (host: string, before: string[] | undefined) => [...(before ?? []), host])
    .option('--allow-private', 'allow private addresses')
    .option('--resolve', 'look names up where no address is given')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/egress-check.ts')).egressCheck(options, terminal)))
  command(egress, 'propose', 'the smallest lists that let pass what was let pass, with the evidence, as YAML', 'hardshell egress propose --last 7d > network.yaml')
    .option('--last <duration>', 'only what happened in the last 7d, 24h, 30m')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/egress-propose.ts')).egressPropose(options, terminal)))
  command(egress, 'reload', 'put the host lists of network.yaml in force, now; connections they no longer allow are cut', 'hardshell egress reload').action(async (options: Options) =>
    setExit(await (await import('./commands/egress-reload.ts')).egressReload(options, terminal)),
  )
  command(egress, 'ca', 'the certificate programs have to trust whose TLS is inspected', 'hardshell egress ca --out egress-ca.pem')
    .option('--out <file>', 'write it into a file instead')
    .action(async (options: Options) => setExit(await (await import('./commands/egress-ca.ts')).egressCa(options, terminal)))
  command(egress, 'sentinels', 'what agents are given instead of the secrets that are put in for them', 'hardshell egress sentinels').action(async (options: Options) =>
    setExit(await (await import('./commands/egress-sentinels.ts')).egressSentinels(options, terminal)),
  )
  command(egress, 'credential', 'write the proxy address with a credential into a file; it is never shown', 'hardshell egress credential main --skill weather --to weather.proxy')
    .argument('<agent>', 'agent id')
    .option('--skill <name>', 'for one skill of the agent')
    .option('--to <file>', 'where to write it, readable by you alone')
    .action(async (agent: string, options: Options) => setExit(await (await import('./commands/egress-credential.ts')).egressCredential(agent, options, terminal)))
}

function addSecrets(program: Command, terminal: Terminal, setExit: SetExit): void {
  const secrets = program.command('secrets').description('secrets the guard keeps, and where it finds the others')
  command(secrets, 'put', 'store a secret, read from stdin', 'pass show anthropic | hardshell secrets put ANTHROPIC_API_KEY')
    .argument('<name>')
    .addOption(configOption())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/secrets-put.ts')).put(name, options, terminal)))
  command(secrets, 'generate', 'make a strong secret and store it; it is never shown', 'hardshell secrets generate WEBHOOK_TOKEN --bytes 32')
    .argument('<name>')
    .option('--bytes <n>', 'how many random bytes it is made of, 24 to 512', '32')
    .addOption(configOption())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/secrets-put.ts')).generate(name, options, terminal)))
  command(secrets, 'remove', 'remove a secret from the store that has it', 'hardshell secrets remove WEBHOOK_TOKEN')
    .argument('<name>')
    .addOption(configOption())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/secrets-put.ts')).remove(name, options, terminal)))
  command(secrets, 'list', 'every secret: store, age, last use, strength, reuse, scope; never values', 'hardshell secrets list')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/secrets-list.ts')).list(options, terminal)))
  command(secrets, 'status', 'ask every store whether it answers and lets us in', 'hardshell secrets status')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/secrets-status.ts')).status(options, terminal)))
  command(secrets, 'reload', 'have OpenClaw ask again for the secrets it may have, with the agents stopped meanwhile', 'hardshell secrets reload').action(async (options: Options) =>
    setExit(await (await import('./commands/secrets-rotate.ts')).reloadSecrets(options, terminal)),
  )
  command(secrets, 'rotate', 'put a new key in use and end the old one; a key that does not work changes nothing', 'hardshell secrets rotate OPENAI_API_KEY --dry-run')
    .argument('[names...]', 'secrets to rotate')
    .option('--all', "every secret that `rotation` in config.yaml names, and OpenClaw's own token")
    .option('--dry-run', 'say what would be done, step by step')
    .option('--accept', 'take the new key from stdin instead of having it made')
    .option('--revoked', 'the old key was ended by hand: show that it is refused')
    .option('--resume', 'go on with what is not finished')
    .action(async (names: string[], options: Options) => setExit(await (await import('./commands/secrets-rotate.ts')).rotateSecrets(names, options, terminal)))
  command(secrets, 'resolve', "one request of OpenClaw's exec protocol from stdin, asked of the guard", `echo '{"protocolVersion":1,"provider":"hardshell","ids":["NAME"]}' | hardshell secrets resolve`)
    .action(async (options: Options) => setExit(await (await import('./commands/secrets-resolve.ts')).resolve(options, terminal)))
  command(secrets, 'clean-residue', 'find old plaintext copies: rotated configurations, .env files, histories', 'hardshell secrets clean-residue --apply')
    .option('--apply', 'take them out; the files as they were are kept, sealed')
    .option('--undo', 'put back what the last --apply took out')
    .option('--dir <dir>', 'look into this folder of OpenClaw too')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/secrets-clean-residue.ts')).cleanResidues(options, terminal)))
}

function addSandbox(program: Command, terminal: Terminal, setExit: SetExit): void {
  const sandbox = program.command('sandbox').description('where the tools of agents run')
  command(sandbox, 'verify', 'try to get out of it, from inside, in every way we know', 'hardshell sandbox verify --json')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/sandbox-verify.ts')).sandboxVerify(options, terminal)))
  command(sandbox, 'run', 'run a program in a sandbox like an agent has one, to look around', 'hardshell sandbox run --agent main -- ls -la')
    .argument('<command...>', 'program and arguments, after --')
    .option('--agent <id>', "in this agent's own files (default: an empty sandbox that is gone afterwards)")
    .addOption(configOption())
    .action(async (argv: string[], options: Options) => setExit(await (await import('./commands/sandbox-run.ts')).sandboxRun(argv, options, terminal)))
}

function addIsolation(program: Command, terminal: Terminal, setExit: SetExit): void {
  const isolate = program.command('isolate').description("what the kernel enforces for OpenClaw's user, whatever a program does with its proxy settings")
  const mode = (): Option => new Option('--mode <mode>', 'instead of isolation.mode in network.yaml').choices(['user', 'nftables', 'namespace', 'container', 'off'])
  command(isolate, 'plan', 'show every rule and command, as a diff; change nothing', 'hardshell isolate plan --mode nftables')
    .addOption(mode())
    .option('--etc <dir>', 'where files for the next start of the machine go', '/etc')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/isolate-plan.ts')).plan(options, terminal)))
  command(isolate, 'apply', 'put it in force until it is confirmed; else it takes itself back', 'hardshell isolate apply --mode nftables --within 2m')
    .addOption(mode())
    .option('--within <time>', 'how long it waits to be confirmed (default: isolation.confirm_within)')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/isolate-apply.ts')).apply(options, terminal)))
  command(isolate, 'confirm', 'let it stay, over a restart of the machine too', 'hardshell isolate confirm')
    .option('--etc <dir>', 'where files for the next start of the machine go', '/etc')
    .action(async (options: Options) => setExit(await (await import('./commands/isolate-apply.ts')).confirm(options, terminal)))
  command(isolate, 'undo', 'take it back, byte for byte', 'hardshell isolate undo').action(async (options: Options) =>
    setExit(await (await import('./commands/isolate-apply.ts')).undo(options, terminal)),
  )
  command(isolate, 'status', 'what is in force, whether the kernel agrees, and what it refused', 'hardshell isolate status').action(async (options: Options) =>
    setExit(await (await import('./commands/isolate-status.ts')).isolationStatus(options, terminal)),
  )
  command(isolate, 'verify', "try to get out, as OpenClaw's user, from inside", 'hardshell isolate verify --json')
    .option('--container <name>', 'from inside this running container, of Podman or Docker')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/isolate-verify.ts')).verify(options, terminal)))
}

function addCells(program: Command, terminal: Terminal, setExit: SetExit): void {
  const cell = program.command('cell').description('one guard and one OpenClaw for each tenant, with nothing in common')
  const root = (): Option => new Option('--root <dir>', 'where the cells lie (HARDSHELL_CELLS; for root /var/lib/hardshell-cells)')
  command(cell, 'create', 'make a cell: folders, user, keys, addresses and budget of its own', 'hardshell cell create team-a --daily 5')
    .argument('<name>', 'name of the cell')
    .option('--daily <money>', 'what its agents may spend in a day (UTC)', '20')
    .option('--monthly <money>', 'what its agents may spend in a month (UTC)', '200')
    .addOption(root())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/cell.ts')).createTheCell(name, options, terminal)))
  command(cell, 'list', 'the cells, and whether each is proven', 'hardshell cell list --json')
    .addOption(root())
    .action(async (options: Options) => setExit(await (await import('./commands/cell.ts')).listCells(options, terminal)))
  command(cell, 'start', 'run a cell, as `hardshell start` does', 'hardshell cell start team-a')
    .argument('<name>', 'name of the cell')
    .option('--once', 'prove everything once, print the result, stop')
    .option('--openclaw <path>', 'the OpenClaw program or package to run')
    .addOption(root())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/cell.ts')).startCell(name, options, terminal)))
  command(cell, 'remove', 'delete a cell that is stopped, with all of its data', 'hardshell cell remove team-a --yes')
    .argument('<name>', 'name of the cell')
    .option('--yes', 'really')
    .addOption(root())
    .action(async (name: string, options: Options) => setExit(await (await import('./commands/cell.ts')).removeTheCell(name, options, terminal)))
}

function addTools(program: Command, terminal: Terminal, setExit: SetExit): void {
  command(program, 'redact', 'take secrets out of text: stdin to stdout', 'journalctl -u app | hardshell redact').action(async (options: Options) =>
    setExit(await (await import('./commands/redact.ts')).redact(options, terminal)),
  )
  command(program, 'inspect', 'what the detectors say about a text: stdin to stdout', 'hardshell inspect --jsonl < texts.jsonl')
    .option('--jsonl', 'one {id, text, channel} a line; one {id, flagged, score, signals} a line out')
    .option('--channel <channel>', 'of a single text: user, tool_result, doc or model_output', 'user')
    .action(async (options: Options) => setExit(await (await import('./commands/inspect.ts')).inspect(options, terminal)))
  const canary = program.command('canary').description('words that nobody has business saying: an answer that holds one is cut, and that is an alert')
  command(canary, 'new', 'make a canary for a place and print it, to be put there', 'hardshell canary new notes/passwords.md --kind aws')
    .argument('<place>', 'where it will stand; how an alert names it')
    .addOption(new Option('--kind <kind>', 'words, or a key that opens nothing').choices(['words', 'anthropic', 'aws', 'github', 'google', 'openai', 'slack', 'stripe']).default('words'))
    .action(async (place: string, options: Options) => setExit(await (await import('./commands/canary.ts')).newCanary(place, options, terminal)))
  command(canary, 'list', 'the places, never the canaries', 'hardshell canary list').action(async (options: Options) =>
    setExit(await (await import('./commands/canary.ts')).listCanaries(options, terminal)),
  )
  const debug = program.command('debug').description('what the guard sees')
  command(debug, 'env', 'what a guard started from this shell would see: names, and which of them are sensitive', 'hardshell debug env --redact-sensitive')
    .option('--redact-sensitive', 'accepted for the guides; values of sensitive variables are never shown')
    .action(async (options: Options) => setExit(await (await import('./commands/debug-env.ts')).debugEnv(options, terminal)))
  const health = program.command('health').description('is everything up?')
  command(health, 'check', 'guard, gateway, surfaces; with a live call per credential on request', 'hardshell health check --verify-credentials')
    .option('--verify-credentials', 'make one cheap authenticated call with each provider key')
    .addOption(configOption())
    .action(async (options: Options) => setExit(await (await import('./commands/health.ts')).healthCheck(options, terminal)))
}
