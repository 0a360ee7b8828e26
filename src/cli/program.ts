import { Command, Option } from 'commander'
import type { Terminal } from './terminal.ts'
import { version } from './version.ts'

type SetExit = (code: number) => void
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
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) })
    .showSuggestionAfterError()
    .showHelpAfterError('(hardshell --help lists the commands)')
  for (const add of [addRunning, addSwitches, addRecords, addConfiguration, addSecrets, addTools]) add(program, terminal, setExit)
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
  command(program, 'prove', 'attack every surface now and show what held', 'hardshell prove').action(async (options: Options) =>
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
    command(serve, name, `run the ${what} alone`, `hardshell serve ${name} --listen 127.0.0.1:8080`)
      .requiredOption('--listen <host:port>', 'where to listen')
      .option('--upstream <url>', 'where to send what passes')
      .addOption(configOption())
      .action(async (options: Options) => setExit(await (await import('./commands/serve.ts')).serve(name, options, terminal)))
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
    .option('--all', 'every secret that `rotation` in config.yaml names')
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

function command(parent: Command, name: string, description: string, example: string): Command {
  return parent
    .command(name)
    .description(description)
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .option('--json', 'print JSON')
    .option('--state <dir>', 'state folder (default: HARDSHELL_STATE, /var/lib/hardshell for root, ~/.hardshell for others)')
}

function configOption(): Option {
  return new Option('--config <dir>', 'folder of the YAML files (default: HARDSHELL_CONFIG, ./.openclaw, /etc/openclaw, ~/.openclaw)')
}
